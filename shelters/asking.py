"""Shelters that were asked how many sleep there and have not said."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min

from core.actors import Actor
from shelters.freshness import Basis, basis
from shelters.models import CountRequest


@dataclass(frozen=True, slots=True)
class Silent:
    """A shelter, by id as lists know it, that has not counted since it was asked: on how many days, and last when."""

    shelter: int
    basis: Basis
    asked_on: date
    asked_at: datetime
    days: int


def silent(*, actor: Actor, now: datetime) -> list[Silent]:
    """The shelters of the actor's sites that are open at `now` and owe a count, the longest silence first. One query."""
    owed = CountRequest.objects.visible_to(actor).unanswered().of_open_shelters(now)
    fields = ("shelter", "shelter__counted_at", "shelter__counted_basis", "shelter__count_off")
    rows = owed.order_by().values_list(*fields).annotate(n=Count("*"), first=Min("asked_on"), last=Max("asked_at"))
    return [
        Silent(shelter, basis(counted_at, counted_basis, off, now), first, last, days)
        for shelter, counted_at, counted_basis, off, days, first, last in rows.order_by("first", "shelter")
    ]
