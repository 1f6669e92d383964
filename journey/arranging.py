"""How they get there and through the gate: the two conditions of the light that somebody must arrange.

Neither is asked for long before: a vehicle and a gate some days ahead, a journey to another city with the first reminder. Whoever
builds transport whole takes `seat` over by `readiness.condition`.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core.look import Condition, duration, short_weekday
from hearings.models import Hearing, Trip, trip_of
from journey import rules
from journey.families import Family
from journey.gates import Passage, passages_of
from journey.leaving import is_family_far, way_of_family
from journey.readiness import one_by_one, reason
from journey.rules import Way
from places import zones


@one_by_one("seat")
def judge_seat(family: Family, now: datetime) -> Condition:
    """Met when somebody noted how all of them get there, for the time that holds now, and it can be done."""
    hearing = family.hearing
    if hearing is None or hearing.report_crossing is None:
        return reason("seat", "none", _("asked once the bridge is known"))
    trip = trip_of(hearing)
    if trip is not None:
        return _judge_trip(family, hearing, trip)
    if since := _asked_since(family, hearing, now):
        return reason("seat", "none", _("to arrange from %(day)s") % {"day": since})
    if is_family_far(family):
        return reason("seat", "missing", _("%(road)s: nobody noted how they get there") % {"road": _road_words(family)})
    return reason("seat", "missing", _("nobody noted how they get there"))


def _judge_trip(family: Family, hearing: Hearing, trip: Trip) -> Condition:
    people, way = len(family.summoned_to(hearing)), way_of_family(family)
    if trip.means == Trip.Means.WALK and is_family_far(family):
        return reason("seat", "missing", _("on foot, but %(road)s") % {"road": _road_words(family)})
    if trip.seats is not None and trip.seats < people:
        return reason("seat", "missing", _("%(seats)d seats for %(people)d") % {"seats": trip.seats, "people": people})
    if not trip.is_for(hearing):
        return reason("seat", "confirm", _("noted for another time; ask again: %(words)s") % {"words": trip.words})
    if way and hearing.report_at and way.last.arrive_at > hearing.report_at:
        return reason("seat", "missing", _too_late(hearing, way))
    if way and way.drives_in_the_dark:
        return reason("seat", "confirm", _("they would be driven in the dark: %(words)s") % {"words": trip.words})
    return reason("seat", "met", trip.words)


def _too_late(hearing: Hearing, way: Way) -> str:
    arrives = zones.local(way.last.arrive_at, hearing.report_zone)
    city = hearing.report_crossing.city.name if hearing.report_crossing else ""
    return _("they would arrive at %(hour)s, %(city)s time") % {"hour": f"{arrives:%H:%M}", "city": city}


def _road_words(family: Family) -> str:
    """Between which cities, how far and how long, as far as that is known."""
    crossing = family.hearing.report_crossing if family.hearing else None
    here, there = family.sleeps_in.name, crossing.city.name if crossing else ""
    way = way_of_family(family)
    if way is None or way.road is None:
        return _("from %(here)s to %(there)s") % {"here": here, "there": there}
    facts = {"here": here, "there": there, "km": way.road.km, "road": duration(way.road.minutes)}
    if way.sleeps_on_the_way:
        return _("from %(here)s to %(there)s, %(km)d km, %(road)s, with a night on the way") % facts
    return _("from %(here)s to %(there)s, %(km)d km, %(road)s") % facts


@one_by_one("gate")
def judge_gate(family: Family, now: datetime) -> Condition:
    """Met when the gate is open as they leave: by its hours, or because somebody opens it."""
    hearing, owner = family.hearing, family.sleep.shelter if family.sleep else None
    way = way_of_family(family)
    if hearing is None or family.sleep is None:
        return reason("gate", "none", _("no place given yet") if hearing else _("asked once there is a hearing"), owner)
    if way is None:
        return reason("gate", "none", _("asked once their hour to leave is known"), owner)
    passage = passages_of(family, way)[0]
    since = _asked_since(family, hearing, now)
    if since and passage.state in ("shut", "unknown"):
        return reason("gate", "none", _("to agree from %(day)s") % {"day": since}, owner)
    return _judge_passage(passage)


def _judge_passage(passage: Passage) -> Condition:
    words = {"city": passage.city, "leaves": f"{passage.leaves:%H:%M}"}
    if passage.opens:
        words["opens"] = f"{passage.opens:%H:%M}"
    if passage.state == "open":
        return reason("gate", "met", _("open at %(leaves)s, %(city)s time") % words, passage.shelter)
    if passage.opened_at:
        words["opened"] = f"{passage.opened_at:%H:%M}"
        return reason("gate", "met", _("somebody opens at %(opened)s, %(city)s time") % words, passage.shelter)
    if passage.state == "unknown":
        return reason(
            "gate", "confirm", _("hours not noted; they leave at %(leaves)s, %(city)s time") % words, passage.shelter
        )
    told = _("opens at %(opens)s, they leave at %(leaves)s, %(city)s time")
    return reason("gate", "missing", told % words, passage.shelter)


def _asked_since(family: Family, hearing: Hearing, now: datetime) -> str:
    """The day from which this must be arranged, while it is still to come."""
    ahead: timedelta = rules.FAR_ARRANGED_BEFORE if is_family_far(family) else rules.ARRANGED_BEFORE
    since = hearing.present_at - ahead
    return short_weekday(zones.local(since, family.zone).date()) if now < since else ""
