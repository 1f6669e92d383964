"""Who waits for a place in a city, the most urgent first: with need, priority and waiting time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from cases.models import Arrival, Household, HouseholdQuerySet
from core.actors import Actor
from places.models import Site
from shelters.discretion import isolates_only, name_told
from shelters.models import Stay
from shelters.priority import Priority, priority_of
from shelters.seekers import Seeker, seekers_of
from shelters.waiting_since import with_waiting_since

A_PAGE = 30
MOST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A household of the list: who they are together, and why they stand where they do.

    `had_place` names the shelter in which they slept before they came back from court.
    """

    seeker: Seeker
    priority: Priority
    had_place: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the list: its rows, the cursor of the next page, and how many wait in all."""

    rows: Sequence[Row]
    next_cursor: str
    households: int
    people: int


def waiting_in(site: Site, *, actor: Actor) -> HouseholdQuerySet:
    """Households of the field site `site` that sleep nowhere yet, as the board counts them."""
    return Household.objects.visible_to(actor).at_reception().filter(site=site, guest_site__isnull=True)


def waiting_list(site: Site, *, actor: Actor, at: datetime, after: str = "") -> Waiting:
    """The page after the household `after` (its uid as text); the order is made in memory, since ages are encrypted."""
    households = with_waiting_since(waiting_in(site, actor=actor))[:MOST]
    seekers = seekers_of(Household.objects.filter(pk__in=households.values("pk")), at=at)
    rows = sorted((Row(seeker, priority_of(seeker, at=at)) for seeker in seekers), key=_turn)
    begin = _place_after(rows, after)
    shown = rows[begin : begin + A_PAGE]
    given_up = _given_up([row.seeker.household.pk for row in shown])
    has_more = len(rows) > begin + A_PAGE
    return Waiting(
        rows=[replace(row, had_place=given_up.get(row.seeker.household.pk, "")) for row in shown],
        next_cursor=str(shown[-1].seeker.household.uid) if has_more else "",
        households=len(rows),
        people=sum(row.seeker.party.people for row in rows),
    )


def _given_up(households: Sequence[int]) -> dict[int, str]:
    """Where those of `households` slept who came back from court after they had given that place up. One query.

    A shelter that only isolates is not named.
    """
    back = Arrival.objects.filter(
        household=OuterRef("household"), kind=Arrival.Kind.COURT_RETURN, occurred_at__gte=OuterRef("ends_at")
    )
    stays = Stay.objects.real().filter(Exists(back), household__in=households, ends_at__isnull=False)
    last = stays.order_by("household_id", "-ends_at", "-pk").distinct("household_id")
    shelter = "unit__shelter"
    named = last.values_list(
        "household_id", f"{shelter}__name", f"{shelter}__site__city__name", isolates_only(shelter=OuterRef(shelter))
    )
    return {
        household: name_told(name, city, is_isolation=isolates, sees_health=False)
        for household, name, city, isolates in named
    }


def _turn(row: Row) -> tuple[int, datetime, int]:
    return -row.priority.points, row.seeker.waiting_since, row.seeker.household.pk


def _place_after(rows: Sequence[Row], after: str) -> int:
    """Where the page begins; a cursor that cannot be read, or whose household waits no longer, is the first page."""
    try:
        uid = UUID(after)
    except ValueError:
        return 0
    places = (place for place, row in enumerate(rows, start=1) if row.seeker.household.uid == uid)
    return next(places, 0)
