"""Hearings on which the sources differ: what each says, and which of it counts (`hearings.rules.resolve`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from cases.models import Household
from core.actors import Actor
from core.keyset import keyset_page
from core.look import Pill, TwoClocks, short_day_of_year, short_weekday
from docket.not_reached import left_of
from hearings.clocks import ICONS, two_clocks
from hearings.models import Claim, Hearing, HearingQuerySet
from hearings.policies import can_change
from hearings.saying import ICONS as FACT_ICONS
from hearings.saying import said_in_words
from journey.families import Family, families_of_hearings
from places import zones


@dataclass(frozen=True)
class Word:
    """What one source says: `counts` where it is what the family is told today."""

    key: int
    icon: str
    source: str
    day: str
    what: str
    counts: bool


@dataclass(frozen=True)
class Matter:
    """A fact on which sources differ, with the word of each: the one that counts, those that agree, those that contend."""

    fact: Claim.Fact
    icon: str
    words: Sequence[Word]

    @property
    def label(self) -> str:
        """What it is about."""
        return str(self.fact.label)


@dataclass(frozen=True)
class Noted:
    """Anything that was ever noted of a fact, and what it is worth today; a decision with its reason."""

    icon: str
    who: str
    day: str
    what: str
    reason: str = ""
    counts: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True)
class Row:
    """A hearing in conflict, how much time is left to the first day that somebody names, and what is to be settled.

    `perhaps` is that day where a word that does not count names it.
    """

    family: Family
    hearing: Hearing
    left: Pill
    perhaps: str
    matters: Sequence[Matter]
    may_settle: bool

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks."""
        return two_clocks(self.hearing, sleeps_in=self.family.sleeps_in, with_sources=False)

    @property
    def day(self) -> str:
        """The day on which they present, as it stands."""
        return short_weekday(self.hearing.report_on or self.hearing.court_on)


@dataclass(frozen=True)
class Conflicts:
    """A page of the list, those with the least time left first."""

    rows: Sequence[Row]
    next_cursor: str


def open_conflicts(actor: Actor, now: datetime) -> HearingQuerySet:
    """Standing hearings on which sources differ and any date is ahead at `now`, of households that `actor` works with."""
    households = Household.objects.visible_to(actor).worked_by(actor)
    return Hearing.objects.filter(household__in=households).in_conflict(now)


def conflicts_of(*, actor: Actor, now: datetime, cursor: str = "") -> Conflicts:
    """A page of the list as `actor` may see it at `now`: whoever may have to present first stands first. Four queries."""
    drawn = open_conflicts(actor, now).for_clocks().select_related("household__site__city")
    page = keyset_page(drawn, by="first_at", cursor=cursor, descending=False)
    return Conflicts(rows_of(page.rows, actor=actor, now=now), page.next_cursor)


def rows_of(hearings: Sequence[Hearing], *, actor: Actor, now: datetime) -> list[Row]:
    """The rows of `hearings` (`for_clocks`), found among those of `actor`."""
    families = families_of_hearings(hearings, now=now, actor=actor)
    return [_row(hearing, families[hearing.household_id], actor, now) for hearing in hearings]


def _row(hearing: Hearing, family: Family, actor: Actor, now: datetime) -> Row:
    first_at = hearing.first_after(now)
    day = zones.local(first_at, hearing.report_zone or hearing.court_zone).date()
    return Row(
        family=family,
        hearing=hearing,
        left=left_of(hearing, now, first_at),
        perhaps="" if day == (hearing.report_on or hearing.court_on) else short_weekday(day),
        matters=matters_of(hearing, family),
        may_settle=can_change(actor, hearing.household),
    )


def matters_of(hearing: Hearing, family: Family) -> list[Matter]:
    """What the sources of `hearing` (`for_clocks`) differ on, in the order in which facts are weighty."""
    names = {member.person.pk: family.called(member) for member in family.members}
    matters = []
    for fact in Claim.Fact:
        words = hearing.words(fact)
        if words.shown is not None and words.in_conflict:
            told = [words.shown, *words.agreeing, *words.contending]
            said = [_word(claim, hearing, names, counts=claim.value == words.shown.value) for claim in told]
            matters.append(Matter(fact, FACT_ICONS[fact], said))
    return matters


def _word(claim: Claim, hearing: Hearing, names: dict[int, str], *, counts: bool) -> Word:
    return Word(
        key=claim.pk,
        icon=ICONS[Claim.Source(claim.source)],
        source=claim.get_source_display(),
        day=short_day_of_year(claim.said_on),
        what=said_in_words(claim, hearing, names),
        counts=counts,
    )


def history_of(row: Row) -> list[tuple[str, list[Noted]]]:
    """Everything that was said and decided of each fact of the hearing of `row`, the last noted first."""
    hearing, names = row.hearing, {each.person.pk: row.family.called(each) for each in row.family.members}
    claims = {claim.pk: claim for claim in sorted(hearing.claims.all(), key=lambda claim: -claim.pk)}
    history = []
    for fact in Claim.Fact:
        shown = hearing.words(fact).shown
        noted = [
            _noted(claim, claims, hearing, names, counts=shown is not None and claim.pk == shown.pk)
            for claim in claims.values()
            if claim.fact == fact
        ]
        if noted:
            history.append((str(fact.label), noted))
    return history


def _noted(claim: Claim, claims: dict[int, Claim], hearing: Hearing, names: dict[int, str], *, counts: bool) -> Noted:
    said = claims.get(claim.regards_id or 0, claim)
    return Noted(
        icon="check" if claim.is_decision else ICONS[Claim.Source(claim.source)],
        who=_("decided by %(name)s") % {"name": claim.decided_by_name}
        if claim.is_decision
        else claim.get_source_display(),
        day=short_day_of_year(claim.said_on),
        what=said_in_words(said, hearing, names),
        reason=claim.reason or "",
        counts=counts,
        is_taken_back=claim.retracted_at is not None,
    )
