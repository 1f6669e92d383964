"""What follows from the result of a hearing: where a household stands, which deadline runs, what may be decided ahead of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.states import Step
from hearings.models import Outcome
from places.federal_holidays import federal_holiday

Result = Outcome.Result

# Where a household stands once all its people got that. A new date moves nobody: the way goes on.
STEPS: Mapping[Result, Step] = {
    Result.RELIEF: Step.RELIEF,
    Result.REMOVAL: Step.REMOVED,
    Result.IN_ABSENTIA: Step.IN_ABSENTIA,
    Result.TERMINATED: Step.TERMINATED,
    Result.ADMIN_CLOSED: Step.ADMIN_CLOSED,
    Result.WITHDRAWN: Step.WITHDRAWN,
    Result.DISENROLLED: Step.DISENROLLED,
    Result.INTERVIEW_PENDING: Step.INTERVIEW_PENDING,
    Result.NO_SHOW: Step.NO_SHOW,
    Result.LOST_CONTACT: Step.LOST_CONTACT,
}
# Of different results in one household, the one by which it is led: who needs us most comes first.
GRAVEST = (
    Result.LOST_CONTACT,
    Result.NO_SHOW,
    Result.INTERVIEW_PENDING,
    Result.IN_ABSENTIA,
    Result.REMOVAL,
    Result.WITHDRAWN,
    Result.TERMINATED,
    Result.ADMIN_CLOSED,
    Result.DISENROLLED,
    Result.RELIEF,
)
# What an authority may decide without waiting for the day; the rest can only have happened.
AHEAD_OF_THE_DAY = frozenset(
    {Result.TERMINATED, Result.ADMIN_CLOSED, Result.WITHDRAWN, Result.DISENROLLED, Result.INTERVIEW_PENDING}
)
MAY_BE_APPEALED = frozenset({Result.RELIEF, Result.REMOVAL, Result.TERMINATED})

APPEAL_DAYS = 30  # 8 CFR 1003.38(b): calendar days after an oral decision or the mailing of a written one
REOPEN_DAYS = 180  # 8 CFR 1003.23(b)(4)(ii): for exceptional circumstances; without notice of the hearing, at any time
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for something, and the rule it rests on."""

    day: date
    rule: str
    is_appeal: bool


def step_of(results: Sequence[tuple[Result, bool]], people: int) -> Step | None:
    """Where a household of `people` stands by their latest `results`, each with whether an appeal was reserved.

    None where it stands as before: somebody has a new date or an appeal, or nothing is known of somebody yet.
    """
    if len(results) < people or any(result not in STEPS or appeals for result, appeals in results):
        return None
    found = {result for result, _appeals in results}
    return next((STEPS[result] for result in GRAVEST if result in found), None)


def deadline_of(result: Result, *, decided_on: date, appeal_reserved: bool) -> Deadline | None:
    """The deadline that runs from `decided_on`, if any.

    An appeal whose last day would fall on a weekend or a federal holiday may come on the next working day, as the rule says.
    """
    if result == Result.IN_ABSENTIA:
        return Deadline(decided_on + timedelta(days=REOPEN_DAYS), "8 CFR 1003.23(b)(4)(ii)", is_appeal=False)
    if appeal_reserved:
        return Deadline(_working_day(decided_on + timedelta(days=APPEAL_DAYS)), "8 CFR 1003.38(b)", is_appeal=True)
    return None


def _working_day(day: date) -> date:
    while day.weekday() >= SATURDAY or federal_holiday(day):
        day += timedelta(days=1)
    return day
