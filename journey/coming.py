"""Tells shelters where a family must stand next, and when it leaves for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hearings.models import Hearing
from journey.ahead import next_hearings
from journey.rules import leave_at
from shelters.coming import Coming, tells_what_comes


@tells_what_comes
def next_appearance(households: Sequence[int], at: datetime) -> Mapping[int, Coming]:
    """The bridge and hour of the next hearing. One query."""
    found = next_hearings(households, now=at).select_related("report_crossing__city")
    return {hearing.household_id: Coming(hearing.report_crossing, _leaving(hearing)) for hearing in found}


def _leaving(hearing: Hearing) -> datetime | None:
    """From a place in the city of the bridge, which is where one is looked for."""
    return leave_at(hearing.report_at) if hearing.report_at else hearing.court_at
