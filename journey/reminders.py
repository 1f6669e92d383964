"""Reminders of hearings: which are planned, when, for whom, and what each says on the day it is sent.

The ladder is data. Rows are planned once per version of a hearing; the sweep sends what is due. Nothing here asks whether today
is N days before: a day on which nothing ran loses nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings

from cases.models import Consent, Household, Person, PhoneOwner
from core.actors import Actor
from hearings.models import Hearing
from journey.reminder_words import Surety, Wording, reminder
from messaging import actions
from messaging.actions import Plan
from messaging.composing import Draft, Skip, composes
from messaging.models import Message
from places import zones

PURPOSE = "hearing_reminder"
ACTOR = Actor.system("reminders")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: so many days before the day of presenting, at a wall time of the place to present at."""

    key: str
    days_before: int
    at: time
    wording: Wording


# 7, 3 and 1 days before is the schedule that was tested (Science 370:6517, 2020); the evening before is the departure's own.
LADDER = (
    Rung("days_7", 7, time(10), Wording.AHEAD),
    Rung("days_3", 3, time(10), Wording.AHEAD),
    Rung("days_1", 1, time(10), Wording.TOMORROW),
    Rung("night_before", 1, time(18), Wording.TONIGHT),
)
RUNGS = {rung.key: rung for rung in LADDER}

# Nobody is woken: from 21:00 to 08:00 where the person sleeps, a rung moves to the last permitted moment before.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)
LAST_PERMITTED = time(20, 59)


def due_moment(*, rung: Rung, present_at: datetime, zone: str, sleeps_zone: str) -> datetime:
    """When `rung` is due (UTC) for someone who must present at `present_at` in `zone` and sleeps in `sleeps_zone`."""
    day = zones.local(present_at, zone).date() - timedelta(days=rung.days_before)
    due_at = zones.wall_to_utc(datetime.combine(day, rung.at), zone)
    asleep = zones.local(due_at, sleeps_zone)
    if QUIET_UNTIL <= asleep.time() < QUIET_FROM:
        return due_at
    evening = asleep.date() if asleep.time() >= QUIET_FROM else asleep.date() - timedelta(days=1)
    return zones.wall_to_utc(datetime.combine(evening, LAST_PERMITTED), sleeps_zone)


def recipients(people: Iterable[Person]) -> list[Person]:
    """Who is written to: the first who can be reached, head first, and those besides with a phone of their own.

    One message for each distinct address: a family with one phone gets one for all.
    """
    reachable = [person for person in people if person.phone or person.email]
    chosen: list[Person] = []
    addresses: set[str] = set()
    for person in reachable:
        address = person.phone or person.email
        if address not in addresses and (not chosen or person.phone_owner == PhoneOwner.OWN):
            addresses.add(address)
            chosen.append(person)
    return chosen


def plans_for(hearing: Hearing, *, people: Sequence[Person], at: datetime) -> list[Plan]:
    """The rows that `hearing` needs now for `people` (head first); rungs that are past at `at` are left out.

    `hearing` comes with `household__site__city` and `household__guest_site__city`. Empty for one that no longer stands.
    """
    if not hearing.stands:
        return []
    household = hearing.household
    zone = hearing.report_zone or hearing.court_zone
    sleeps_zone = (household.guest_site or household.site).city.zone
    rungs = [
        (rung, due_moment(rung=rung, present_at=hearing.present_at, zone=zone, sleeps_zone=sleeps_zone))
        for rung in LADDER
    ]
    return [
        Plan(
            plan_key=f"{prefix_of(hearing)}{hearing.version}:{rung.key}:{person.uid}",
            purpose=PURPOSE,
            subject=household.uid,
            recipient=person.uid,
            rung=rung.key,
            due_at=due_at,
            expires_at=hearing.present_at,
            params={"hearing": str(hearing.uid), "version": hearing.version},
        )
        for person in recipients(people)
        for rung, due_at in rungs
        if at < due_at < hearing.present_at
    ]


