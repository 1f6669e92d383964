"""The plan of the night, read backwards from the bridge: each step says what it is computed from."""

from datetime import datetime

from django.utils.translation import gettext as _

from core.look import PlanStep
from hearings.models import Hearing
from journey import rules
from journey.families import Family
from places import zones


def plan_of(family: Family) -> tuple[PlanStep, ...]:
    """The steps up to the court, in the clock of the bridge; empty while nobody knows when to stand there.

    Who sleeps in another city than the bridge needs a travel plan of its own: no time to leave is made up.
    """
    hearing = family.hearing
    if hearing is None or hearing.report_at is None or hearing.report_crossing is None:
        return ()
    return (*_before_bridge(family, hearing, hearing.report_at), _bridge(hearing, hearing.report_at), _court(hearing))


def _before_bridge(family: Family, hearing: Hearing, report_at: datetime) -> tuple[PlanStep, ...]:
    crossing, city = hearing.report_crossing, family.sleeps_in
    if crossing is None or crossing.city_id != city.pk:
        there = crossing.city.name if crossing else ""
        note = _("They sleep in %(here)s: plan the trip to %(there)s") % {"here": city.name, "there": there}
        return (PlanStep("—", _("Leave"), note),)
    has_children = bool(family.minors_on(zones.local(report_at, hearing.report_zone).date()))
    night = rules.night_before(report_at, has_children=has_children)
    estimated = _is_estimated(hearing)
    return (
        PlanStep(_clock(night.wake_at, hearing), _("Wake up"), _waking(night, has_children), estimated=estimated),
        PlanStep(_clock(night.leave_at, hearing), _("Leave"), _road(family), estimated=estimated),
    )


def _waking(night: rules.Night, has_children: bool) -> str:
    words = _("%(minutes)d min with children") if has_children else _("%(minutes)d min to get ready")
    return words % {"minutes": night.wake_minutes}


def _road(family: Family) -> str:
    assumed = _("%(road)d min on the road + %(margin)d to spare, assumed") % {
        "road": rules.ROAD_MINUTES,
        "margin": rules.MARGIN_MINUTES,
    }
    return assumed if family.sleep else _("no place yet; %(assumed)s") % {"assumed": assumed}


def _bridge(hearing: Hearing, report_at: datetime) -> PlanStep:
    note = _("estimated; confirm it first") if _is_estimated(hearing) else _("documented; all is computed from here")
    return PlanStep(_clock(report_at, hearing), _("Bridge"), note, anchor=True, estimated=_is_estimated(hearing))


def _court(hearing: Hearing) -> PlanStep:
    wall = zones.local(hearing.court_at, hearing.court_zone)
    return PlanStep(f"{wall:%H:%M}", _("Court"), _("%(city)s time") % {"city": hearing.court.city.name})


def _clock(moment: datetime, hearing: Hearing) -> str:
    return f"{zones.local(moment, hearing.report_zone):%H:%M}"


def _is_estimated(hearing: Hearing) -> bool:
    return hearing.report_basis == Hearing.Basis.ESTIMATED
