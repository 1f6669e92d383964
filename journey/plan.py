"""The plan read backwards from the bridge: wake, gate, departure, night on the way, bridge, court; each step says what it rests on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from core.look import PlanStep, duration, short_weekday
from hearings.clocks import OF_THE_BRIDGE, OF_THE_COURT
from hearings.models import Hearing, trip_of
from journey import rules
from journey.families import Family
from journey.gates import Passage, passages_of
from journey.leaving import way_of_family
from journey.rules import Leg, Way
from places import zones
from places.models import Basis, Crossing


def plan_of(family: Family) -> tuple[PlanStep, ...]:
    """The steps up to the court, each in the clock of its city; empty while nobody knows when to stand at the bridge.

    Where no road to the city of the bridge is known no hour to leave is made up.
    """
    hearing = family.hearing
    if hearing is None or hearing.report_at is None or hearing.report_crossing is None:
        return ()
    way = way_of_family(family)
    before = _before_bridge(family, hearing, way) if way else [_unknown(family, hearing.report_crossing)]
    bridge = _bridge(hearing, hearing.report_at, hearing.report_crossing, way)
    return tuple(_where_it_differs(step, bridge) for step in (*before, bridge, _court(hearing, way)))


def _where_it_differs(step: PlanStep, bridge: PlanStep) -> PlanStep:
    """Without the name of the clock where it is the bridge's, which stands over the plan; days of a journey keep theirs."""
    return replace(step, clock="") if step.clock == bridge.clock and not step.day else step


def _unknown(family: Family, crossing: Crossing) -> PlanStep:
    note = _("They sleep in %(here)s: plan the trip to %(there)s")
    return PlanStep("—", _("Leave"), note % {"here": family.sleeps_in.name, "there": crossing.city.name})


def _before_bridge(family: Family, hearing: Hearing, way: Way) -> Iterable[PlanStep]:
    has_children = way.wake_minutes == rules.WAKE_WITH_CHILDREN_MINUTES
    for leg in way.legs:
        first, last = leg is way.legs[0], leg is way.last
        yield _step(leg, leg.wake_at, _("Wake up"), _waking(way, has_children), way=way, hearing=hearing)
        if first and (passages := passages_of(family, way)):
            yield _step(leg, way.gate_at, _("Gate"), _gate(passages[0]), way=way, hearing=hearing)
        yield _step(leg, leg.leave_at, _("Leave"), _road(family, hearing, way, leg), way=way, hearing=hearing)
        if not last:
            yield _arriving(hearing, way, leg)


def _arriving(hearing: Hearing, way: Way, leg: Leg) -> PlanStep:
    """The night after a leg, in the city in which the next one begins."""
    following = way.legs[way.legs.index(leg) + 1]
    title = _("Night in %(city)s") % {"city": following.city} if following.city else _("Night on the way")
    note = _("nobody drives in the dark; ask for a place to sleep there")
    return _step(following, leg.arrive_at, title, note, way=way, hearing=hearing)


def _step(leg: Leg, moment: datetime, title: str, note: str, *, way: Way, hearing: Hearing) -> PlanStep:
    wall = zones.local(moment, leg.zone)
    return PlanStep(
        f"{wall:%H:%M}",
        title,
        note,
        estimated=_is_estimated(hearing) and not way.is_told,
        moment=moment,
        clock=_("%(city)s time") % {"city": leg.clock},
        day=_day(wall.date(), way),
    )


def _waking(way: Way, has_children: bool) -> str:
    words = _("%(minutes)d min with children") if has_children else _("%(minutes)d min to get ready")
    return words % {"minutes": way.wake_minutes}


def _gate(passage: Passage) -> str:
    hours = {"hour": f"{passage.opened_at or passage.opens:%H:%M}"} if passage.opened_at or passage.opens else {}
    words = {
        "open": _("open at that hour"),
        "opened": _("somebody opens at %(hour)s"),
        "shut": _("shut until %(hour)s"),
        "unknown": _("its hours are not noted: ask there"),
    }
    return words[passage.state] % hours


def _road(family: Family, hearing: Hearing, way: Way, leg: Leg) -> str:
    """What the hour to leave rests on."""
    trip = trip_of(hearing)
    if way.is_told and leg is way.legs[0]:
        return _("noted: %(words)s") % {"words": trip.words} if trip else ""
    if leg is way.last and (way.road is None or way.sleeps_on_the_way):
        return _to_bridge(family)
    if way.road is None or way.legs.index(leg):
        return _("another day on the road")
    return _over_land(way, way.road.km, way.road.minutes)


def _to_bridge(family: Family) -> str:
    assumed = _("%(road)d min on the road + %(margin)d to spare, assumed") % {
        "road": rules.ROAD_MINUTES,
        "margin": rules.MARGIN_MINUTES,
    }
    return assumed if family.sleep else _("no place yet; %(assumed)s") % {"assumed": assumed}


def _over_land(way: Way, km: int, minutes: int) -> str:
    sure = way.road is not None and way.road.basis != Basis.ESTIMATE
    words = (
        _("%(km)d km, %(road)s on the road as reported + %(margin)s to spare")
        if sure
        else _("%(km)d km, %(road)s on the road, estimated + %(margin)s to spare")
    )
    return words % {"km": km, "road": duration(minutes), "margin": duration(rules.FAR_MARGIN_MINUTES)}


def _bridge(hearing: Hearing, report_at: datetime, crossing: Crossing, way: Way | None) -> PlanStep:
    estimated = _is_estimated(hearing)
    wall = zones.local(report_at, hearing.report_zone)
    return PlanStep(
        f"{wall:%H:%M}",
        _("Bridge"),
        _unsure(hearing, OF_THE_BRIDGE)
        or (_("estimated; confirm it first") if estimated else _("documented; all is computed from here")),
        anchor=True,
        estimated=estimated,
        moment=report_at,
        clock=_("%(city)s time") % {"city": crossing.city.name},
        day=_day(wall.date(), way),
    )


def _court(hearing: Hearing, way: Way | None) -> PlanStep:
    wall = zones.local(hearing.court_at, hearing.court_zone)
    clock = _("%(city)s time") % {"city": hearing.court.city.name}
    note = _unsure(hearing, OF_THE_COURT)
    return PlanStep(f"{wall:%H:%M}", _("Court"), note, moment=hearing.court_at, clock=clock, day=_day(wall.date(), way))


def _unsure(hearing: Hearing, facts: Iterable[str]) -> str:
    """What to know of a clock on which sources differ."""
    return _("the sources do not match; settle that first") if set(facts) & set(hearing.conflicts) else ""


def _day(day: date, way: Way | None) -> str:
    """The day of a step, where the way goes over several."""
    return short_weekday(day) if way and way.sleeps_on_the_way else ""


def _is_estimated(hearing: Hearing) -> bool:
    return hearing.report_basis == Hearing.Basis.ESTIMATED
