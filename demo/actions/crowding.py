"""More shelters and stays than a demo of some thousand people has, written by bare SQL: what the board is measured with."""

from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from django.db import connection

from core.actors import Actor
from core.policies import check_can_administer
from places.models import Site, SiteKind
from shelters.models import Capacity, Shelter, Stay, Unit
from shelters.rules import Kind

SHELTERS, OPEN_STAYS, ALL_STAYS = 150, 10_000, 100_000
PLACES_OF_A_ROOM = 32
LONG_AGO = timedelta(days=4000)
SITES = ("JZ", "TJ", "JZ", "MT", "JZ", "RY", "JZ", "NL")  # every second house in Ciudad Juárez, the city in sight

_OPEN = """
    INSERT INTO shelters_stay (uid, person_id, household_id, unit_id, begins_at, leaving_reason, over_capacity_reason,
                               over_capacity_by)
    SELECT gen_random_uuid(), person.id, person.household_id,
           (%s::bigint[])[1 + (row_number() OVER (ORDER BY person.id)) %% cardinality(%s::bigint[])], %s, '', '', ''
    FROM cases_person person
    WHERE NOT EXISTS (SELECT FROM shelters_stay stay WHERE stay.person_id = person.id AND stay.ends_at IS NULL)
      AND NOT EXISTS (SELECT FROM shelters_stay stay WHERE stay.person_id = person.id AND stay.ends_at > %s)
    ORDER BY person.id LIMIT %s
"""
_PAST = """
    INSERT INTO shelters_stay (uid, person_id, household_id, unit_id, begins_at, ends_at, leaving_reason,
                               over_capacity_reason, over_capacity_by)
    SELECT gen_random_uuid(), person.id, person.household_id,
           (%s::bigint[])[1 + (person.id + night.day) %% cardinality(%s::bigint[])],
           %s + night.day * interval '1 day', %s + night.day * interval '1 day' + interval '12 hours', 'left', '', ''
    FROM generate_series(1, 1 + %s / (SELECT count(*) FROM cases_person)) night(day), cases_person person
    ORDER BY night.day, person.id LIMIT %s
"""


def crowd(*, actor: Actor, at: datetime) -> None:
    """Shelters up to 150 with four rooms each, and open stays up to 10,000; nobody sleeps twice, no room is over.

    Raises NotAllowed.
    """
    check_can_administer(actor)
    sites = {site.code: site for site in Site.objects.field().select_related("city")}
    missing = max(0, SHELTERS - Shelter.objects.open_at(at).count())
    houses = [_house(sites[code], number, at) for number, code in zip(range(missing), cycle(SITES), strict=False)]
    units = Unit.objects.bulk_create(
        Unit(shelter=house, name=str(kind.label), kind=kind, is_accessible=kind == Kind.FAMILY)
        for house in houses
        for kind in (Kind.FAMILY, Kind.WOMEN, Kind.MEN, Kind.MIXED)
    )
    Capacity.objects.bulk_create(
        Capacity(unit=unit, places=PLACES_OF_A_ROOM, source="bench", valid_from=at - timedelta(days=1))
        for unit in units
    )
    keys = [unit.pk for unit in units]
    _run(_OPEN, [keys, keys, at, at, max(0, OPEN_STAYS - Stay.objects.open().count())])
    _settle()


def crowd_of_years(*, actor: Actor, at: datetime) -> None:
    """Stays that ended long ago, up to 100,000 in all. Raises NotAllowed."""
    check_can_administer(actor)
    keys = list(Unit.objects.values_list("pk", flat=True))
    missing = max(0, ALL_STAYS - Stay.objects.count())
    begins = at - LONG_AGO
    _run(_PAST, [keys, keys, begins, begins, missing, missing])
    _settle()


def _house(parent: Site, number: int, at: datetime) -> Shelter:
    name = f"Casa {number + 1}"
    site = Site.objects.create(
        code=f"{parent.code}-BENCH{number}", name=name, kind=SiteKind.SHELTER, city=parent.city, parent=parent
    )
    counted_at = at - timedelta(minutes=number * 37 % 4000)
    return Shelter.objects.create(
        site=site, name=name, operator=Shelter.Operator.CIVIL, opened_at=at - timedelta(days=1), counted_at=counted_at
    )


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _settle() -> None:
    """What autovacuum would have done a minute later."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE shelters_stay, shelters_unit, shelters_capacity, shelters_shelter")
