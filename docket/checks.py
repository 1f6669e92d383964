"""The worklist of the EOIR line: what to ask about, who is asking, and what a person must decide (docs/adr/checks.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from accounts.roles import CAPABILITIES
from cases.models import Owed
from core.actors import Actor, Capability
from core.look import ClockFace, Pill, TwoClocks, long_day_of_year, short_weekday
from hearings import line
from hearings.clocks import two_clocks
from hearings.models import (
    CheckBatch,
    CheckCall,
    Hearing,
    HearingQuerySet,
    due_for_a_check,
    second_call_wanted,
    undecided_calls,
    with_caller,
)
from journey.families import Family, families_of
from journey.timeline import days_until
from places.models import Site

PAGE_SIZE = 50
MOST_NUMBERLESS = 200


@dataclass(frozen=True)
class Row:
    """A hearing to ask about: whose, when, how old its last check is, and who asks already."""

    family: Family
    hearing: Hearing
    now: datetime
    wants_second: bool = False
    is_with_caller: bool = False

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks."""
        return two_clocks(self.hearing, with_sources=False)

    @property
    def day(self) -> str:
        """The day of the hearing."""
        return short_weekday(self.hearing.court_on)

    @property
    def left(self) -> str:
        """How long until they must present themselves, by the clock of that place, as on the other lists of the office."""
        hearing = self.hearing
        return days_until(hearing.present_at, self.now, hearing.report_zone or hearing.court_zone)

    @property
    def checked(self) -> Pill:
        """How old the last check is."""
        if self.hearing.verified_at is None:
            return Pill("warn", "phone", _("never verified"))
        days = (self.now - self.hearing.verified_at).days
        words = ngettext("verified %(days)d day ago", "verified %(days)d days ago", days) % {"days": days}
        return Pill("calm", "history", words if days else _("verified today"))


@dataclass(frozen=True)
class Heard:
    """What one caller heard: by whom, when, in words, and whether it may be taken over as it is."""

    uid: UUID
    who: str
    at: datetime
    words: str
    may_count: bool


@dataclass(frozen=True)
class Torn:
    """A hearing whose calls a person must decide, most of them because two disagree."""

    row: Row
    why: str
    heard: Sequence[Heard]


@dataclass(frozen=True)
class OpenBatch:
    """A list that a caller has now: how far it is, and until when it gives access."""

    batch: CheckBatch
    done: int
    all: int

    @property
    def until(self) -> ClockFace:
        """When it runs out, on the clocks of its site."""
        city = self.batch.site.city
        return ClockFace(moment=self.batch.expires_at, zone=city.zone, city=city.name)


@dataclass(frozen=True)
class Checks:
    """The worklist: what to decide, who is asking, what is due (a page of it)."""

    torn: Sequence[Torn]
    batches: Sequence[OpenBatch]
    rows: Sequence[Row]
    page: int = 1
    has_more: bool = False

    @property
    def households(self) -> set[UUID]:
        """Whom the page shows."""
        return {row.family.household.uid for row in [*self.rows, *(torn.row for torn in self.torn)]}


def open_checks(actor: Actor, now: datetime) -> HearingQuerySet:
    """The hearings that wait for a call or for a decision on calls, those with a caller left out."""
    visible = Hearing.objects.visible_to(actor)
    due = due_for_a_check(visible, now).exclude(with_caller(now)).order_by().values("pk")
    return visible.filter(Q(pk__in=due) | Q(undecided_calls(), court_at__gt=now))


def checks_of(*, actor: Actor, now: datetime, page: int = 1) -> Checks:
    """The worklist as `actor` sees it at `now`, fifty hearings a page, most urgent first. Four queries."""
    calls = _calls(actor, now)
    deciding = {call.hearing_id for call in calls if call.answered_at and _is_for_a_person(call)}
    first = (page - 1) * PAGE_SIZE
    visible = Hearing.objects.visible_to(actor)
    due = due_for_a_check(visible, now).values("pk")[first : first + PAGE_SIZE + 1]
    wanted = Q(pk__in=due) | Q(pk__in=deciding) | (Q(second_call_wanted(), court_at__gt=now) if page == 1 else Q(pk=0))
    found = list(_drawn(visible.filter(wanted).annotate(is_called=with_caller(now), is_second=second_call_wanted())))
    rows = rows_of(found, actor=actor, now=now)
    to_ask = [row for row in rows if row.hearing.pk not in deciding]
    return Checks(
        torn=[_torn(row, calls) for row in rows if row.hearing.pk in deciding],
        batches=_batches(calls, now),
        rows=sorted(to_ask, key=_urgency, reverse=True)[:PAGE_SIZE],
        page=page,
        has_more=sum(not row.wants_second for row in to_ask) > PAGE_SIZE,
    )


