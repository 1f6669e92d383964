"""Reminders of hearings: which are planned, when and for whom. What each says is found on the day it is sent (`reminder_words`).

The ladder is data (`words.ladder`). Rows are planned once per version of a hearing; the sweep sends what is due. Nothing here asks
whether today is N days before: a day on which nothing ran loses nobody.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Consent, Household, Person, PhoneOwner
from cases.states import CLOSED
from core.actors import Actor
from hearings.models import Hearing, HearingQuerySet
from journey.leaving import is_far, told_hour_of, way_of
from messaging import actions
from messaging.actions import Plan, Steps
from messaging.models import Message
from places.models import Crossing, Site
from words.ladder import ladder
from words.models import Purpose

PURPOSE = "hearing_reminder"
ACTOR = Actor.system("reminders")
# What is said outside the ladder, as the rung of its message: there is a new date, or none.
NEWS = frozenset({Purpose.CHANGED.value, Purpose.CANCELLED.value})
A_DAY = timedelta(days=1)
HEARD = (Message.Status.SENT, Message.Status.UNCERTAIN, Message.Status.CLAIMED)


class Reader(NamedTuple):
    """Of a person what says whether and where they read messages."""

    uid: UUID
    phone: str
    email: str
    phone_owner: str


Readable = TypeVar("Readable", Reader, Person)


def recipients(people: Iterable[Readable]) -> list[Readable]:
    """Who is written to: the first who can be reached, head first, and those besides with a phone of their own.

    One message for each distinct address: a family with one phone gets one for all.
    """
    reachable = [person for person in people if person.phone or person.email]
    chosen: list[Readable] = []
    addresses: set[str] = set()
    for person in reachable:
        address = person.phone or person.email
        if address not in addresses and (not chosen or person.phone_owner == PhoneOwner.OWN):
            addresses.add(address)
            chosen.append(person)
    return chosen


def with_planning(hearings: HearingQuerySet) -> HearingQuerySet:
    """`hearings` with what planning reads."""
    cities = ("household__site__city", "household__guest_site__city", "report_crossing__city")
    return hearings.with_trip().select_related(*cities)


def sleeps_zone_of(household: Household) -> str:
    """The zone of the clock by which nobody of `household` is woken."""
    return (household.guest_site or household.site).city.zone


def steps_of(hearing: Hearing, *, at: datetime) -> Steps:
    """The rungs of `hearing` (`with_planning`) that are not past at `at`, each with its moment; of those that fall together the last.

    Nothing goes before what was announced about it may be told.
    """
    household, rules_of, may_go_at = hearing.household, ladder(), _may_go_at(hearing, at)
    city = (household.guest_site or household.site).city
    way, sleeps_elsewhere = way_of(hearing, sleeps_in=city, has_children=True), is_far(hearing, city)
    steps: dict[datetime, str] = {}
    for rung in rules_of.rungs:
        due_at = rules_of.due_moment(
            rung,
            present_at=hearing.present_at,
            zone=hearing.report_zone or hearing.court_zone,
            sleeps_zone=city.zone,
            leave_at=way.leave_at if way else None,
        )
        if due_at is None or due_at <= at or (rung.only_far and not sleeps_elsewhere):
            continue
        said_at = max(due_at, may_go_at)
        if said_at < hearing.present_at:
            steps[said_at] = rung.key
    return tuple((rung, due_at) for due_at, rung in steps.items())


class StepsAt(dict[tuple[object, ...], Steps]):
    """The steps of many hearings at one moment: those of one day, crossing and city are worked out once."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def of(self, hearing: Hearing) -> Steps:
        """What `steps_of` says."""
        household = hearing.household
        key = (
            hearing.present_at,
            hearing.report_at,
            hearing.report_zone or hearing.court_zone,
            hearing.report_crossing_id,
            household.guest_site_id or household.site_id,
            hearing.held_until,
            told_hour_of(hearing),
        )
        if key not in self:
            self[key] = steps_of(hearing, at=self.at)
        return self[key]


def plans_for(hearing: Hearing, *, people: Iterable[Readable], steps: Steps) -> list[Plan]:
    """What `people` (head first) are to be told of `hearing` by `steps`; nothing of one that no longer stands."""
    if not (hearing.stands and steps):
        return []
    plan = _planner(hearing)
    return [plan(recipient=each.uid, steps=steps, expires_at=hearing.present_at) for each in recipients(people)]


