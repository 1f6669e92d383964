"""Who sleeps in a shelter, who came today and who left: decrypted and sorted in memory, since nothing encrypted is sorted in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject
from django.utils.functional import Promise

from cases.models import Absence, Household
from cases.names import family_name
from cases.states import Step
from core.actors import Actor, Capability
from places.rules import folded
from places.zones import local
from shelters.board import RESERVED
from shelters.discretion import isolates_only, name_told, reason_told
from shelters.models import LeavingReason, RollCallMark, Shelter, Stay, StayQuerySet, Transfer, Unit
from shelters.models.stays import AT_COURT
from shelters.moves import State
from shelters.rules import Kind


@dataclass(frozen=True, slots=True)
class Going:
    """The transfer that a family waits for or is about to leave with."""

    uid: str
    to_shelter: str
    state: State
    leaves_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many of a family were not seen, the first of them since when, and whether that was when the roll was called."""

    people: int
    since: datetime
    at_roll_call: bool
    is_lost: bool


@dataclass(frozen=True, slots=True)
class Guests:
    """The people of one household who sleep in one room, by the name that its desk calls them by.

    `beds` are theirs where the room numbers them; `away` of them are out tonight; `unseen` say of whom nobody knows where they are;
    `going` is their transfer, where one is open. `since` they sleep in the shelter, in whichever room; `until` is the day on which the
    longest stay of the house is over for the first of them, None where it has none or that is not told.
    """

    household: Household
    name: str
    people: int
    unit: Unit
    beds: tuple[str, ...]
    since: datetime
    until: date | None
    away: int
    unseen: Unseen | None
    over_capacity_reason: str
    going: Going | None


@dataclass(frozen=True, slots=True)
class Passage:
    """The people of one household who came to a room, or left it, at one moment; `is_move` where they came from another room."""

    household: Household
    name: str
    people: int
    room: str
    at: datetime
    words: str
    is_move: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A shelter's guests by room and name; who came today and who left, the last first."""

    guests: tuple[Guests, ...]
    came: tuple[Passage, ...]
    left: tuple[Passage, ...]

    @property
    def people(self) -> int:
        """How many sleep there."""
        return sum(one.people for one in self.guests)


def roster_of(shelter: Shelter, *, actor: Actor, day_began: datetime) -> Roster:
    """The roster of `shelter` as far as `actor` may see its guests, with the day that began at `day_began`. One query."""
    stays = list(_stays(shelter, actor, day_began))
    there = [stay for stay in stays if stay.ends_at is None]
    came = [stay for stay in stays if stay.begins_at >= day_began and stay.leaving_reason != LeavingReason.MISTAKE]
    goes_on = {(stay.person_id, stay.begins_at) for stay in came}
    left = [
        stay
        for stay in stays
        if stay.ends_at
        and stay.leaving_reason != LeavingReason.MISTAKE
        and (stay.person_id, stay.ends_at) not in goes_on
    ]
    sees_health = actor.can(Capability.SEE_HEALTH)
    longest = shelter.max_stay_days if _sees_all(actor) else None
    return Roster(
        guests=tuple(
            sorted((_guests(each, shelter, longest, sees_health) for each in _together(there, "unit_id")), key=_by_room)
        ),
        came=_passages(came, "begins_at"),
        left=_passages(left, "ends_at", sees_health=sees_health),
    )


def sleepers_told(stays: StayQuerySet, actor: Actor) -> StayQuerySet:
    """Those of `stays` whose people may be named to `actor` where they sleep: who isolates, to those who see health or run a shelter."""
    return stays if _sees_all(actor) else stays.exclude(unit__kind=Kind.ISOLATION)


def _sees_all(actor: Actor) -> bool:
    return actor.can(Capability.SEE_HEALTH) or actor.can(Capability.RUN_SHELTER)


