"""What a calendar feed holds at a moment: when, where, how many. Nobody's name, number or code."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count

from cases.models import Person
from core.actors import Actor
from docket.models import CalendarEntry, CalendarFeed
from hearings.models import Hearing, HearingQuerySet
from journey.leaving import way_of
from places.models import City
from shelters.models import Stay
from shelters.roster import sleepers_told

Face = tuple[datetime, str, str]  # a moment, and the zone and city of the clocks that show it

AHEAD = timedelta(days=60)
AN_HOUR = timedelta(hours=1)
# Where several families stand under one entry, the least sure hour counts.
UNSURE_FIRST = (Hearing.Basis.UNKNOWN, Hearing.Basis.ESTIMATED, Hearing.Basis.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry. It begins and ends by the clocks of two places, each with its zone and city; its fields are those of an entry."""

    key: uuid.UUID
    begins_at: datetime
    begins_zone: str
    begins_in: str
    ends_at: datetime
    ends_zone: str
    ends_in: str
    place: str
    basis: str
    people: int
    families: int

    def is_as(self, entry: CalendarEntry) -> bool:
        """Whether `entry` says the same and stands."""
        return not entry.is_cancelled and all(getattr(entry, name) == getattr(self, name) for name in SAID)


SAID = tuple(field.name for field in fields(Appointment))


@dataclass(frozen=True, slots=True)
class _Going:
    """Those of one household who go to one hearing."""

    hearing: Hearing
    people: int
    leaves_at: datetime | None = None
    sleeps_in: City | None = None


def appointments_of(
    feed: CalendarFeed, *, actor: Actor, at: datetime
) -> tuple[dict[uuid.UUID, Appointment], set[uuid.UUID]]:
    """What `feed` holds of the next sixty days, by key, and whose households stand behind it.

    `actor` is its holder: nothing gets into a calendar that its holder could not see on a page. Three queries.
    """
    hearings = (
        Hearing.objects.visible_to(actor)
        .filter(present_at__gte=at, present_at__lt=at + AHEAD)
        .exclude(status=Hearing.Status.CANCELLED)
        .select_related("household", "court__city", "report_crossing__city")
        .order_by("present_at", "pk")
    )
    if feed.kind == CalendarFeed.Kind.SHELTER:
        goings = list(_leaving(feed, hearings, actor))
    else:
        goings = list(_presenting(hearings.filter(household__site=feed.site)))
    found = _one_each(goings) if feed.kind == CalendarFeed.Kind.OFFICE else _together(feed, goings)
    return {each.key: each for each in found}, {going.hearing.household.uid for going in goings}


def _presenting(hearings: HearingQuerySet) -> Iterator[_Going]:
    """Everybody of a field site who must present; all of a household where nobody was named."""
    found = [(hearing, hearing.called) for hearing in hearings.annotate(called=Count("summonses"))]  # type: ignore[attr-defined]
    unnamed = {hearing.household_id for hearing, called in found if not called}
    members = Person.objects.filter(household__in=unnamed).values_list("household").annotate(people=Count("pk"))
    sizes = dict(members.order_by())
    for hearing, called in found:
        yield _Going(hearing, called or sizes.get(hearing.household_id, 0))


def _leaving(feed: CalendarFeed, hearings: HearingQuerySet, actor: Actor) -> Iterator[_Going]:
    """Those who sleep in the shelter and may be named there before its calendar's holder."""
    city, sleepers = feed.site.city, dict[int, set[int]]()
    stays = sleepers_told(Stay.objects.open().filter(unit__shelter__site=feed.site), actor)
    for household, person in stays.values_list("household_id", "person_id"):
        sleepers.setdefault(household, set()).add(person)
    for hearing in hearings.filter(household__in=sleepers).for_clocks(with_sources=False):
        here = sleepers[hearing.household_id]
        named = set(hearing.summoned)
        if people := len(named & here if named else here):
            way = way_of(hearing, sleeps_in=city, has_children=True)
            yield _Going(hearing, people, way.leave_at if way else None, city)


def _one_each(goings: Iterable[_Going]) -> Iterator[Appointment]:
    """A hearing is an entry of its own, known by the hearing's own uid: from the bridge to the court."""
    for going in goings:
        hearing = going.hearing
        bridge, court = _at_bridge(hearing), _at_court(hearing)
        yield _appointment(hearing.uid, bridge or court, court if bridge else _later(court), [going])


def _together(feed: CalendarFeed, goings: Iterable[_Going]) -> Iterator[Appointment]:
    """Those who leave, or stand at the same crossing, at one moment are one entry."""
    for slot, grouped in groupby(sorted(goings, key=_slot), key=_slot):
        together = list(grouped)
        first = together[0]
        begins = bridge = _at_bridge(first.hearing) or _at_court(first.hearing)
        ends = _later(bridge)
        if first.leaves_at and first.sleeps_in:
            begins, ends = (first.leaves_at, first.sleeps_in.zone, first.sleeps_in.name), bridge
        yield _appointment(uuid.uuid5(feed.uid, "|".join(map(str, slot))), begins, ends, together)


def _slot(going: _Going) -> tuple[Any, ...]:
    hearing = going.hearing
    moment = (going.leaves_at or hearing.present_at).astimezone(UTC)
    return (moment.isoformat(), hearing.report_crossing_id or 0, hearing.report_at is not None)


def _at_bridge(hearing: Hearing) -> Face | None:
    crossing = hearing.report_crossing
    return (hearing.report_at, hearing.report_zone, crossing.city.name) if crossing and hearing.report_at else None


def _at_court(hearing: Hearing) -> Face:
    return (hearing.court_at, hearing.court_zone, hearing.court.city.name)


def _later(face: Face) -> Face:
    return (face[0] + AN_HOUR, *face[1:])


def _appointment(key: uuid.UUID, begins: Face, ends: Face, together: Sequence[_Going]) -> Appointment:
    crossing = together[0].hearing.report_crossing
    return Appointment(
        key,
        *begins,
        *ends,
        place=f"{crossing.name}, {crossing.city.name}" if crossing else "",
        basis=min((going.hearing.report_basis for going in together), key=UNSURE_FIRST.index),
        people=sum(going.people for going in together),
        families=len({going.hearing.household_id for going in together}),
    )
