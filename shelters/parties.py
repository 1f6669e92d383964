"""The party that a household makes: what the rules of a room ask about, decrypted in memory."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef

from cases.models import CovidTest, Household, HouseholdQuerySet, Isolation, Need, Person
from cases.states import Step
from places.zones import local
from shelters.rules import Party, party_of

TestedAt = Mapping[int, datetime]  # by person, the newest negative test


def party_of_household(
    household: Household,
    people: Iterable[Person],
    at: datetime,
    *,
    tested_at: TestedAt | None = None,
    leaves_at: datetime | None = None,
) -> Party:
    """Who `people` of `household` are at `at`, by the calendar of its site's city.

    What they need and whether they isolate is asked, unless read by `for_parties`; their tests unless told. `leaves_at` is when they
    go to their next hearing.
    """
    zone = household.site.city.zone
    listed, today = list(people), local(at, zone).date()
    adults = [person for person in listed if not person.is_minor_on(today)]
    tests = _newest_tests(adults) if tested_at is None else tested_at
    days = [(today - local(tests[each.pk], zone).date()).days for each in adults if each.pk in tests]
    return party_of(
        ((person.is_minor_on(today), person.sex) for person in listed),
        is_isolated=_is_isolated(household),
        needs=_needs(household),
        tested_days=max(days, default=None) if len(days) == len(adults) else None,
        nights=max(0, (local(leaves_at, zone).date() - today).days) if leaves_at else None,
    )


def with_isolation(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with whether they isolate, so that `party_of_household` need not ask."""
    isolation = Isolation.objects.open().filter(household=OuterRef("pk"))
    return households.annotate(is_isolating=Exists(isolation))


def for_parties(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with whether they isolate and what they need, so that `party_of_household` asks only for tests."""
    needs = Need.objects.standing().filter(household=OuterRef("pk")).order_by().values("kind")
    return with_isolation(households).annotate(need_codes=ArraySubquery(needs))


def _newest_tests(people: Iterable[Person]) -> TestedAt:
    negative = CovidTest.objects.standing().filter(person__in=[person.pk for person in people])
    rows = (
        negative.filter(result=CovidTest.Result.NOT_DETECTED).order_by().values("person").annotate(at=Max("taken_at"))
    )
    return {row["person"]: row["at"] for row in rows}


def _needs(household: Household) -> frozenset[str]:
    known: list[str] | None = getattr(household, "need_codes", None)
    if known is None:
        known = list(Need.objects.standing().filter(household=household).values_list("kind", flat=True))
    return frozenset(known)


def _is_isolated(household: Household) -> bool:
    """Whether it isolates, also while it sleeps where those who isolate do and so stands as placed."""
    known: bool | None = getattr(household, "is_isolating", None)
    if household.step == Step.ISOLATED or known is not None:
        return household.step == Step.ISOLATED or bool(known)
    return Isolation.objects.open().filter(household=household).exists()
