"""Families that must appear soon and that nobody told, by any way: a list for people, until nobody is on it (docs/adr/not-reached.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db.models import Case, Exists, OuterRef, Value, When
from django.utils.translation import gettext as _

from cases.models import Consent, Household, Person
from core.actors import Actor
from core.keyset import keyset_page
from core.look import Pill, TwoClocks, short_weekday
from core.look.parts import Text, Tone
from hearings.clocks import two_clocks
from hearings.models import Hearing, HearingQuerySet
from hearings.models.tellings import ANSWERS, Told, told_of, with_tellings
from hearings.policies import can_tell
from journey.families import Family, families_of_hearings
from journey.reached import Word, due_within, not_reached, why_nothing, words_of
from journey.timeline import days_until
from places import zones
from words.ladder import ladder

PAGE_SIZE = 25
SOON, NEAR = timedelta(days=1), timedelta(days=3)


@dataclass(frozen=True)
class Row:
    """A family that nobody reached: how much time is left, why, where it sleeps. `phones` only for whoever asked for them."""

    family: Family
    hearing: Any
    word: Word
    left: Pill
    why: str
    looked_for: str
    has_phone: bool
    may_tell: bool
    phones: Sequence[tuple[str, str]] | None = None

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks."""
        return two_clocks(self.hearing, sleeps_in=self.family.sleeps_in, with_sources=False)

    @property
    def size(self) -> int:
        """How many are summoned; the whole family where nobody was named."""
        return len(self.family.summoned_to(self.hearing))

    @property
    def day(self) -> str:
        """The day on which they present."""
        return short_weekday(self.hearing.report_on or self.hearing.court_on)


@dataclass(frozen=True)
class Unreached:
    """A page of the list. `windows`: within how many days how many families; `look` makes each tap of this page its own."""

    rows: Sequence[Row]
    windows: Sequence[tuple[int, int]]
    days: int
    next_cursor: str
    look: UUID
    answers: Sequence[tuple[str, str, Text]] = ANSWERS


def open_not_reached(actor: Actor, now: datetime) -> HearingQuerySet:
    """The hearings whose people nobody told, of households that `actor` works with."""
    households = Household.objects.visible_to(actor).worked_by(actor)
    return not_reached(Hearing.objects.filter(household__in=households), now)


def near(actor: Actor, now: datetime) -> dict[str, HearingQuerySet]:
    """The list by the narrowest window of each, to be counted (`docket.counts`)."""
    narrowest = Case(*[When(due_within(each, now), then=Value(f"within_{each}")) for each in windows()])
    return {"within": open_not_reached(actor, now).annotate(what=narrowest)}


def unreached(
    *, actor: Actor, now: datetime, counts: Mapping[str, int], days: int | None = None, cursor: str = ""
) -> Unreached:
    """A page of the list as `actor` may see it at `now`, those with the least time left first; within `days` when told.

    `counts` holds those of `near`. Five queries.
    """
    days = days if days in windows() else windows()[-1]
    rows = for_rows(open_not_reached(actor, now).filter(due_within(days, now)))
    page = keyset_page(rows, by="present_at", cursor=cursor, descending=False, size=PAGE_SIZE)
    return Unreached(
        rows=rows_of(page.rows, actor=actor, now=now),
        windows=list(zip(windows(), accumulate(counts[f"within_{each}"] for each in windows()), strict=True)),
        days=days,
        next_cursor=page.next_cursor,
        look=uuid4(),
    )


def windows() -> list[int]:
    """The windows of the list in days; the last is the longest step of the ladder."""
    return [SOON.days, NEAR.days, max(rung.days_before for rung in ladder().rungs)]


def for_rows(hearings: HearingQuerySet) -> HearingQuerySet:
    """`hearings` with what `rows_of` draws."""
    agreed = Consent.objects.filter(household=OuterRef("household"), purpose=Consent.Purpose.MESSAGES)
    drawn = with_tellings(hearings.for_clocks(with_sources=False)).select_related("household__site__city")
    return drawn.annotate(agreed=Exists(agreed.filter(is_given=True, withdrawn_at=None)))


def rows_of(hearings: Sequence[Any], *, actor: Actor, now: datetime, with_phones: bool = False) -> list[Row]:
    """The rows of `hearings` (`for_rows`), found among those of `actor`; phones for whoever asks for them."""
    families = families_of_hearings(hearings, now=now, actor=actor)
    words, phones = words_of(hearings), _phones(families)
    return [
        _row(
            hearing,
            families[hearing.household_id],
            words[hearing.pk],
            phones[hearing.household_id],
            actor=actor,
            now=now,
            with_phones=with_phones,
        )
        for hearing in hearings
    ]


def _phones(households: Iterable[int]) -> Mapping[int, list[Person]]:
    """Whoever has a phone or a mailbox, by household, in order."""
    found: dict[int, list[Person]] = {key: [] for key in households}
    people = Person.objects.filter(household__in=list(found)).in_order()
    for person in people.only("household_id", "given_names", "surnames", "phone", "email", "position"):
        if person.phone or person.email:
            found[person.household_id].append(person)
    return found


def _row(
    hearing: Any,
    family: Family,
    word: Word,
    people: Sequence[Person],
    *,
    actor: Actor,
    now: datetime,
    with_phones: bool,
) -> Row:
    callable_ = [person for person in people if person.phone]
    return Row(
        family=family,
        hearing=hearing,
        word=word,
        left=left_of(hearing, now),
        why=word.why or why_nothing(is_agreed=hearing.agreed, has_address=bool(people)),
        looked_for=_looked_for(told_of(hearing), family.zone, family.household.site.city.name),
        has_phone=bool(callable_),
        may_tell=can_tell(actor, hearing.household),
        phones=[(person.given_names, person.phone) for person in callable_] if with_phones else None,
    )


def left_of(hearing: Hearing, now: datetime, moment: datetime | None = None) -> Pill:
    """How much time is left to present, or to another `moment` of the hearing, as people say it."""
    moment = moment or hearing.present_at
    left = moment - now
    words = days_until(moment, now, hearing.report_zone or hearing.court_zone)
    tone: Tone = "stop" if left < SOON else "warn" if left < NEAR else "calm"
    return Pill(tone, "hourglass", words)


def _looked_for(told: Sequence[Told], zone: str, city: str) -> str:
    """When somebody last looked for them in vain, and who."""
    if not told:
        return ""
    local = zones.local(told[-1].at, zone)
    return _("Looked for in vain: %(day)s, %(time)s by the clocks of %(city)s, %(name)s") % {
        "day": short_weekday(local.date()),
        "time": f"{local:%H:%M}",
        "city": city,
        "name": told[-1].by,
    }


def uid_of_answer(look: UUID, hearing: Hearing, version: int, answer: str) -> UUID:
    """The id of a tap: the same however often this page sends it."""
    return uuid5(look, f"{hearing.uid}:{version}:{answer}")