def prefix_of(hearing: Hearing) -> str:
    """What the plan keys of all reminders of `hearing` begin with."""
    return f"hearing:{hearing.uid}:"


def may_message(household: Household) -> bool:
    """Whether the household agreed to messages and has not withdrawn that."""
    return Consent.objects.filter(
        household=household, purpose=Consent.Purpose.MESSAGES, is_given=True, withdrawn_at=None
    ).exists()


def plan_for(hearings: Iterable[Hearing], *, household: Household, at: datetime) -> int:
    """Plan what `hearings` of `household` need, or nothing where it did not agree to messages; returns how many are new."""
    if not may_message(household):
        return 0
    people = list(Person.objects.visible_to(ACTOR).filter(household=household).in_order())
    plans = [plan for hearing in hearings for plan in plans_for(hearing, people=people, at=at)]
    return actions.plan_messages(plans=plans, actor=ACTOR, at=at) if plans else 0


def withdraw_older(hearing: Hearing, *, at: datetime) -> int:
    """Withdraw what still waits of earlier versions of `hearing`, or all of it when it no longer stands."""
    reminders = Message.objects.about(hearing.household.uid).filter(plan_key__startswith=prefix_of(hearing))
    if hearing.stands:
        reminders = reminders.exclude(plan_key__startswith=f"{prefix_of(hearing)}{hearing.version}:")
    return actions.withdraw(messages=reminders, actor=ACTOR, at=at)


def hearings_to_plan(household: UUID) -> list[Hearing]:
    """The standing hearings of a household with what planning needs."""
    return list(
        Hearing.objects.visible_to(ACTOR)
        .standing()
        .filter(household__uid=household)
        .select_related("household__site__city", "household__guest_site__city")
        .order_by("present_at")
    )


@composes(PURPOSE)
def compose(message: Message, actor: Actor, at: datetime) -> Draft | Skip:
    """Word a reminder as of `at`: that day's phone, language and hearing. Skips what no longer holds."""
    hearing = (
        Hearing.objects.visible_to(actor).select_related("household").filter(uid=message.params["hearing"]).first()
    )
    if hearing is None or not hearing.stands or hearing.version != message.params["version"]:
        return Skip("superseded")
    if _is_overtaken(message, at):
        return Skip("overtaken")
    if not may_message(hearing.household):
        return Skip("no_consent")
    person = Person.objects.visible_to(actor).filter(household=hearing.household, uid=message.recipient).first()
    if person is None or not (person.phone or person.email):
        return Skip("no_address")
    by_phone = bool(person.phone)
    is_private = not by_phone or person.phone_owner == PhoneOwner.OWN
    words = reminder(
        wording=RUNGS[message.rung].wording if is_private else Wording.SHARED,
        language=hearing.household.language,
        wall=zones.local(hearing.present_at, hearing.report_zone or hearing.court_zone),
        surety=_surety(hearing),
        phone=settings.OFFICE_PHONE,
    )
    return Draft(
        channel=Message.Channel.SMS if by_phone else Message.Channel.EMAIL,
        address=person.phone or person.email,
        language=words.language,
        title=words.title,
        body=words.body,
    )


def _is_overtaken(message: Message, at: datetime) -> bool:
    """Whether a later rung for the same person is due as well: after days without a sweep people get one text, not three."""
    hearing = ":".join(message.plan_key.split(":")[:3])
    later = (
        Message.objects.about(message.subject).due(at).filter(recipient=message.recipient, due_at__gt=message.due_at)
    )
    return later.filter(plan_key__startswith=f"{hearing}:").exists()


def _surety(hearing: Hearing) -> Surety:
    return {
        Hearing.Basis.DOCUMENTED: Surety.SURE,
        Hearing.Basis.ESTIMATED: Surety.ESTIMATED,
    }.get(Hearing.Basis(hearing.report_basis), Surety.UNKNOWN)
