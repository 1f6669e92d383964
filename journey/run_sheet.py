"""The run sheet of a shelter: who leaves in one night, when to wake them and in which room (docs/adr/run-sheet.md).

It is made to be printed and can be lost: nothing on it says what for, and no number of theirs stands on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor, Capability
from core.look import short_weekday
from hearings.models import Hearing, HearingQuerySet, trip_of
from journey import rules
from journey.families import Family, Member, families_of_hearings
from journey.gates import Passage, passage_at
from journey.leaving import is_far, sheet_day, way_of
from journey.rules import Way
from places import languages, zones
from places.models import City
from places.rules import folded
from shelters.discretion import isolates_only, name_told
from shelters.models import Shelter, Stay
from shelters.roster import rooms_told, sleepers_told


@dataclass(frozen=True, slots=True)
class Group:
    """Who leaves together: as the desk calls them, how many and how many of them children, where they sleep."""

    called: str
    people: int
    children: int
    room: str
    wake: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Departure:
    """Groups that go through the door at one moment to one place to meet, in words. "—" is an hour that nobody knows.

    `problem` is what the desk must see to before the night: the gate is shut, nobody planned the trip, the hour is not sure. `gate`
    says that somebody opens it, and `asks_for` (ISO 8601, `asks_hour` by its clock) at which moment somebody should, or does.
    """

    leave: str
    wake: str
    meet: str
    place: str
    problem: str
    gate: str
    asks_for: str
    asks_hour: str
    people: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class RunSheet:
    """All that leave one shelter on `day`; hours are those of its own clocks. `shelter` is empty for those without a place."""

    day: date
    shelter: str
    city: str
    zone: str
    departures: tuple[Departure, ...]

    @property
    def groups(self) -> int:
        """How many groups leave."""
        return sum(len(departure.groups) for departure in self.departures)

    @property
    def people(self) -> int:
        """How many people leave."""
        return sum(departure.people for departure in self.departures)

    @property
    def children(self) -> int:
        """How many of them are under 18."""
        return sum(group.children for departure in self.departures for group in departure.groups)


@dataclass(frozen=True)
class _Going:
    """The members of one household who go to one hearing and sleep in one shelter, or in none."""

    hearing: Hearing
    family: Family
    members: Sequence[Member]
    stays: Sequence[Any]
    city: City

    @property
    def is_sure(self) -> bool:
        return self.hearing.report_basis == Hearing.Basis.DOCUMENTED and not self.hearing.is_in_conflict

    @cached_property
    def night(self) -> Way | None:
        """When they wake and leave; nobody knows without an hour to be there, or without a road."""
        return way_of(self.hearing, sleeps_in=self.city, has_children=bool(self.children)) if self.stays else None

    @property
    def day(self) -> date:
        """On whose sheet they stand: that of the day of the bridge, or of the night or day on which they leave for another city."""
        return sheet_day(self.hearing, self.night)

    @property
    def gate(self) -> Passage | None:
        """The gate of their shelter as they leave."""
        if self.night is None:
            return None
        shelter = self.stays[0].unit.shelter
        return passage_at(
            self.night.leave_at,
            opens=shelter.gate_opens,
            closes=shelter.gate_closes,
            openings=self.members[0].openings,
            shelter=shelter.name,
            city=self.city.name,
            zone=self.city.zone,
        )

    @property
    def children(self) -> int:
        """How many are under 18 on the day."""
        day = self.hearing.report_on or self.hearing.court_on
        return sum(member.is_minor_on(day) for member in self.members)


def run_sheets(
    *, day: date, actor: Actor, now: datetime, shelter: Shelter | None = None
) -> tuple[list[RunSheet], list[Any]]:
    """The sheets of all who leave for `day` (a wall date of the place to meet), of `shelter` only when told.

    Who must be in another city stands on the sheet of the day on which they leave.
    Returns them with the keys of the households that stand on them, for the read log. Three queries. Where somebody isolates, only
    those who may see health or run a shelter find them on the sheet of that shelter.
    """
    hearings = _around(day, actor).for_clocks(with_sources=False)
    if shelter is not None:
        hearings = hearings.filter(household__in=_sleepers(actor, shelter).values("household"))
    found = list(hearings.select_related("household__site__city"))
    families = families_of_hearings(found, now=now, actor=actor)
    stays = _stays(actor, shelter, list(families))
    goings = [going for each in found for going in _goings(each, families[each.household_id], stays, shelter)]
    goings = [going for going in goings if going.day == day]
    goings.sort(key=_place)
    sheets = [_sheet(day, list(each), actor) for _key, each in groupby(goings, key=_place)]
    listed = {going.family.household.uid for going in goings}
    return sheets, [uid for uid in (family.household.uid for family in families.values()) if uid in listed]


def _around(day: date, actor: Actor) -> HearingQuerySet:
    """Those who must present on `day`, and those who sleep in another city than they must present in some days later."""
    in_another_city = (
        Stay.objects.open()
        .filter(household=OuterRef("household"))
        .exclude(unit__shelter__site__city=OuterRef("report_crossing__city"))
    )
    begins_at = datetime.combine(day, time(), UTC) - timedelta(days=1)
    near = Hearing.objects.visible_to(actor).presenting_in(begins_at, begins_at + timedelta(days=3 + rules.MOST_NIGHTS))
    return near.filter(Q(report_on=day) | Q(report_on=None, court_on=day) | Exists(in_another_city))


def _sleepers(actor: Actor, shelter: Shelter) -> Any:
    """The open stays in `shelter` that may stand on its sheet before `actor`."""
    return sleepers_told(Stay.objects.open().filter(unit__shelter=shelter), actor)


def _stays(actor: Actor, shelter: Shelter | None, households: list[int]) -> dict[int, list[Any]]:
    """Where the people of `households` sleep, by household. One query."""
    stays = Stay.objects.open() if shelter is None else _sleepers(actor, shelter)
    found: dict[int, list[Any]] = {}
    isolates = isolates_only(shelter=OuterRef("unit__shelter"))
    for stay in (
        stays.filter(household__in=households)
        .annotate(isolates=isolates)
        .select_related("unit__shelter__site__city", "bed")
        .order_by("unit__name", "bed__label", "pk")
    ):
        found.setdefault(stay.household_id, []).append(stay)
    return found


def _goings(hearing: Any, family: Family, stays: dict[int, list[Any]], only: Shelter | None) -> Iterable[_Going]:
    """Those who are summoned (all, where nobody was named), by the shelter in which they sleep."""
    summoned = set(hearing.summoned)
    members = {member.person.pk: member for member in family.members if not summoned or member.person.pk in summoned}
    theirs = [stay for stay in stays.get(family.household.pk, []) if stay.person_id in members]
    for _shelter, there in groupby(sorted(theirs, key=_shelter_of), key=_shelter_of):
        listed = list(there)
        goers = [members[stay.person_id] for stay in listed]
        yield _Going(hearing, family, goers, listed, listed[0].unit.shelter.site.city)
    housed = {stay.person_id for stay in theirs}
    homeless = [member for key, member in members.items() if key not in housed]
    if homeless and only is None:
        yield _Going(hearing, family, homeless, (), family.household.site.city)


def _shelter_of(stay: Any) -> int:
    return int(stay.unit.shelter_id)


def _place(going: _Going) -> tuple[bool, str, int]:
    """Shelters by name, those without a place last."""
    shelter = going.stays[0].unit.shelter if going.stays else None
    return (shelter is None, shelter.name if shelter else going.city.name, shelter.pk if shelter else going.city.pk)


def _sheet(day: date, goings: list[_Going], actor: Actor) -> RunSheet:
    first, city = (goings[0].stays[0] if goings[0].stays else None), goings[0].city
    sees_health = actor.can(Capability.SEE_HEALTH)
    name = first.unit.shelter.name if first else ""
    goings.sort(key=_moment)
    return RunSheet(
        day=day,
        shelter=name_told(name, city.name, is_isolation=bool(first and first.isolates), sees_health=sees_health),
        city=city.name,
        zone=city.zone,
        departures=tuple(_departure(day, list(together)) for _key, together in groupby(goings, key=_moment)),
    )


def _moment(going: _Going) -> tuple[Any, ...]:
    """Earliest first, those whose hour nobody knows last; what is sure stands apart from what is not."""
    hearing, night = going.hearing, going.night
    moment = night.leave_at if night else hearing.report_at
    when = moment.timestamp() if moment else 0
    there = hearing.present_at.timestamp()
    return (moment is None, when, night is None, hearing.report_crossing_id or 0, there, not going.is_sure)


def _departure(day: date, together: list[_Going]) -> Departure:
    first = together[0]
    hearing, night, zone = first.hearing, first.night, first.city.zone
    together.sort(key=_waking)
    wakes = [going.night.wake_at for going in together if going.night]
    gate = first.gate
    opened_at = gate.opened_at if gate and gate.state == "opened" else None
    return Departure(
        leave=_hour(night.leave_at if night else None, zone, day),
        wake=_hour(min(wakes, default=None), zone, day),
        meet=_hour(hearing.report_at, zone, day),
        place=_place_to_meet(hearing, first.city),
        problem=_problem(first),
        gate=_("Somebody opens the gate at %(hour)s.") % {"hour": f"{opened_at:%H:%M}"} if opened_at else "",
        asks_hour=_hour(night.gate_at if night else None, zone, day),
        asks_for=night.gate_at.isoformat() if night and gate and gate.state != "open" else "",
        people=sum(len(going.members) for going in together),
        groups=tuple(_group(day, going) for going in together),
    )


def _waking(going: _Going) -> tuple[float, str, str]:
    """Those who are woken first, then room by room, as somebody walks through the house."""
    return (
        going.night.wake_at.timestamp() if going.night else 0,
        going.stays[0].unit.name if going.stays else "",
        folded(going.family.called_out),
    )


def _group(day: date, going: _Going) -> Group:
    return Group(
        called=going.family.called_out,
        people=len(going.members),
        children=going.children,
        room=" · ".join(rooms_told(going.stays)),
        wake=_hour(going.night.wake_at if going.night else None, going.city.zone, day),
        remarks=" · ".join(_remarks(going)),
    )


def _remarks(going: _Going) -> Iterable[str]:
    code = going.family.household.language
    if code != "spa":
        yield languages.autonym_of(code)
    away = sum(1 for member in going.members if member.missing_since)
    if away:
        yield ngettext("%(count)d is not with them", "%(count)d are not with them", away) % {"count": away}


def _hour(moment: datetime | None, zone: str, day: date) -> str:
    """`moment` on the clocks of the shelter, with the weekday when it is not of `day`."""
    if moment is None:
        return "—"
    wall = zones.local(moment, zone)
    return f"{wall:%H:%M}" if wall.date() == day else f"{short_weekday(wall.date())} {wall:%H:%M}"


def _place_to_meet(hearing: Hearing, city: City) -> str:
    """Where they meet, as people there call it, with its city and hour where those are others than the shelter's."""
    crossing, report_at = hearing.report_crossing, hearing.report_at
    if crossing is None:
        return ""
    name, there = crossing.also_called or crossing.name, crossing.city
    if report_at and zones.difference_minutes(report_at, there.zone, city.zone):
        hour = f"{zones.local(report_at, there.zone):%H:%M}"
        words = {"place": name, "hour": hour, "city": there.name}
        return _("%(place)s (%(hour)s by the clocks of %(city)s)") % words
    return name if there.pk == city.pk else f"{name}, {there.name}"


def _problem(going: _Going) -> str:
    """What stands in the way of this departure."""
    shelter = going.stays[0].unit.shelter if going.stays else None
    if going.hearing.report_at is None:
        return _("Nobody knows the hour yet. Ask before the night.")
    found = []
    if is_far(going.hearing, going.city) and shelter is not None and trip_of(going.hearing) is None:
        found.append(_("They meet in another city. Plan the trip."))
    gate = going.gate
    if gate is not None and gate.state == "shut":
        words = {"hour": f"{gate.opens:%H:%M}"}
        found.append(_("The gate is shut until %(hour)s. See to it that somebody opens.") % words)
    if not going.is_sure:
        found.append(_("The hour is not sure yet. Confirm it before the night."))
    return " ".join(found)
