"""What speaks for and against a room for one household, in points: the soft rules. The hard ones stand in `shelters.rules`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from places.rules import kilometres
from places.zones import local
from shelters.planning.weights import weight
from shelters.rules import Kind, gate_is_open

FAR_KM = 60.0
SCHOOL_AGES = range(4, 16)  # when Mexican law asks for school: three years of kindergarten to the end of secondary


class Reason(NamedTuple):
    """A reason by its code, in points against the room for each person (0 speaks for it); `told` holds what its words name."""

    code: str
    points: int = 0
    told: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The bridge to be near to, by the key of its city and its (latitude, longitude)."""

    name: str
    city: int
    point: tuple[float, float] | None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a household would like. `kin`, `apart` and `earlier` are keys of shelters, `held` and of a unit.

    `leaves_at` is the moment at which it leaves for its next hearing, `nights` how many there are until then. `house` is the shelter
    in which it sleeps, where only its room closes.
    """

    near: Near | None = None
    language: str = ""
    kin: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    earlier: frozenset[int] = frozenset()
    school_age: int = 0
    nights: int | None = None
    leaves_at: datetime | None = None
    needs: frozenset[str] = frozenset()
    is_minor_alone: bool = False
    held: int | None = None
    house: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A room as a household sees it: `unit` and `shelter` are keys, `load` the part of the shelter's places that is taken.

    `count_age_days` is None where the shelter never confirmed its count; `languages` is empty where nobody said.
    The gate goes by the clock of `zone`, that of the city called `city_name`.
    """

    unit: int
    shelter: int
    kind: str
    city: int
    city_name: str
    zone: str
    point: tuple[float, float] | None
    is_accessible: bool = False
    is_lgbtq_safe: bool = False
    takes_pets: bool | None = None
    languages: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    gate_opens: time | None = None
    gate_closes: time | None = None
    max_stay_days: int | None = None
    closes_on: date | None = None
    load: float = 0.0
    over: int = 0
    count_age_days: float | None = None


def reasons_for(wishes: Wishes, offer: Offer) -> list[Reason]:
    """All that speaks for and against `offer`, in the order in which it is told."""
    return [
        *_people(wishes, offer),
        *_way(wishes, offer),
        *_house(wishes, offer),
        *_room(wishes, offer),
        *_trust(offer),
    ]


def points_of(wishes: Wishes, offer: Offer) -> int:
    """What the room costs each person."""
    return sum(reason.points for reason in reasons_for(wishes, offer))


def _people(wishes: Wishes, offer: Offer) -> Iterator[Reason]:
    if wishes.held is not None:
        yield Reason("held") if offer.unit == wishes.held else Reason("held_elsewhere", weight("held_elsewhere"))
    if offer.shelter in wishes.apart:
        yield Reason("apart", weight("apart"))
    if wishes.kin:
        here = offer.shelter in wishes.kin
        yield Reason("kin") if here else Reason("kin_elsewhere", weight("kin_elsewhere"))
    if wishes.house is not None:
        yield Reason("same_house") if offer.shelter == wishes.house else Reason("other_house", weight("other_house"))
    if wishes.earlier:
        here = offer.shelter in wishes.earlier
        yield Reason("earlier") if here else Reason("earlier_elsewhere", weight("earlier_elsewhere"))


def _way(wishes: Wishes, offer: Offer) -> Iterator[Reason]:
    near = wishes.near
    if near is not None and near.city == offer.city:
        yield Reason("same_city", told=(("crossing", near.name),))
    elif near is not None and near.point and offer.point:
        far = kilometres(offer.point, near.point)
        told = (("km", round(far)), ("crossing", near.name))
        points = min(weight("far_at_most"), round(far / 10 * weight("per_ten_km")))
        yield Reason("km" if far <= FAR_KM else "far", points, told)
    if shut_at := _meets_a_shut_gate(wishes, offer):
        yield Reason("gate", weight("gate"), (("time", f"{shut_at:%H:%M}"), ("city", offer.city_name)))
    if offer.max_stay_days is not None and wishes.nights is not None and wishes.nights > offer.max_stay_days:
        yield Reason("max_stay", weight("max_stay"), (("days", offer.max_stay_days), ("nights", wishes.nights)))


def _meets_a_shut_gate(wishes: Wishes, offer: Offer) -> datetime | None:
    """When they would leave, on the clock of the gate, where it is shut at that hour."""
    if wishes.leaves_at is None or offer.gate_opens is None or offer.gate_closes is None:
        return None
    leaves = local(wishes.leaves_at, offer.zone)
    return None if gate_is_open(offer.gate_opens, offer.gate_closes, leaves.time()) else leaves


def _house(wishes: Wishes, offer: Offer) -> Iterator[Reason]:
    if offer.closes_on is not None:
        yield Reason("closing", weight("closing"), (("day", f"{offer.closes_on:%Y-%m-%d}"),))
    if wishes.language and wishes.language != "spa":
        if wishes.language in offer.languages:
            yield Reason("speaks", told=(("language", wishes.language),))
        else:
            yield Reason("language", weight("language"), (("language", wishes.language),))
    if wishes.school_age:
        yield Reason("has_school") if "school" in offer.services else Reason("school", weight("school"))
    if "near_hospital" in wishes.needs:
        yield Reason("has_clinic") if "clinic" in offer.services else Reason("clinic", weight("clinic"))
    if "pet" in wishes.needs and offer.takes_pets is not False:
        yield Reason("takes_pets") if offer.takes_pets else Reason("pets_unknown", weight("pets_unknown"))
    yield Reason("load", round(offer.load * weight("load")))


def _room(wishes: Wishes, offer: Offer) -> Iterator[Reason]:
    if wishes.is_minor_alone and offer.kind != Kind.MINORS:
        yield Reason("minors_alone", weight("minors_alone"))
    if offer.kind == Kind.MIXED:
        yield Reason("for_everyone", weight("for_everyone"))
    if offer.is_accessible:
        yield Reason("ramp") if "ramp" in wishes.needs else Reason("spare_ramp", weight("spare_ramp"))
    if offer.is_lgbtq_safe:
        yield Reason("safe") if "lgbtq_safe" in wishes.needs else Reason("spare_safe", weight("spare_safe"))


def _trust(offer: Offer) -> Iterator[Reason]:
    if offer.count_age_days is None:
        yield Reason("never_counted", weight("never_counted"))
    elif offer.count_age_days > 1:
        yield Reason("old_count", weight("old_count"))
    if offer.over:
        yield Reason("over_elsewhere", weight("over_elsewhere"), (("n", offer.over),))
