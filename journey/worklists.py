"""What runs out or comes due: papers by their last day, isolations by the day of the retest.

The windows bound the lists; a page of them costs what its fifty lines cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import CovidTest, Document, Isolation
from cases.rules import ISOLATION_DAYS, isolation_day
from cases.states import CLOSED, Step
from core.actors import Actor, Capability
from core.look import Pill, Tag, short_day, short_weekday
from journey.families import Family, Member, families_of, today_of
from places import zones
from shelters.models import Stay

WINDOWS = (1, 7, 30)  # days
PAGE_SIZE = 50
# Those who are no longer here need no paper of ours; a closed case that reopens comes back to the list.
GONE = (*CLOSED, Step.LEFT, Step.MOVED, Step.LOST_CONTACT)
# How far back somebody who slept in the same room may have met it [inference]: the days that isolation lasts.
CONTACT_DAYS = ISOLATION_DAYS
MOST_CONTACTS = 200


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """A paper that runs out: whose, what, until when, where they sleep, and the hearing that comes after."""

    uid: UUID
    code: str
    name: str
    what: str
    left: Pill
    day: str
    place: str
    hearing: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """A page of papers that run out within `days`, how many do within each window, and where the next page begins."""

    days: int
    counts: list[tuple[int, int]]
    rows: list[ExpiringRow]
    households: set[UUID]
    next_after: str


def papers_running_out(actor: Actor, today: date, days: int) -> QuerySet[Document]:
    """The papers that `actor` may see, of people who are still here, that run out within `days` of `today`."""
    visible = Document.objects.visible_to(actor).running_out(today, days)
    return visible.exclude(person__household__step__in=GONE)


def expiring(*, actor: Actor, now: datetime, zone: str, days: int, after: str = "") -> Expiring:
    """Papers that run out within `days` of today in `zone`, the next first, from the place `after` on. Five queries."""
    today = zones.local(now, zone).date()
    widest = papers_running_out(actor, today, max(WINDOWS))
    counts = widest.aggregate(
        **{f"within_{each}": Count("pk", filter=Q(valid_until__lte=today + timedelta(days=each))) for each in WINDOWS}
    )
    papers = papers_running_out(actor, today, days).select_related("person__household__site__city")
    place = _place_of(after)
    if place is not None:
        papers = papers.filter(Q(valid_until__gt=place[0]) | Q(valid_until=place[0], pk__gt=place[1]))
    found = list(papers.defer("number").order_by("valid_until", "pk")[: PAGE_SIZE + 1])
    page, more = found[:PAGE_SIZE], len(found) > PAGE_SIZE
    families = _families(page, actor, now)
    return Expiring(
        days=days,
        counts=[(each, counts[f"within_{each}"]) for each in WINDOWS],
        rows=[_expiring_row(paper, families[paper.person.household_id], today) for paper in page],
        households={paper.person.household.uid for paper in page},
        next_after=f"{page[-1].valid_until:%Y-%m-%d}.{page[-1].pk}" if more else "",
    )


@dataclass(frozen=True, slots=True)
class Due:
    """How many papers run out within a week, how many families are to be tested again by today, and how many isolate needlessly."""

    papers: int = 0
    retests: int = 0
    cleared: int = 0


def due_soon(*, actor: Actor, now: datetime, zone: str) -> dict[str, QuerySet[Any]]:
    """What the worklists hold that cannot wait, to be counted, by the fields of `Due`; retests only for those who may see health."""
    today = zones.local(now, zone).date()
    isolated = Isolation.objects.visible_to(actor).open()
    return {
        "papers": papers_running_out(actor, today, WINDOWS[1]),
        "retests": isolated.awaiting_retest().filter(retest_on__lte=today),
        "cleared": isolated.negative_again(),
    }


def _families(papers: Iterable[Document], actor: Actor, now: datetime) -> dict[int, Family]:
    households = {paper.person.household_id: paper.person.household for paper in papers}
    return {family.household.pk: family for family in families_of(list(households.values()), now=now, actor=actor)}


def _place_of(after: str) -> tuple[date, int] | None:
    """The last day and the key that `after` names; None for a text that is not one of ours."""
    day, _dot, key = after.partition(".")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


def _expiring_row(paper: Document, family: Family, today: date) -> ExpiringRow:
    member = next(each for each in family.members if each.person.pk == paper.person_id)
    last_day = paper.valid_until
    assert last_day is not None  # the window is bounded
    hearing = family.hearing
    is_after = hearing is not None and hearing.court_on > last_day
    return ExpiringRow(
        uid=family.household.uid,
        code=family.household.code,
        name=member.name,
        what=paper.what.short,
        left=_left((last_day - today).days),
        day=short_day(last_day),
        place=member.sleep.place if member.sleep else "",
        hearing=short_weekday(hearing.court_on) if hearing is not None and is_after else "",
    )


def _left(days: int) -> Pill:
    """How long a paper still lasts, as people say it."""
    if days == 0:
        return Pill("stop", "alert-triangle", _("today is its last day"))
    words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return Pill("stop" if days <= min(WINDOWS) else "warn" if days <= WINDOWS[1] else "calm", "hourglass", words)


# ---- isolation


@dataclass(frozen=True, slots=True)
class IsolationRow:
    """A family in isolation: which day, why, where, how, and when it is tested again or that it was, and nobody is positive any more."""

    family: Family
    isolation: Isolation
    day: int
    retest: Pill
    place: str
    why: str
    days: int = ISOLATION_DAYS


def isolations(*, actor: Actor, now: datetime) -> list[IsolationRow]:
    """The open isolations that `actor` may see, the next retest first. Three queries."""
    visible = Isolation.objects.visible_to(actor).open().select_related("household__site__city")
    found = list(visible.order_by("retest_on", "pk")[:MOST_CONTACTS])
    families = families_of([each.household for each in found], now=now, actor=actor)
    return [isolation_row(each, family, now) for each, family in zip(found, families, strict=True)]


def isolation_row(isolation: Isolation, family: Family, now: datetime) -> IsolationRow:
    """`isolation` of `family` as it stands at `now`."""
    today = zones.local(now, family.zone).date()
    begun_on = zones.local(isolation.begun_at, family.zone).date()
    negative_at = _negative_again(family.members) if isolation.cause == Isolation.Cause.DETECTED else None
    return IsolationRow(
        family=family,
        isolation=isolation,
        day=isolation_day(today, begun_on),
        retest=_negative(negative_at, family.zone) if negative_at else _retest(isolation, today),
        place=family.sleep.place if family.sleep else "",
        why="" if negative_at else isolation.get_cause_display(),
    )


def _negative_again(members: Iterable[Member]) -> datetime | None:
    """When the last retest was taken by which everybody who was positive is negative; None while somebody is not."""
    since = []
    for member in members:
        results: dict[datetime, CovidTest.Result] = {}
        for swab in member.swabs:  # newest first; a correction stands before the result that it corrects
            if swab.result:
                results.setdefault(swab.taken_at, swab.result)
        if CovidTest.Result.DETECTED in results.values():
            newest, result = next(iter(results.items()))
            if result != CovidTest.Result.NOT_DETECTED:
                return None
            since.append(newest)
    return max(since, default=None)


def _negative(at: datetime, zone: str) -> Pill:
    return Pill("ok", "check", _("negative retest of %(day)s") % {"day": short_day(zones.local(at, zone).date())})


def _retest(isolation: Isolation, today: date) -> Pill:
    days = (isolation.retest_on - today).days
    if days < 0:
        words = ngettext("retest %(n)d day late", "retest %(n)d days late", -days) % {"n": -days}
        return Pill("stop", "alert-triangle", words)
    if days == 0:
        return Pill("warn", "test-pipe", _("retest today"))
    return Pill("calm", "calendar", _("retest %(day)s") % {"day": short_day(isolation.retest_on)})


@dataclass(frozen=True, slots=True)
class Contact:
    """A family that slept in the same room as somebody of theirs, and in which days."""

    uid: UUID
    code: str
    name: str
    people: int
    room: str
    days: str


def contacts_of(family: Family, *, actor: Actor, now: datetime) -> list[Contact]:
    """The families that `actor` may see who slept in a room of `family` while it did, in the last `CONTACT_DAYS`. At most four queries."""
    since = now - timedelta(days=CONTACT_DAYS)
    keys = [member.person.pk for member in family.members]
    mine = Stay.objects.filter(person__in=keys).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=since))
    met = Q()
    for unit, begins_at, ends_at in mine.values_list("unit_id", "begins_at", "ends_at").distinct():
        at_once = Q(unit=unit) & (Q(ends_at__isnull=True) | Q(ends_at__gt=max(begins_at, since)))
        met |= at_once & Q(begins_at__lt=ends_at) if ends_at else at_once
    if not met:
        return []
    others = Stay.objects.visible_to(actor).filter(met).exclude(person__in=keys)
    stays = others.select_related("household__site__city", "unit__shelter").order_by("-begins_at", "-pk")
    return _contacts(list(stays[:MOST_CONTACTS]), now)


def _contacts(stays: Sequence[Stay], now: datetime) -> list[Contact]:
    by_family: dict[int, list[Stay]] = {}
    for stay in stays:
        by_family.setdefault(stay.household_id, []).append(stay)
    families = families_of([those[0].household for those in by_family.values()], now=now)
    return [_contact(family, by_family[family.household.pk]) for family in families]


def _contact(family: Family, stays: Sequence[Stay]) -> Contact:
    first = short_day(zones.local(min(stay.begins_at for stay in stays), family.zone))
    ends = [stay.ends_at for stay in stays if stay.ends_at]
    is_there = len(ends) < len(stays)
    until = _("today") if is_there else short_day(zones.local(max(ends), family.zone))
    return Contact(
        uid=family.household.uid,
        code=family.household.code,
        name=family.title,
        people=len({stay.person_id for stay in stays}),
        room=f"{stays[0].unit.shelter.name}, {stays[0].unit.name}",
        days=_("%(first)s to %(last)s") % {"first": first, "last": until},
    )


def open_isolation() -> Subquery:
    """The open isolation of a household, as an annotation `isolation_row` that costs no query."""
    isolation = Isolation.objects.open().filter(household=OuterRef("pk"))
    return Subquery(isolation.values(row=JSONObject(begun_at="begun_at", retest_on="retest_on"))[:1])


def isolation_tags(family: Family, *, actor: Actor, now: datetime) -> list[Tag]:
    """That `family` (fetched with `isolation_row`) is in isolation and since when, for those who may see health."""
    row: dict[str, str] | None = family.household.isolation_row  # type: ignore[attr-defined]
    if row is None or not actor.can(Capability.SEE_HEALTH):
        return []
    begun_on = zones.local(datetime.fromisoformat(row["begun_at"]), family.zone).date()
    facts = {
        "day": (today_of(family, now) - begun_on).days + 1,
        "days": ISOLATION_DAYS,
        "retest": short_day(date.fromisoformat(row["retest_on"])),
    }
    if family.household.step == Step.ISOLATED:  # the tag of the step says the word
        return [Tag("virus", _("day %(day)d of %(days)d, retest %(retest)s") % facts)]
    return [Tag("virus", _("isolation, day %(day)d of %(days)d, retest %(retest)s") % facts)]
