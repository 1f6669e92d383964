"""When a family leaves for the bridge: the one place where that is worked out.

The plan on its page, the light, its reminders, the run sheet of its shelter and the night on Today all ask here.
"""

from datetime import date, datetime

from hearings.models import Hearing, trip_of
from journey.families import Family
from journey.rules import Way, night_of, way_to
from places import zones
from places.models import City


def way_of(hearing: Hearing, *, sleeps_in: City, has_children: bool) -> Way | None:
    """The way to the bridge of `hearing` (with its crossing's city and its trip) for those who sleep in `sleeps_in`.

    None while nobody knows when and where they must stand, or no road leads there that anybody knows.
    """
    crossing = hearing.report_crossing
    if hearing.report_at is None or crossing is None:
        return None
    return way_to(
        hearing.report_at,
        start=sleeps_in,
        end=crossing.city,
        has_children=has_children,
        leaves_at=told_hour_of(hearing),
    )


def told_hour_of(hearing: Hearing) -> datetime | None:
    """The hour to leave that somebody noted, while it was for the time that holds now."""
    trip = trip_of(hearing)
    return trip.leaves_at if trip and trip.is_for(hearing) else None


def is_far(hearing: Hearing, sleeps_in: City) -> bool:
    """Whether they must present in another city than they sleep in."""
    return hearing.report_crossing is not None and hearing.report_crossing.city_id != sleeps_in.pk


def way_of_family(family: Family) -> Way | None:
    """The way of `family` to its next hearing, from where its head sleeps."""
    hearing = family.hearing
    if hearing is None:
        return None
    has_children = bool(family.minors_on(hearing.report_on or hearing.court_on))
    return way_of(hearing, sleeps_in=family.sleeps_in, has_children=has_children)


def is_family_far(family: Family) -> bool:
    """Whether `family` must present in another city than it sleeps in."""
    return family.hearing is not None and is_far(family.hearing, family.sleeps_in)


def sheet_day(hearing: Hearing, way: Way | None) -> date:
    """On the run sheet of which day they stand: that of the bridge, or that on which they leave for another city."""
    there = hearing.report_on or hearing.court_on
    if way is None or way.road is None:
        return there
    return min(there, night_of(zones.local(way.leave_at, way.legs[0].zone)))
