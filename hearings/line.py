"""When to ask the EOIR line about a hearing, and what follows from its answer. No database, no clock (docs/adr/checks.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

# Whoever was never verified is as stale as after this many days; staleness grows no further.
NEVER_DAYS = 60.0
# A check is due once half as many days have passed since the last one as are left.
DUE = 0.5
# Under this long before a hearing its date is changed only by two callers who heard the same.
SOON = timedelta(days=7)
# After the line had nothing to say it is not asked again before this time has passed.
ASK_AGAIN_AFTER = timedelta(hours=20)

# Automated Case Information Hotline, in English and Spanish, day and night (justice.gov/eoir/customer-service-initiatives). It asks for
# the nine digits, and for the nationality by EOIR's own code.
NUMBER = "+1 800 898 7180"


class Found(StrEnum):
    """What follows from an answer."""

    AGREES = "agrees"
    CHANGED = "changed"
    SECOND_WANTED = "second_wanted"
    DISAGREES = "disagrees"
    OTHER_COURT = "other_court"
    NOT_FOUND = "not_found"
    CANNOT = "cannot"
    ASK_AGAIN = "ask_again"


# Nothing more is to be done after these.
SETTLED = frozenset({Found.AGREES, Found.CHANGED, Found.ASK_AGAIN})


def urgency(*, days_since: float | None, days_left: float) -> float:
    """How much a hearing wants to be asked about: staleness times closeness.

    `days_since` is the age of its last check (None: never), `days_left` the time to the hearing; both in days, parts of days count.
    """
    stale = NEVER_DAYS if days_since is None else min(max(days_since, 0.0), NEVER_DAYS)
    return stale / (1.0 + max(days_left, 0.0))


def is_soon(*, at: datetime, shown: datetime, said: datetime | None) -> bool:
    """Whether the court time that is shown, or the one that was said, is less than `SOON` away."""
    return any(moment - at < SOON for moment in (shown, said) if moment is not None)


def found_of_call(*, said: datetime, shown: datetime, heard: Sequence[datetime], at: datetime) -> Found:
    """What follows when the line states the court time `said` of a hearing shown at `shown`; all moments aware.

    `heard` is what other callers heard that still awaits a second call. One call confirms; one call changes what is far away; what is
    soon is changed by two calls that agree. Calls that disagree are for a person.
    """
    if heard:
        return Found.CHANGED if all(each == said for each in heard) else Found.DISAGREES
    if said == shown:
        return Found.AGREES
    return Found.SECOND_WANTED if is_soon(at=at, shown=shown, said=said) else Found.CHANGED
