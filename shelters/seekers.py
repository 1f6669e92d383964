"""Households that look for a place, with all that the rules ask about them, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from cases.models import (
    Absence,
    Arrival,
    ArrivalQuerySet,
    CovidTest,
    Household,
    HouseholdQuerySet,
    Kinship,
    Person,
    Regrouping,
)
from cases.names import family_name
from places.models import Crossing
from shelters.coming import Coming, what_comes
from shelters.models import Hold, LeavingReason, Stay
from shelters.parties import for_parties, party_of_household
from shelters.planning.wishes import SCHOOL_AGES, Near, Wishes
from shelters.rules import Party
from shelters.waiting_since import with_waiting_since

SMALL_AGE = 5


@dataclass(frozen=True)
class Seeker:
    """A household, who they are together, and what they would like. `sleeps_in` is their unit while they have a place.

    `relatives` and `parted` are keys of households; `ages` are those in whole years that are known; of `unseen` of them nobody knows
    where they are.
    """

    household: Household
    people: tuple[Person, ...]
    party: Party
    wishes: Wishes
    coming: Coming | None
    relatives: frozenset[int]
    parted: frozenset[int]
    ages: tuple[int, ...]
    waiting_since: datetime
    unseen: int
    sleeps_in: int | None
    held_until: datetime | None

    @cached_property
    def name(self) -> str:
        """What staff call them."""
        return family_name(list(self.people))

    @property
    def small_children(self) -> int:
        """How many of five or younger come along."""
        return sum(1 for age in self.ages if age <= SMALL_AGE)


def seekers_of(households: HouseholdQuerySet, *, at: datetime, near: Crossing | None = None) -> list[Seeker]:
    """`households`, seen by whoever asks, as they look for a place at `at`. Four queries at most.

    `near` is a bridge that somebody named; else that of their next hearing counts, else the one over which they came.
    """
    rows = list(_with_facts(households, at).select_related("site__city").prefetch_related("people"))
    coming = what_comes([row.pk for row in rows], at)
    sleeps = _shelters_of({key for row in rows for key in (*_relatives(row), *_parted(row))})
    return [_seeker(row, coming.get(row.pk), sleeps, _near(row, coming.get(row.pk), near), at) for row in rows]


def _with_facts(households: HouseholdQuerySet, at: datetime) -> HouseholdQuerySet:
    """Everything about a household that is a row of its own, as sub-selects of its query."""
    own = OuterRef("pk")
    kin, parted = (
        Kinship.objects.standing(),
        Regrouping.objects.standing().filter(kind=Regrouping.Kind.SPLIT, reason=Regrouping.Reason.PROTECTION),
    )
    left = Stay.objects.filter(household=own, ends_at__isnull=False).exclude(leaving_reason=LeavingReason.MISTAKE)
    negative = CovidTest.objects.standing().filter(person__household=own, result=CovidTest.Result.NOT_DETECTED)
    held = Hold.objects.standing_at(at).filter(household=own).order_by("pk")
    open_stay = Stay.objects.open().filter(household=own).order_by("pk")
    missing = Absence.objects.unexplained().filter(person__household=own).order_by().values("person__household")
    return with_waiting_since(for_parties(households)).annotate(
        kin_of=ArraySubquery(
            kin.filter(person__household=own).exclude(relative__household=own).values("relative__household")
        ),
        kin_to=ArraySubquery(
            kin.filter(relative__household=own).exclude(person__household=own).values("person__household")
        ),
        parted_from=ArraySubquery(parted.filter(household=own).values("into")),
        parted_to=ArraySubquery(parted.filter(into=own).values("household")),
        slept_in=ArraySubquery(left.order_by().values("unit__shelter").distinct()),
        tested=ArraySubquery(negative.order_by("taken_at").values(row=JSONObject(person="person_id", at="taken_at"))),
        held_unit=Subquery(held.values("unit")[:1]),
        held_until=Subquery(held.values("expires_at")[:1]),
        in_unit=Subquery(open_stay.values("unit")[:1]),
        came_over=ArraySubquery(_arrivals(own).values(row=JSONObject(**_BRIDGE))[:1]),
        unseen=Coalesce(Subquery(missing.annotate(n=Count("*")).values("n")), 0),
    )


def _relatives(row: Any) -> set[int]:
    return {*row.kin_of, *row.kin_to}


def _parted(row: Any) -> set[int]:
    return {*row.parted_from, *row.parted_to}


def _shelters_of(households: set[int]) -> dict[int, set[int]]:
    """Where `households` sleep now, by household."""
    found: dict[int, set[int]] = {}
    if households:
        stays = Stay.objects.open().filter(household__in=households).order_by()
        for household, shelter in stays.values_list("household", "unit__shelter").distinct():
            found.setdefault(household, set()).add(shelter)
    return found


def _arrivals(household: OuterRef) -> ArrivalQuerySet:
    return Arrival.objects.filter(household=household, crossing__isnull=False).order_by("-occurred_at", "-pk")


_BRIDGE = {
    "name": "crossing__name",
    "also_called": "crossing__also_called",
    "city_id": "crossing__city_id",
    "latitude": Coalesce("crossing__latitude", "crossing__city__latitude"),
    "longitude": Coalesce("crossing__longitude", "crossing__city__longitude"),
}


def _near(row: Any, coming: Coming | None, named: Crossing | None) -> Near | None:
    """The bridge that was named, else that of the next hearing, else the one over which they came."""
    crossing = named or (coming.crossing if coming else None)
    if crossing is None:
        return _near_of(Crossing(**row.came_over[0])) if row.came_over else None
    if crossing.latitude is None:
        crossing.latitude, crossing.longitude = crossing.city.latitude, crossing.city.longitude
    return _near_of(crossing)


def _near_of(crossing: Crossing) -> Near:
    latitude, longitude = crossing.latitude, crossing.longitude
    point = None if latitude is None or longitude is None else (float(latitude), float(longitude))
    return Near(name=crossing.name, city=crossing.city_id, point=point, label=crossing.label)


def _seeker(
    row: Any, coming: Coming | None, sleeps: Mapping[int, Iterable[int]], near: Near | None, at: datetime
) -> Seeker:
    people = tuple(row.people.all())
    leaves_at = coming.leaves_at if coming else None
    tested = {each["person"]: datetime.fromisoformat(each["at"]) for each in row.tested}
    party = party_of_household(row, people, at, tested_at=tested, leaves_at=leaves_at)
    today = row.day_at(at)
    ages = tuple(age for person in people if (age := person.age_on(today)) is not None)
    relatives, parted = frozenset(_relatives(row)), frozenset(_parted(row))
    wishes = Wishes(
        near=near,
        language=row.language,
        kin=_all_of(sleeps, relatives),
        apart=_all_of(sleeps, parted),
        earlier=frozenset(row.slept_in),
        school_age=sum(1 for age in ages if age in SCHOOL_AGES),
        nights=party.nights,
        leaves_at=leaves_at,
        needs=party.needs,
        is_minor_alone=bool(party.minors and not party.adults),
        held=row.held_unit,
    )
    return Seeker(
        household=row,
        people=people,
        party=party,
        wishes=wishes,
        coming=coming,
        relatives=relatives,
        parted=parted,
        ages=ages,
        waiting_since=row.waiting_since,
        unseen=row.unseen,
        sleeps_in=row.in_unit,
        held_until=row.held_until,
    )


def _all_of(sleeps: Mapping[int, Iterable[int]], households: Iterable[int]) -> frozenset[int]:
    return frozenset(shelter for household in households for shelter in sleeps.get(household, ()))
