"""From a plan in its table to a problem in plain numbers, and back: which rooms, which rules, which reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from cases.models import Household, HouseholdQuerySet
from core.actors import Actor
from shelters.models import Plan, PlanLine, Shelter
from shelters.offers import Vacancy, house_of, vacancies_of
from shelters.planning.choosing import Choice
from shelters.planning.problem import Group, Problem, Room, Worth
from shelters.planning.wishes import points_of, reasons_for
from shelters.priority import priority_of
from shelters.reason_words import kept
from shelters.rules import Party, broken_rules
from shelters.seekers import Seeker, seekers_of

MOST_TOLD = 3


@dataclass(frozen=True)
class Prepared:
    """A plan ready to be solved: the problem, and by key the seekers, the rooms, and the lines as they stood."""

    problem: Problem
    seekers: Mapping[int, Seeker]
    rooms: Mapping[int, Vacancy]
    lines: Sequence[PlanLine]


def shelters_for(plan: Plan, *, actor: Actor, at: datetime) -> list[Shelter]:
    """The shelters of the plan's city in which it may place, counted at `at`: not the one that closes, or without the room that does."""
    seen = Shelter.objects.visible_to(actor).filter(site__parent=plan.site_id).open_at(at)
    open_ones = seen if plan.shelter_id is None or plan.unit_id is not None else seen.exclude(pk=plan.shelter_id)
    return list(open_ones.with_figures(at, without=plan.unit_id).order_by("name", "pk"))


def seekers_for(plan: Plan, households: HouseholdQuerySet, *, at: datetime) -> list[Seeker]:
    """The seekers that `households` of `plan` are at `at`: who loses only a room would like to stay in the shelter."""
    seekers = seekers_of(households, at=at)
    if plan.unit_id is None:
        return seekers
    return [replace(seeker, wishes=replace(seeker.wishes, house=plan.shelter_id)) for seeker in seekers]


def prepare(plan: Plan, *, actor: Actor, at: datetime) -> Prepared:
    """The problem that `plan` is at `at`. A constant number of queries, whatever its size."""
    lines = list(PlanLine.objects.filter(plan=plan).exclude(fate=PlanLine.Fate.PLACED))
    households = Household.objects.visible_to(actor).filter(pk__in=[line.household_id for line in lines])
    seekers = {seeker.household.pk: seeker for seeker in seekers_for(plan, households, at=at)}
    shelters = shelters_for(plan, actor=actor, at=at)
    rooms = {vacancy.unit.pk: vacancy for vacancy in vacancies_of(shelters, at=at)}
    standing = [line for line in lines if line.household_id in seekers]
    return Prepared(_problem(standing, seekers, rooms, shelters, at), seekers, rooms, standing)


def _problem(
    lines: Sequence[PlanLine],
    seekers: Mapping[int, Seeker],
    rooms: Mapping[int, Vacancy],
    shelters: Sequence[Shelter],
    at: datetime,
) -> Problem:
    known = {line.household_id for line in lines}
    costs = {
        (line.household_id, unit): points_of(seekers[line.household_id].wishes, vacancy.offer)
        for line in lines
        for unit, vacancy in rooms.items()
        if is_open_to(line, seekers[line.household_id], vacancy)
    }
    return Problem(
        groups=tuple(_group(line, seekers[line.household_id], at) for line in lines),
        rooms=tuple(Room(key, room.shelter.pk, room.free or 0) for key, room in rooms.items()),
        houses=tuple(house_of(shelter) for shelter in shelters),
        costs=costs,
        together=_pairs(known, {key: seekers[key].relatives for key in known}),
        apart=_pairs(known, {key: seekers[key].parted for key in known}),
        held=_held_for(seekers.values(), rooms),
    )


def _held_for(seekers: Iterable[Seeker], rooms: Mapping[int, Vacancy]) -> dict[tuple[int, int], int]:
    """Places that rooms keep for households of this plan, by household and room."""
    return {
        (seeker.household.pk, unit): min(seeker.party.people, rooms[unit].unit.places_held)
        for seeker in seekers
        if (unit := seeker.wishes.held) is not None and unit in rooms
    }


def is_open_to(line: PlanLine, seeker: Seeker, vacancy: Vacancy) -> bool:
    """Whether the plan may propose a room for a household: no hard rule, no pin elsewhere, no shelter ruled out."""
    if line.pinned_unit_id not in (None, vacancy.unit.pk) or vacancy.shelter.pk in line.barred or vacancy.free is None:
        return False
    return vacancy.unit.pk != seeker.sleeps_in and not broken_rules(vacancy.rules, seeker.party)


def _group(line: PlanLine, seeker: Seeker, at: datetime) -> Group:
    urgency = priority_of(seeker, at=at).points
    return Group(line.household_id, seeker.party.people, urgency, line.pinned_unit_id is not None)


def _pairs(known: set[int], others: Mapping[int, frozenset[int]]) -> frozenset[tuple[int, int]]:
    return frozenset(
        (min(one, other), max(one, other)) for one in known for other in others[one] if other in known and other != one
    )


def solved_lines(prepared: Prepared, placed: Mapping[int, int]) -> list[PlanLine]:
    """The lines with what was found for each, not yet written."""
    urgency = {group.key: group.urgency for group in prepared.problem.groups}
    for line in prepared.lines:
        line.urgency = urgency[line.household_id]
        seeker, unit = prepared.seekers[line.household_id], placed.get(line.household_id)
        line.unit_id, line.people = unit, seeker.party.people
        line.fate, line.refusal = PlanLine.Fate.OPEN, ""
        line.reasons = [] if unit is None else kept(reasons_for(seeker.wishes, prepared.rooms[unit].offer))
        line.why_not = [] if unit is not None else why_not(line, seeker, prepared.rooms.values())
    return list(prepared.lines)


def why_not(line: PlanLine, seeker: Seeker, rooms: Iterable[Vacancy]) -> list[str]:
    """Why a household stays without: that its rooms are full, or the rules that most rooms break."""
    suits = [room for room in rooms if not broken_rules(room.rules, seeker.party)]
    if line.pinned_unit_id is not None:
        pinned = [room for room in suits if room.unit.pk == line.pinned_unit_id]
        return ["pinned_full"] if pinned else _rules_broken(seeker.party, _pinned(line, rooms))
    if not suits:
        return _rules_broken(seeker.party, rooms)
    if all(room.shelter.pk in line.barred for room in suits):
        return ["barred"]
    return ["unknown_capacity"] if all(room.free is None for room in suits) else ["no_room"]


def _pinned(line: PlanLine, rooms: Iterable[Vacancy]) -> list[Vacancy]:
    return [room for room in rooms if room.unit.pk == line.pinned_unit_id]


def _rules_broken(party: Party, rooms: Iterable[Vacancy]) -> list[str]:
    counts = Counter(str(rule) for room in rooms for rule in broken_rules(room.rules, party))
    return [rule for rule, _times in counts.most_common(MOST_TOLD)] or ["no_room"]


def facts_of(choice: Choice, *, seconds: float, rooms: int) -> dict[str, Any]:
    """What a plan keeps of how it was found: both totals, which is kept, and how long it took."""
    return {
        "plain": _told(choice.plain),
        "thorough": _told(choice.thorough) if choice.thorough else None,
        "is_thorough": choice.is_thorough,
        "seconds": round(seconds, 2),
        "rooms": rooms,
    }


def _told(worth: Worth) -> dict[str, Any]:
    return {key: value for key, value in asdict(worth).items() if key != "cost"}
