"""Reminders of the hearings ahead, planned by the rules that the journey plans by, and the fate of those already due."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings

from audit.models import EventType
from cases.models import Household, Person, PhoneOwner
from demo.copying import Sheet, new_keys
from demo.ground import Clock
from demo.stories import HearingStory, HouseholdStory, PersonStory, Report
from hearings.models import Hearing
from journey import reminder_words, reminders
from messaging.actions import Plan
from messaging.models import Message
from places import zones
from places.models import Crossing, Site
from words.book import language_for, shipped
from words.models import Purpose, Way
from words.rendering import Words, worded
from words.tongues import Surety

Status = Message.Status
FATES = {Status.SENT: 93, Status.FAILED: 4, Status.UNCERTAIN: 3}
OUTCOMES = {  # what the log says, and the error code that is kept
    Status.SENT: (EventType.MESSAGE_SENT, ""),
    Status.FAILED: (EventType.MESSAGE_FAILED, "refused"),
    Status.UNCERTAIN: (EventType.MESSAGE_UNCERTAIN, "timeout"),
}
NOT_SENT = ("", "", "", "", "", 0, None, None, None, None, False, "", "", "")
SENT_AFTER = timedelta(seconds=7)
LEFT_UNCERTAIN_FOR = timedelta(hours=12)  # so that the page has one to show before the sweep settles it
SURETY = {
    Report.DOCUMENTED: Surety.SURE,
    Report.ESTIMATED: Surety.ESTIMATED,
    Report.UNKNOWN: Surety.UNKNOWN,
}


class Recorder(Protocol):
    """Writes an event down."""

    def __call__(
        self, event: EventType, model: str, key: int, story: HouseholdStory, at: datetime, **facts: Any
    ) -> None: ...


class Notices:
    """The messages of one batch."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.messages = Sheet(
            Message,
            "id uid purpose plan_key subject recipient params rung due_at expires_at status channel language address title body "
            "attempts claim claimed_at claim_expires_at sent_at may_have_arrived_twice gateway gateway_ref error_code recorded_at",
        )
        self._planned: list[tuple[HouseholdStory, HearingStory, list[Plan], datetime, str]] = []

    def plan(
        self,
        story: HouseholdStory,
        hearing: HearingStory,
        *,
        court: Clock,
        report: Clock | None,
        crossing: Crossing | None,
        sleeps_at: Site,
    ) -> None:
        """Remember the rungs that were ahead when `hearing` was noted, for a household that agreed to messages."""
        if not story.agrees_to_messages:
            return
        shown = report or court
        row = Hearing(
            uid=hearing.uid,
            household=Household(uid=story.uid, site=sleeps_at),
            status=hearing.status,
            version=1,
            court_zone=court.zone,
            report_zone=report.zone if report else "",
            present_at=shown.moment,
            report_crossing=crossing,
            report_at=report.moment if report else None,
        )
        people = [
            Person(uid=person.uid, phone=person.phone, phone_owner=person.phone_owner, email=person.email)
            for person in story.people
        ]
        steps = reminders.steps_of(row, at=hearing.noted_at)
        plans = reminders.plans_for(row, people=people, steps=steps)
        if plans:
            self._planned.append((story, hearing, plans, shown.moment, shown.zone))

    def record(self, event: Recorder) -> None:
        """Turn what was planned into rows and their events."""
        keys = iter(new_keys(Message, sum(len(plan.steps) for _, _, plans, _, _ in self._planned for plan in plans)))
        for story, hearing, plans, present_at, zone in self._planned:
            told = [(next(keys), plan, step) for plan in plans for step in plan.steps]
            event(
                EventType.MESSAGES_PLANNED,
                "messaging.message",
                told[0][0],
                story,
                hearing.noted_at,
                count=len(told),
                rungs=[rung for _, _, (rung, _) in told],
            )
            wall = zones.local(present_at, zone)
            for key, plan, step in told:
                self._message(key, plan, step, story=story, hearing=hearing, wall=wall, event=event)
        self._planned = []

    def _message(
        self,
        key: int,
        plan: Plan,
        step: tuple[str, datetime],
        *,
        story: HouseholdStory,
        hearing: HearingStory,
        wall: datetime,
        event: Recorder,
    ) -> None:
        rung, due_at = step
        name = plan.plan_key(rung)
        rng = Random(name)
        uid = UUID(int=rng.getrandbits(128), version=4)
        told = (plan.purpose, name, plan.subject, plan.recipient, plan.params, rung, due_at, plan.expires_at)
        if due_at > self.at:
            self.messages.add(key, uid, *told, Status.PLANNED, *NOT_SENT, hearing.noted_at)
            return
        fate = rng.choices(list(FATES), list(FATES.values()))[0]
        happened, error_code = OUTCOMES[fate]
        person = next(each for each in story.people if each.uid == plan.recipient)
        channel = Message.Channel.SMS if person.phone else Message.Channel.EMAIL
        words = _words(person, story, rung, due_at=due_at, wall=wall, report=hearing.report)
        sent = (channel, words.language, person.phone or person.email, words.title, words.body, 1)
        claim = (UUID(int=rng.getrandbits(128), version=4), due_at, self.at + LEFT_UNCERTAIN_FOR)
        claimed = claim if fate == Status.UNCERTAIN else (None, None, None)
        settled_at = due_at + SENT_AFTER
        settled = (settled_at if fate == Status.SENT else None, False, "console", "", error_code)
        self.messages.add(key, uid, *told, fate, *sent, *claimed, *settled, hearing.noted_at)
        event(happened, "messaging.message", key, story, settled_at, rung=rung, channel=channel, attempts=1)


def _words(
    person: PersonStory, story: HouseholdStory, rung: str, *, due_at: datetime, wall: datetime, report: Report
) -> Words:
    """What the rung that is due at `due_at` says on the phone or in the mail of `person`."""
    says = reminder_words.purpose_of(rung, wall=wall, now=zones.local(due_at, str(wall.tzinfo)))
    if person.phone and person.phone_owner != PhoneOwner.OWN:
        says = Purpose.SHARED
    text = shipped()[says, language_for(story.language), Way.WRITTEN]
    return worded(text, wall=wall, surety=SURETY[report], phone=settings.OFFICE_PHONE)
