"""Shelters that were asked how many sleep there and have not said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min

from shelters.models import CountRequest, CountRequestQuerySet


@dataclass(frozen=True, slots=True)
class Owed:
    """Since which day a shelter has been asked for a count, and on how many days it was."""

    since: date
    days: int


def unanswered(shelters: Iterable[int]) -> CountRequestQuerySet:
    """The requests to those of `shelters` (ids that the asker may see) that have not counted since."""
    return CountRequest.objects.unanswered().filter(shelter__in=list(shelters)).order_by()


def owed(shelters: Iterable[int]) -> dict[int, Owed]:
    """What those of `shelters` (ids that the asker may see) owe that have not counted since they were asked. One query."""
    rows = unanswered(shelters).values_list("shelter").annotate(first=Min("asked_on"), n=Count("*"))
    return {shelter: Owed(first, days) for shelter, first, days in rows}