def _stays(shelter: Shelter, actor: Actor, day_began: datetime) -> Iterable[Any]:
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gte=day_began)
    absence = Absence.objects.open().filter(person=OuterRef("person"))
    missed = RollCallMark.objects.filter(
        person=OuterRef("person"), seen=RollCallMark.Seen.MISSING, roll_call__ended_at=OuterRef("noted_at")
    )
    away = JSONObject(
        since="noted_at",
        is_out=Case(When(expected_at__isnull=False, lost_at__isnull=True, then=Value(True)), default=Value(False)),
        is_lost=Case(When(lost_at__isnull=False, then=Value(True)), default=Value(False)),
        at_roll_call=Exists(missed),
    )
    going = Transfer.objects.open().filter(household=OuterRef("household"), from_shelter=shelter)
    told = JSONObject(
        uid="uid",
        to_shelter="to_shelter__name",
        city="to_shelter__site__city__name",
        isolates=isolates_only(shelter=OuterRef("to_shelter")),
        state="state",
        leaves_at="leaves_at",
    )
    return (
        sleepers_told(Stay.objects.filter(lasting, unit__shelter=shelter), actor)
        # Before some each room stands for itself: days in a room that they are not shown would tell of it.
        .with_came_at(each_room=not _sees_all(actor))
        .visible_to(actor)
        .select_related("person", "household", "unit", "bed")
        .annotate(absence=Subquery(absence.values(row=away)[:1]), going=Subquery(going.values(row=told)[:1]))
        .order_by("household_id", "person__position", "person_id")
    )


def _together(stays: Iterable[Any], *by: str) -> Iterable[list[Any]]:
    """`stays` by household and what else they share, each in the order of its people."""
    key = attrgetter("household_id", *by)
    for _key, listed in groupby(sorted(stays, key=key), key=key):
        yield list(listed)


def _guests(stays: list[Any], shelter: Shelter, longest: int | None, sees_health: bool) -> Guests:
    first, since = stays[0], min(stay.came_at for stay in stays)
    at_court = Step(first.household.step) in AT_COURT
    return Guests(
        household=first.household,
        name=family_name([stay.person for stay in stays]),
        people=len(stays),
        unit=first.unit,
        beds=tuple(sorted(stay.bed.label for stay in stays if stay.bed)),
        since=since,
        until=_until(since, longest, shelter),
        away=sum(1 for stay in stays if at_court or (stay.absence and stay.absence["is_out"])),
        unseen=None if at_court else _unseen([stay.absence for stay in stays if stay.absence]),
        over_capacity_reason=next((stay.over_capacity_reason for stay in stays if stay.over_capacity_reason), ""),
        going=_going(first.going, sees_health),
    )


def _until(since: datetime, longest: int | None, shelter: Shelter) -> date | None:
    return None if longest is None else local(since + timedelta(days=longest), shelter.site.city.zone).date()


def _unseen(absences: Iterable[dict[str, Any]]) -> Unseen | None:
    """Those of `absences` of whom nobody knows where they are."""
    listed = sorted((each for each in absences if not each["is_out"]), key=itemgetter("since"))
    if not listed:
        return None
    return Unseen(
        people=len(listed),
        since=datetime.fromisoformat(listed[0]["since"]),
        at_roll_call=listed[0]["at_roll_call"],
        is_lost=any(each["is_lost"] for each in listed),
    )


def _going(row: dict[str, Any] | None, sees_health: bool) -> Going | None:
    if row is None:
        return None
    name = name_told(row["to_shelter"], row["city"], is_isolation=row["isolates"], sees_health=sees_health)
    leaves_at = datetime.fromisoformat(row["leaves_at"]) if row["leaves_at"] else None
    return Going(row["uid"], name, State(row["state"]), leaves_at)


def _by_room(guests: Guests) -> tuple[str, int, str]:
    return (guests.unit.name, guests.unit.pk, folded(guests.name))


def _passages(stays: Iterable[Any], moment: str, *, sees_health: bool = False) -> tuple[Passage, ...]:
    found = [
        Passage(
            household=listed[0].household,
            name=family_name([stay.person for stay in listed]),
            people=len(listed),
            room=" · ".join(rooms_of(listed)),
            at=getattr(listed[0], moment),
            words=reason_told(listed[0].leaving_reason, sees_health=sees_health) if moment == "ends_at" else "",
            is_move=listed[0].came_at < listed[0].begins_at,
        )
        for listed in _together(stays, moment)
    ]
    return tuple(sorted(found, key=attrgetter("at"), reverse=True))


def rooms_of(stays: Sequence[Stay], *, word: Promise | None = None) -> Iterable[str]:
    """Each room once, with its beds: "Cuarto 7 (01, 02)". With a `word`, rooms for isolation go by it."""
    for unit in dict.fromkeys(stay.unit for stay in stays):
        beds = [stay.bed.label for stay in stays if stay.unit == unit and stay.bed]
        name = str(word) if word is not None and unit.kind == Kind.ISOLATION else unit.name
        yield f"{name} ({', '.join(beds)})" if beds else name


def rooms_told(stays: Sequence[Stay]) -> Iterable[str]:
    """As `rooms_of`, for paper: it can be lost, so no room says that somebody isolates."""
    return rooms_of(stays, word=RESERVED)