def news_for(hearing: Hearing, *, told: Mapping[UUID, datetime], at: datetime) -> list[Plan]:
    """What tells those `told` (`told_otherwise`) of an earlier date still ahead that it no longer holds, and what holds now.

    Told as soon as nobody is woken by it; at once where the earlier or the new date would come before the morning.
    """
    earliest = max(at, hearing.held_until or at)
    morning = ladder().first_after_quiet(earliest, sleeps_zone_of(hearing.household))
    rung = Purpose.CHANGED if hearing.stands else Purpose.CANCELLED
    plans, plan = [], _planner(hearing)
    for recipient, earlier_at in told.items():
        useful_until = hearing.present_at if hearing.stands else earlier_at
        due_at = morning if morning < min(useful_until, earlier_at) else earliest
        if due_at < useful_until:
            plans.append(plan(recipient=recipient, steps=((rung.value, due_at),), expires_at=useful_until))
    return plans


def _may_go_at(hearing: Hearing, at: datetime) -> datetime:
    """From when on anything about `hearing` may be said: `at`, or the first moment after its hold at which nobody is woken."""
    if hearing.held_until is None or hearing.held_until <= at:
        return at
    morning = ladder().first_after_quiet(hearing.held_until, sleeps_zone_of(hearing.household))
    return morning if morning < hearing.present_at else hearing.held_until


def too_late_from(hearing: Hearing, *, earlier_at: datetime | None, at: datetime) -> datetime:
    """From when on a word about `hearing` (`with_planning`) helps nobody: they leave for it, or for `earlier_at` that they were told."""
    city = (hearing.household.guest_site or hearing.household.site).city
    way = way_of(hearing, sleeps_in=city, has_children=True) if hearing.stands else None
    moments = [hearing.present_at] if hearing.stands else []
    moments += [way.wake_at] if way else []
    moments += [earlier_at] if earlier_at else []
    return min(moments, default=at)


def told_otherwise(hearings: Iterable[Hearing], *, at: datetime) -> dict[int, dict[UUID, datetime]]:
    """Who heard of another date of each of `hearings` that is still ahead at `at`, with the last such date; one query."""
    known = {str(hearing.uid): hearing for hearing in hearings}
    told: dict[int, dict[UUID, datetime]] = {hearing.pk: {} for hearing in known.values()}
    heard = (
        Message.objects.about(*{hearing.household.uid for hearing in known.values()})
        .filter(purpose=PURPOSE, status__in=HEARD, expires_at__gt=at)
        .exclude(rung=Purpose.CANCELLED)
        .order_by("due_at", "pk")
    )
    for plan_key, recipient, earlier_at in heard.values_list("plan_key", "recipient", "expires_at"):
        hearing = known.get(plan_key.split(":")[1])
        if hearing is not None and version_of(plan_key) != _present(hearing):
            told[hearing.pk][recipient] = earlier_at
    for hearing in known.values():
        if hearing.stands:
            last = told[hearing.pk]
            told[hearing.pk] = {who: earlier_at for who, earlier_at in last.items() if earlier_at != hearing.present_at}
    return told


def _planner(hearing: Hearing) -> Callable[..., Plan]:
    """What makes plans for `hearing`; they share what is the same for all."""
    return partial(
        Plan,
        key=f"{_present(hearing)}:",
        purpose=PURPOSE,
        subject=hearing.household.uid,
        params={"hearing": str(hearing.uid), "version": hearing.version},
    )


def prefix_of(hearing: Hearing) -> str:
    """What the plan keys of all reminders of `hearing` begin with."""
    return f"hearing:{hearing.uid}:"


def version_of(plan_key: str) -> str:
    """Which version of which hearing a reminder is about: `prefix_of` and the version."""
    return ":".join(plan_key.split(":")[:3])


def _present(hearing: Hearing) -> str:
    """What `version_of` says of the reminders of the version of `hearing` that counts."""
    return f"{prefix_of(hearing)}{hearing.version}"


def may_message(household: Household) -> bool:
    """Whether the household agreed to messages and has not withdrawn that."""
    return _agreed([household.pk]).exists()


def _agreed(households: Collection[int]) -> QuerySet[Consent]:
    """The consents of those of `households` that agreed to messages and have not withdrawn that."""
    return Consent.objects.filter(
        household__in=households, purpose=Consent.Purpose.MESSAGES, is_given=True, withdrawn_at=None
    )


def plan_for(hearings: Iterable[Hearing], *, household: Household, at: datetime) -> int:
    """Plan what `hearings` of `household` need; returns how many are new.

    Nothing where it did not agree to messages or its case is closed.
    """
    return 0 if household.step in CLOSED else plan_many(hearings, at=at)