def numberless_of(*, actor: Actor, now: datetime) -> list[Row]:
    """Hearings ahead about which the line cannot be asked, since nobody summoned has an A-number; the soonest first.

    A number is encrypted, so those who may lack one (by what their file owes) are looked through, the soonest `MOST_NUMBERLESS` of them.
    """
    ahead = Hearing.objects.visible_to(actor).standing().filter(court_at__gt=now)
    may_lack = ahead.exclude(summonses__person__has_no_a_number_yet=False) | ahead.filter(
        household__owed__contains=[Owed.A_NUMBER]
    )
    found = list(_drawn(may_lack.distinct().order_by("court_at", "pk"))[:MOST_NUMBERLESS])
    rows = rows_of(found, actor=actor, now=now, with_numbers=True)
    return [row for row in rows if not any(member.person.a_number for member in row.family.members)][:PAGE_SIZE]


def rows_of(hearings: Sequence[Hearing], *, actor: Actor, now: datetime, with_numbers: bool = False) -> list[Row]:
    """`hearings` with their families, in their order; one query."""
    households = {hearing.household_id: hearing.household for hearing in hearings}
    families = families_of(list(households.values()), now=now, actor=actor, hearings={}, with_numbers=with_numbers)
    by_household = {family.household.pk: family for family in families}
    return [
        Row(
            family=by_household[hearing.household_id],
            hearing=hearing,
            now=now,
            wants_second=getattr(hearing, "is_second", False),
            is_with_caller=getattr(hearing, "is_called", False),
        )
        for hearing in hearings
    ]


def callers_at(sites: Iterable[Site]) -> list[User]:
    """The accounts that may be handed a list at one of `sites`, by name: those that see nothing else of people."""
    members = Membership.objects.filter(role__in=_roles(Capability.CHECK_LINE), site__in=list(sites)).values("user")
    seeing = Membership.objects.filter(role__in=_roles(Capability.SEE_PEOPLE)).values("user")
    callers = User.objects.filter(pk__in=members, is_active=True).exclude(pk__in=seeing)
    return list(callers.order_by("name", "pk"))


def _roles(capability: Capability) -> list[str]:
    return [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]


def _drawn(hearings: HearingQuerySet) -> HearingQuerySet:
    return hearings.for_clocks(with_sources=False).select_related(
        "household__site__city", "court__city", "report_crossing__city", "report_crossing__port"
    )


def _calls(actor: Actor, now: datetime) -> list[CheckCall]:
    """All calls of the lists that are open now, and those that are undecided."""
    visible = CheckCall.objects.visible_to(actor)
    undecided = visible.unsettled().order_by().values("pk")
    of_open = Q(batch__in=CheckBatch.objects.visible_to(actor).open_at(now))
    found = visible.filter(of_open | Q(pk__in=undecided, hearing__court_at__gt=now))
    found = found.select_related("batch__caller", "batch__site__city", "said_court__city", "hearing__court__city")
    return list(found.order_by("batch_id", "position"))


def _is_for_a_person(call: CheckCall) -> bool:
    """`for_a_person` in memory, for a call that is undecided or of an open list."""
    waits = call.settled_at is None and call.finding != CheckCall.Finding.SECOND_WANTED
    is_current = call.version == call.hearing.version and call.hearing.stands
    verified_at = call.hearing.verified_at
    return waits and is_current and (verified_at is None or call.answered_at is None or verified_at < call.answered_at)


def _batches(calls: Sequence[CheckCall], now: datetime) -> list[OpenBatch]:
    found = []
    for _key, group in groupby(calls, key=attrgetter("batch_id")):
        theirs = list(group)
        batch = theirs[0].batch
        if batch.is_open_at(now):
            found.append(OpenBatch(batch, sum(call.answered_at is not None for call in theirs), len(theirs)))
    return found


def _torn(row: Row, calls: Sequence[CheckCall]) -> Torn:
    theirs = [
        call for call in calls if call.hearing_id == row.hearing.pk and call.answered_at and _is_for_a_person(call)
    ]
    theirs.sort(key=lambda call: call.answered_at or row.now)
    return Torn(row, str(theirs[-1].get_finding_display()), [_heard(call) for call in theirs])


def _heard(call: CheckCall) -> Heard:
    assert call.answered_at is not None
    return Heard(call.uid, call.batch.caller.name, call.answered_at, _words(call), call.may_count)


def _words(call: CheckCall) -> str:
    """What the line said, with the city whose clock it is."""
    if call.said_court_on is None or call.said_court_time is None:
        return str(call.get_answer_display())
    said = {"day": long_day_of_year(call.said_court_on), "time": f"{call.said_court_time:%H:%M}"}
    if call.answer == CheckCall.Answer.OTHER_COURT:
        return _("%(day)s, %(time)s by the clock of a court that is not on our list") % said
    court = call.said_court or call.hearing.court
    if call.said_court_id not in (None, call.hearing.court_id):
        return _("%(day)s, %(time)s, %(city)s time, at %(court)s") % {
            **said,
            "city": court.city.name,
            "court": court.name,
        }
    return _("%(day)s, %(time)s, %(city)s time") % {**said, "city": court.city.name}


def _urgency(row: Row) -> tuple[bool, float, float]:
    """Second calls on top, then by the rule, the soonest first among equals."""
    hearing, day = row.hearing, 86400.0
    since = None if hearing.verified_at is None else (row.now - hearing.verified_at).total_seconds() / day
    left = (hearing.court_at - row.now).total_seconds() / day
    return row.wants_second, line.urgency(days_since=since, days_left=left), -left
