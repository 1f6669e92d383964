"""What follows from what happened: reminders are planned and withdrawn in the transaction that marks the event dispatched."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from audit.handling import on, on_many
from audit.models import Event, EventType
from cases.models import Person
from core.actors import Actor
from hearings.models import Hearing
from journey import reminders, ways
from journey.actions import owing
from messaging import actions
from messaging.models import Message

OWING = Actor.system("owing")


@on_many(EventType.HEARING_NOTED, EventType.HEARING_CHANGED, EventType.HEARING_CANCELLED)
def follow_hearings(events: Sequence[Event]) -> None:
    """Withdraw the reminders of earlier versions, plan those of the ones that stand, and tell whoever heard of another date.

    A double is out of sight since its file was merged: `follow_merge` withdraws what waits.
    """
    found = Hearing.objects.visible_to(reminders.ACTOR).filter(pk__in=[event.subject_id for event in events])
    hearings, at = list(reminders.with_planning(found)), events[0].occurred_at
    reminders.withdraw_older(hearings, at=at)
    reminders.plan_many(hearings, at=at)
    for since, undone in _undone(events).items():
        back = [hearing for hearing in hearings if hearing.pk in undone]
        reminders.plan_again(back, since=datetime.fromisoformat(since), at=at)
    reminders.plan_news(hearings, at=at)


def _undone(events: Sequence[Event]) -> dict[str, set[int]]:
    """The hearings that an undo brought back, by when the announcement that had moved them was applied."""
    found: dict[str, set[int]] = {}
    for event in events:
        if since := event.facts.get("since"):
            found.setdefault(str(since), set()).add(event.subject_id)
    return found


@on(
    EventType.CONSENT_RECORDED,
    EventType.PERSON_CORRECTED,
    EventType.GUEST_SITE_CHANGED,
    EventType.NUMBER_RIGHT,
    EventType.TRIP_NOTED,
    EventType.TRIP_WITHDRAWN,
)
def follow_household(event: Event) -> None:
    """Plan what a new consent, phone, bed or hour to leave makes possible; withdraw all when the consent is gone."""
    if event.household is None:
        return
    hearings = reminders.hearings_to_plan(event.household)
    if not hearings:
        return
    household = hearings[0].household
    if not reminders.may_message(household):
        waiting = Message.objects.about(household.uid).filter(purpose=reminders.PURPOSE)
        actions.withdraw(messages=waiting, actor=reminders.ACTOR, at=event.occurred_at)
        return
    reminders.plan_for(hearings, household=household, at=event.occurred_at)


@on(EventType.NUMBER_STOPPED, EventType.NUMBER_WRONG)
def follow_silence(event: Event) -> None:
    """Withdraw what waits for those whom no way reaches any more: from now on they count as not reached."""
    if event.household is None:
        return
    people = Person.objects.visible_to(reminders.ACTOR).filter(household__uid=event.household)
    mute = [person.uid for person in people.select_related("household") if not ways.is_reached(person)]
    if mute:
        waiting = Message.objects.about(event.household).filter(purpose=reminders.PURPOSE, recipient__in=mute)
        actions.withdraw(messages=waiting, actor=reminders.ACTOR, at=event.occurred_at)


@on(
    EventType.PERSON_CORRECTED,
    EventType.CONSENT_RECORDED,
    EventType.HEARING_NOTED,
    EventType.HEARING_CANCELLED,
    EventType.HOUSEHOLD_SPLIT,
    EventType.HOUSEHOLDS_JOINED,
    EventType.REGROUPING_UNDONE,
    EventType.PEOPLE_MERGED,
    EventType.MERGE_UNDONE,
)
def settle_owed(event: Event) -> None:
    """Count anew what the household's file owes."""
    if event.household is not None:
        owing.settle_owed(household=event.household, actor=OWING, at=event.occurred_at)


@on(EventType.PEOPLE_MERGED, EventType.MERGE_UNDONE)
def follow_merge(event: Event) -> None:
    """Withdraw what waits for either file and plan anew for those that stand: a hearing may have gone along, or come back."""
    uids = [uid for uid in (event.household, UUID(str(event.facts["other"]))) if uid]
    waiting = Message.objects.about(*uids).filter(purpose=reminders.PURPOSE)
    actions.withdraw(messages=waiting, actor=reminders.ACTOR, at=event.occurred_at)
    for uid in uids:
        hearings = reminders.hearings_to_plan(uid)
        if hearings:
            reminders.plan_for(hearings, household=hearings[0].household, at=event.occurred_at)


@on(EventType.HOUSEHOLD_SPLIT, EventType.HOUSEHOLDS_JOINED, EventType.REGROUPING_UNDONE)
def follow_regrouping(event: Event) -> None:
    """Withdraw what waits for a household about hearings that went with its people; the hearings' own events plan them anew."""
    if event.household is None:
        return
    waiting = Message.objects.about(event.household).filter(purpose=reminders.PURPOSE)
    for hearing in reminders.hearings_to_plan(event.household):
        waiting = waiting.exclude(plan_key__startswith=reminders.prefix_of(hearing))
    actions.withdraw(messages=waiting, actor=reminders.ACTOR, at=event.occurred_at)
