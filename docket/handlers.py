"""What follows from a day at court: reminders of what is over are withdrawn, those of dates still ahead are planned again."""

from audit.handling import on
from audit.models import Event, EventType
from cases.models import Household
from cases.states import CLOSED
from hearings.models import Hearing
from journey import reminders
from messaging import actions
from messaging.models import Message


@on(EventType.OUTCOME_NOTED)
def follow_outcome(event: Event) -> None:
    """Withdraw what waits about the hearing; whoever was told of a day on which nobody sits any more is told so."""
    found = Hearing.objects.visible_to(reminders.ACTOR).filter(pk=event.subject_id)
    hearing = reminders.with_planning(found).first()
    if hearing is None:  # a double, out of sight since its file was merged
        return
    reminders.withdraw_older([hearing], at=event.occurred_at)
    if hearing.status == Hearing.Status.CANCELLED:
        reminders.plan_news([hearing], at=event.occurred_at)


@on(EventType.STEP_TAKEN, EventType.CASE_REOPENED, EventType.RETURN_RECORDED)
def follow_standing(event: Event) -> None:
    """Withdraw all reminders of a household whose case is closed; plan those of dates ahead once it is open (again)."""
    if event.household is None:
        return
    household = Household.objects.visible_to(reminders.ACTOR).filter(uid=event.household).first()
    if household is None:  # a double that was merged
        return
    if household.step in CLOSED:
        waiting = Message.objects.about(household.uid).filter(purpose=reminders.PURPOSE)
        ladder = waiting.exclude(rung__in=reminders.NEWS)  # that a date no longer holds they must still hear
        actions.withdraw(messages=ladder, actor=reminders.ACTOR, at=event.occurred_at)
        return
    hearings = reminders.hearings_to_plan(household.uid)
    if hearings:
        reminders.plan_for(hearings, household=hearings[0].household, at=event.occurred_at)
