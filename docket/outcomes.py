"""Hearings of which nobody knows what came, two hours after they began: a list for people, until each has its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from cases.models import Absence, Household, Person
from cases.states import CLOSED, Step
from core.actors import Actor, Capability
from core.keyset import keyset_page
from core.look import Pill, TwoClocks
from docket.call_tree import GRAVE, SILENCE, Call, calls_of, next_call, welfare_of
from hearings import policies
from hearings.actions.outcomes import Decision
from hearings.clocks import two_clocks
from hearings.models import FollowUp, Hearing, HearingQuerySet, Outcome, Representation
from journey.families import Family, families_of_hearings

PAGE_SIZE = 25
# Their way has ended, or somebody else keeps their file: nobody here asks what came of their hearing.
GONE = (*CLOSED, Step.LEFT, Step.MOVED, Step.LOST_CONTACT)


@dataclass(frozen=True)
class Row:
    """A family of whose hearing nobody knows what came: since when, how they are, whom to ask next."""

    family: Family
    hearing: Hearing
    now: datetime

    @property
    def silent_since(self) -> datetime:
        """When somebody should have known."""
        return self.hearing.court_at + SILENCE

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks."""
        return two_clocks(self.hearing, with_sources=False)

    @cached_property
    def calls(self) -> list[Call]:
        """The call tree as it stands."""
        return calls_of(list(self.hearing.follow_ups.all()), silent_since=self.silent_since, now=self.now)

    @property
    def next_call(self) -> Call | None:
        """Whom to ask now."""
        return next_call(self.calls)

    @property
    def welfare(self) -> Pill:
        """How they are, by the last who knew."""
        return welfare_of(list(self.hearing.follow_ups.all()))

    @property
    def overdue(self) -> Pill:
        """How long after the hearing began nobody knows, graver by the hour."""
        silence = self.now - self.hearing.court_at
        words = _("%(d)d d since the hearing") if silence.days else _("%(h)d h since the hearing")
        hours = {"d": silence.days, "h": int(silence / timedelta(hours=1))}
        return Pill("stop" if silence >= GRAVE else "warn", "clock-exclamation", words % hours)

    @property
    def size(self) -> int:
        """How many are summoned; the whole family where nobody was named."""
        return len(self.family.summoned_to(self.hearing))


@dataclass(frozen=True)
class Missing:
    """A page of the list, and where the next one begins."""

    rows: Sequence[Row]
    next_cursor: str


def open_outcomes(actor: Actor, now: datetime) -> HearingQuerySet:
    """Hearings of families that `actor` works with of which nobody knows what came.

    They began two hours ago, and whoever was said to come back from court later than that is waited for until then.
    """
    households = Household.objects.visible_to(actor).worked_by(actor).exclude(step__in=GONE)
    still_out = Absence.objects.out().filter(reason=Absence.Reason.COURT, expected_at__gt=now)
    return (
        Hearing.objects.standing()
        .filter(court_at__lte=now - SILENCE, household__in=households)
        .exclude(Exists(still_out.filter(person__household=OuterRef("household"))))
    )


def missing_outcomes(*, actor: Actor, now: datetime, cursor: str = "") -> Missing:
    """A page of the list as `actor` may see it at `now`, the longest without news first. Five queries."""
    everything = for_rows(open_outcomes(actor, now))
    page = keyset_page(everything, by="court_at", cursor=cursor, descending=False, size=PAGE_SIZE)
    return Missing(rows=rows_of(page.rows, actor=actor, now=now), next_cursor=page.next_cursor)


def for_rows(hearings: HearingQuerySet) -> HearingQuerySet:
    """`hearings` with what a row is made of."""
    return (
        hearings.for_clocks(with_sources=False)
        .select_related("household__site__city", "court__city", "report_crossing__city")
        .prefetch_related("follow_ups")
    )


def rows_of(hearings: Sequence[Hearing], *, actor: Actor, now: datetime) -> list[Row]:
    """The rows of `hearings` (`for_rows`), which the caller found among those of `actor`, in their order."""
    families = families_of_hearings(hearings, now=now, actor=actor)
    return [Row(families[hearing.household_id], hearing, now) for hearing in hearings]


def asked_page(row: Row, *, actor: Actor, look: UUID, with_phones: bool) -> dict[str, Any]:
    """The context of the page on which one family is asked after; its phones and its lawyer's only where they were asked for."""
    household = row.family.household
    return {
        "row": row,
        "look": look,
        "calls": [(call, uuid5(look, call.rung.contact)) for call in row.calls],
        "answers": FollowUp.Answer.choices,
        "with_phones": with_phones,
        "phones": _phones(household) if with_phones else [],
        "lawyers": _lawyers(household, actor) if with_phones else [],
        "may_note": policies.can_note(actor, household),
        "may_return": actor.can(Capability.LOG_ARRIVAL),
        "may_prove": policies.can_change(actor, household),
    }


def lost_everybody(hearing: Hearing) -> dict[str, Any]:
    """What `note_outcome` is told where contact with all people of `hearing` is lost."""
    people = Person.objects.filter(household=hearing.household)
    summoned = people.filter(summonses__hearing=hearing)
    everybody = list(summoned.in_order()) or list(people.in_order())
    decision = Decision(result=Outcome.Result.LOST_CONTACT, people=everybody)
    return {"hearing": hearing, "decisions": [decision], "source": "", "decided_on": hearing.court_on}


def _phones(household: Household) -> list[tuple[str, str]]:
    people = Person.objects.filter(household=household).in_order()
    named = people.only("household_id", "given_names", "surnames", "phone", "position")
    return [(person.full_name or str(person.position), person.phone) for person in named if person.phone]


def _lawyers(household: Household, actor: Actor) -> list[tuple[str, str]]:
    """Who speaks for them and whom we may speak with, and their phones."""
    standing = Representation.objects.visible_to(actor).standing().filter(household=household, may_speak=True)
    return [(each.name, each.phone) for each in standing.order_by("pk") if each.phone]


def hearing_come_from(household: Household, *, now: datetime) -> Hearing | None:
    """The hearing from which people of `household` come back at `now`: the last one of theirs that nobody noted as over."""
    over = Hearing.objects.standing().filter(household=household, present_at__lte=now)
    return over.for_clocks(with_sources=False).order_by("-present_at", "-pk").first()