def plan_many(hearings: Iterable[Hearing], *, at: datetime) -> int:
    """Plan what `hearings` (`with_planning` or `many_with_planning`) of any number of households need; returns how many are new.

    One query and the writing, whatever the number: a sheet or an announcement moves thousands.
    """
    standing = [hearing for hearing in hearings if hearing.stands and hearing.household.step not in CLOSED]
    readers, steps = _readers_of({hearing.household_id for hearing in standing}), StepsAt(at)
    plans = [
        plan
        for each in standing
        for plan in plans_for(each, people=readers.get(each.household_id, ()), steps=steps.of(each))
    ]
    return actions.plan_messages(plans=plans, actor=ACTOR, at=at) if plans else 0


READ_FOR_MANY = (
    "uid status version court_zone report_zone present_at report_at report_crossing held_until household "
    "household__uid household__step household__site household__guest_site"
).split()


def many_with_planning(hearings: HearingQuerySet) -> list[Hearing]:
    """Many of `hearings` with what planning reads; places, which they share, are fetched once. Three queries."""
    sites = Site.objects.select_related("city").in_bulk()
    crossings = Crossing.objects.select_related("city").in_bulk()
    found = list(hearings.with_trip().select_related("household").only(*READ_FOR_MANY))
    for hearing in found:
        household = hearing.household
        household.site = sites[household.site_id]
        household.guest_site = sites[household.guest_site_id] if household.guest_site_id else None
        hearing.report_crossing = crossings[hearing.report_crossing_id] if hearing.report_crossing_id else None
    return found


def _readers_of(households: Collection[int]) -> dict[int, list[Reader]]:
    """The people of those of `households` that agreed to messages, head first."""
    agreed = _agreed(households).values("household")
    people = Person.objects.visible_to(ACTOR).filter(household__in=agreed).in_order()
    found: dict[int, list[Reader]] = {}
    told = people.values_list("household_id", "uid", "phone", "email", "phone_owner")
    for household, uid, phone, email, owner in told:
        found.setdefault(household, []).append(Reader(uid, phone, email, owner))
    return found


def plan_news(hearings: Collection[Hearing], *, at: datetime) -> int:
    """Plan what tells of changed or cancelled dates, as `news_for` says; returns how many are new. Two queries and the writing."""
    told = told_otherwise(_that_may_be_told(hearings), at=at)
    plans = [plan for each in hearings if each.pk in told for plan in news_for(each, told=told[each.pk], at=at)]
    return actions.plan_messages(plans=plans, actor=ACTOR, at=at) if plans else 0


def plan_again(hearings: Collection[Hearing], *, since: datetime, at: datetime) -> int:
    """Say after all what waited at `since` of the versions that an undo brought back, and fell due by `at`; returns how many are new.

    Only what was due within a day before: what waited for another try, or for a sweep that did not run.
    """
    may_be_told = _that_may_be_told(hearings)
    back = {f"{prefix_of(each)}{number}": _planner(each) for each in may_be_told for number in each.same_versions}
    late = Message.objects.about(*{each.household.uid for each in may_be_told}).filter(
        purpose=PURPOSE, status=Message.Status.WITHDRAWN, due_at__gt=since - A_DAY, due_at__lte=at, expires_at__gt=at
    )
    plans = [
        back[version](recipient=row.recipient, steps=((row.rung, row.due_at),), expires_at=row.expires_at)
        for row in late.defer("address", "title", "body", "pieces")
        if (version := version_of(row.plan_key)) in back
    ]
    return actions.plan_messages(plans=plans, actor=ACTOR, at=at) if plans else 0


def _that_may_be_told(hearings: Collection[Hearing]) -> list[Hearing]:
    agreed = set(_agreed({each.household_id for each in hearings}).values_list("household_id", flat=True))
    return [each for each in hearings if each.household_id in agreed]


def withdraw_older(hearings: Collection[Hearing], *, at: datetime) -> int:
    """Withdraw what still waits of earlier versions of `hearings`, or all of it of those that no longer stand; returns how many."""
    known = {str(each.uid) for each in hearings}
    current = {_present(each) for each in hearings if each.stands}
    waiting = Message.objects.about(*{each.household.uid for each in hearings}).waiting().filter(purpose=PURPOSE)
    older = [
        key
        for key, plan_key in waiting.values_list("pk", "plan_key")
        if plan_key.split(":")[1] in known and version_of(plan_key) not in current
    ]
    return actions.withdraw(messages=Message.objects.filter(pk__in=older), actor=ACTOR, at=at) if older else 0


def hearings_to_plan(household: UUID) -> list[Hearing]:
    """The standing hearings of a household with what planning needs."""
    ahead = Hearing.objects.visible_to(ACTOR).standing().filter(household__uid=household)
    return list(with_planning(ahead).order_by("present_at"))
