"""The roll of a shelter as it is called: room by room, family by family, each guest with what was seen of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from cases.models import Absence, Household
from cases.names import family_name
from core.actors import Actor
from places.rules import folded
from shelters.models import RollCall, RollCallMark, Shelter, Stay, StayQuerySet
from shelters.models.stays import AT_COURT

Seen = RollCallMark.Seen


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody on the roll. `seen` is empty until they were called; of whoever is known to be away it is what is known.

    `missing_since` is since when they are away, `is_out` whether it is known where.
    """

    key: int
    name: str
    bed: str
    seen: str
    missing_since: datetime | None
    is_out: bool


@dataclass(frozen=True, slots=True)
class Family:
    """The guests of one household in one room."""

    household: Household
    name: str
    guests: tuple[Guest, ...]

    @property
    def keys(self) -> str:
        """Its guests, as a form names them."""
        return "-".join(str(guest.key) for guest in self.guests)


@dataclass(frozen=True, slots=True)
class Room:
    """The families in one room, by name."""

    key: int
    name: str
    families: tuple[Family, ...]

    @property
    def guests(self) -> list[Guest]:
        """Everybody in it."""
        return [guest for family in self.families for guest in family.guests]

    @property
    def called(self) -> int:
        """How many of them were called."""
        return sum(1 for guest in self.guests if guest.seen)

    @property
    def keys(self) -> str:
        """Everybody in it, as a form names them."""
        return "-".join(str(guest.key) for guest in self.guests)

    @property
    def is_done(self) -> bool:
        """Whether all of them were."""
        return self.called == len(self.guests)


@dataclass(frozen=True, slots=True)
class Roll:
    """The whole house. `unlisted` sleep there too, and their files belong to others."""

    rooms: tuple[Room, ...]
    unlisted: int

    @property
    def guests(self) -> list[Guest]:
        """Everybody on the roll."""
        return [guest for room in self.rooms for guest in room.guests]

    @property
    def tally(self) -> dict[str, int]:
        """As `tally_of`."""
        return _tally(Counter(guest.seen for guest in self.guests))

    @property
    def missing(self) -> list[tuple[Room, Family, Guest]]:
        """Those who were not seen."""
        return self._where(Seen.MISSING)

    @property
    def uncalled(self) -> list[tuple[Room, Family, Guest]]:
        """Those whom nobody called."""
        return self._where("")

    def _where(self, seen: str) -> list[tuple[Room, Family, Guest]]:
        return [
            (room, family, guest)
            for room in self.rooms
            for family in room.families
            for guest in family.guests
            if guest.seen == seen
        ]

    @property
    def households(self) -> list[Household]:
        """The households in sight."""
        return list({family.household.pk: family.household for room in self.rooms for family in room.families}.values())


def open_roll_call(shelter: Shelter, now: datetime) -> RollCall | None:
    """The roll call that goes on in `shelter`; one that grew old does not."""
    standing = RollCall.objects.open().filter(shelter=shelter).first()
    return None if standing is None or standing.is_old_at(now) else standing


def tally_of(shelter: Shelter, *, roll_call: RollCall, actor: Actor) -> dict[str, int]:
    """How many guests in sight are here, out, not seen, and left to call. Two queries that read no names."""
    marks = dict(roll_call.marks.values_list("person_id", "seen"))
    there = _there(shelter, actor).order_by().select_related("household").only("person_id", "household__step")
    return _tally(Counter(_seen(stay, marks) for stay in there))


def _tally(seen: Counter[str]) -> dict[str, int]:
    return {"here": seen[Seen.HERE], "out": seen[Seen.OUT], "missing": seen[Seen.MISSING], "left": seen[""]}


def roll_of(shelter: Shelter, *, roll_call: RollCall | None, actor: Actor) -> Roll:
    """The roll of `shelter` as far as `actor` may see its guests. Three queries."""
    marks = dict(roll_call.marks.values_list("person_id", "seen")) if roll_call else {}
    stays = list(
        _there(shelter, actor)
        .select_related("person", "household", "unit", "bed")
        .order_by("unit__name", "unit_id", "household_id", "person__position", "person_id")
    )
    by_room: dict[int, list[Any]] = {}
    for stay in stays:
        by_room.setdefault(stay.unit_id, []).append(stay)
    rooms = tuple(_room(listed, marks) for listed in by_room.values())
    everybody = Stay.objects.open().filter(unit__shelter=shelter).count()
    return Roll(rooms, everybody - len(stays))


def _there(shelter: Shelter, actor: Actor) -> StayQuerySet:
    """The guests of `shelter` whom `actor` may see, with the absence of those who are out or missing."""
    absence = Absence.objects.open().filter(person=OuterRef("person"))
    return (
        Stay.objects.open()
        .filter(unit__shelter=shelter)
        .visible_to(actor)
        .annotate(
            missing_since=Subquery(absence.values("noted_at")[:1]),
            expected_at=Subquery(absence.filter(lost_at=None).values("expected_at")[:1]),
        )
    )


def _seen(stay: Any, marks: Mapping[int, str]) -> str:
    """What was seen of a guest; of whoever was not called, what is known of where they are."""
    if stay.person_id in marks:
        return marks[stay.person_id]
    if stay.household.step in AT_COURT or stay.expected_at:
        return Seen.OUT.value
    return Seen.MISSING.value if stay.missing_since else ""


def _room(stays: Sequence[Any], marks: Mapping[int, str]) -> Room:
    together: dict[int, list[Any]] = {}
    for stay in stays:
        together.setdefault(stay.household_id, []).append(stay)
    families = (_family(listed, marks) for listed in together.values())
    unit = stays[0].unit
    return Room(unit.pk, unit.name, tuple(sorted(families, key=lambda family: folded(family.name))))


def _family(stays: Sequence[Any], marks: Mapping[int, str]) -> Family:
    name = family_name([stay.person for stay in stays])
    return Family(stays[0].household, name, tuple(_guests(stays, marks)))


def _guests(stays: Iterable[Any], marks: Mapping[int, str]) -> Iterable[Guest]:
    for stay in stays:
        person = stay.person
        yield Guest(
            key=person.pk,
            name=person.given_names or person.full_name or _("Person %(number)d") % {"number": person.position},
            bed=stay.bed.label if stay.bed else "",
            seen=_seen(stay, marks),
            missing_since=stay.missing_since,
            is_out=bool(stay.expected_at),
        )
