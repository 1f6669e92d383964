"""Which hearings are ahead of households: the next one of each, or all of one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from cases.models import HouseholdQuerySet
from core.questions import question
from hearings.models import Hearing, HearingQuerySet
from hearings.models.tellings import with_tellings

# A hearing stays on the page while its people are on their way there and back.
JUST_PASSED = timedelta(hours=12)


def next_hearings(households: Sequence[int] | HouseholdQuerySet, *, now: datetime) -> HearingQuerySet:
    """The next standing hearing of each of `households` (keys, or a query of them), in the order of their keys."""
    return _first_each(Hearing.objects.ahead_of(now - JUST_PASSED).filter(household__in=households))


@question
def next_of(with_sources: bool, *, households: Sequence[int], since: datetime) -> HearingQuerySet:
    """As `next_hearings`, those that are not over at `since`, with what pages tell of them."""
    ahead = Hearing.objects.ahead_of(since).filter(household__any_of=households)
    return with_tellings(_first_each(ahead).for_clocks(with_sources=with_sources))


@question
def all_of(*, households: Sequence[int], since: datetime) -> HearingQuerySet:
    """All hearings of `households` that are not over at `since`, also those that are off, soonest first, with their sources."""
    ahead = Hearing.objects.standing_or_off().filter(household__any_of=households, present_at__gte=since)
    return with_tellings(ahead.order_by("present_at", "pk").for_clocks())


def off_among(hearings: Sequence[Hearing], now: datetime) -> list[Hearing]:
    """Those of `hearings` that are off, to which somebody may still go: none at a moment at which another one stands."""
    held = {hearing.present_at for hearing in hearings if hearing.stands}
    return [each for each in hearings if each.is_off and each.present_at > now and each.present_at not in held]


def _first_each(hearings: HearingQuerySet) -> HearingQuerySet:
    """The first of `hearings` of each household, in the order of their keys."""
    return hearings.order_by("household_id", "present_at", "pk").distinct("household_id")
