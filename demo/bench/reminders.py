"""How long it takes to plan the reminders of many hearings, beside the bare statement that writes as many rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from uuid import uuid4

from django.db import connection

from cases.models import Consent, Household, Person, PhoneOwner
from demo.copying import Sheet, new_keys, send_all
from hearings.models import Hearing
from journey.reminders import PURPOSE, many_with_planning, plan_many
from places import zones
from places.models import Court, Crossing, Site
from privacy.cipher import encrypt

AT_ONCE = 1000  # hearings in one transaction
FURTHER = 40  # days over which the hearings are spread, the first in a fortnight
RUNGS = 5
# As many rows as the ladder makes for families who sleep in the city of their bridge.
FLOOR = """
    INSERT INTO messaging_message (uid, purpose, plan_key, subject, recipient, params, rung, due_at, expires_at, status, channel,
                                   language, address, title, body, attempts, may_have_arrived_twice, gateway, gateway_ref, error_code)
    SELECT gen_random_uuid(), %s, 'hearing:' || hearing.uid || ':' || hearing.version || ':' || rung.days || ':' || person.uid,
           household.uid, person.uid, jsonb_build_object('hearing', hearing.uid, 'version', hearing.version), 'days_' || rung.days,
           hearing.present_at - rung.days * interval '1 day', hearing.present_at, 'planned', '', '', %s, %s, %s, 0, false, '', '', ''
    FROM hearings_hearing hearing
    JOIN cases_household household ON household.id = hearing.household_id
    JOIN cases_person person ON person.household_id = household.id AND person.position = 1
    CROSS JOIN unnest(ARRAY[7, 3, 2, 1, 0.1]) AS rung(days)
    WHERE hearing.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class PlannedReminders:
    """What was measured: seconds of planning and of the bare statement, and the rows that each wrote."""

    hearings: int
    seconds: float
    floor_seconds: float
    messages: int
    floor_messages: int

    @property
    def ratio(self) -> float:
        """Planning over the bare statement, row for row."""
        return (self.seconds / self.messages) / (self.floor_seconds / self.floor_messages)


def plan_hearings(number: int, *, at: datetime) -> PlannedReminders:
    """Plan the reminders of `number` new hearings, a family each, and write as many by one bare statement."""
    keys = _hearings(number, at)
    _tidy()
    began = perf_counter()
    written = _bare(keys)
    floor_seconds = perf_counter() - began
    _forget()
    began = perf_counter()
    planned = sum(plan_many(each, at=at) for each in _by_thousands(keys))
    return PlannedReminders(number, perf_counter() - began, floor_seconds, planned, written)


def _by_thousands(keys: list[int]) -> Iterator[list[Hearing]]:
    for start in range(0, len(keys), AT_ONCE):
        yield many_with_planning(Hearing.objects.filter(pk__in=keys[start : start + AT_ONCE]))


def _bare(keys: list[int]) -> int:
    empty = [encrypt(b"", f"messaging.message.{name}") for name in ("address", "title", "body")]
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [PURPOSE, *empty, keys])
        return int(cursor.rowcount)


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message WHERE purpose = %s", [PURPOSE])
    _tidy()


def _tidy() -> None:
    """What autovacuum would have done a minute later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM ANALYZE messaging_message, hearings_hearing, cases_person, cases_household, cases_consent"
        )


def _hearings(number: int, at: datetime) -> list[int]:
    """New families of two with a phone, consent and a hearing."""
    site = Site.objects.field().select_related("city").get(code="JZ")
    crossing = Crossing.objects.filter(city=site.city).select_related("city").order_by("pk")[0]
    court = Court.objects.filter(city__name="El Paso")[0]
    households = Sheet(Household, "id uid prefix site step step_at arrived_at recorded_at")
    people = Sheet(
        Person, "uid household position relation given_names surnames a_number phone phone_owner email notes"
    )
    consents = Sheet(Consent, "household purpose is_given notice_version notice_language noted_at noted_by")
    hearings = Sheet(
        Hearing,
        "id uid household version court court_on court_time court_zone court_at report_crossing report_on report_time report_zone "
        "report_at report_basis present_at recorded_at",
    )
    keys = new_keys(Hearing, number)
    for place, (hearing, household) in enumerate(zip(keys, new_keys(Household, number), strict=True)):
        court_at = at.replace(hour=15, minute=30, second=0, microsecond=0) + timedelta(days=14 + place % FURTHER)
        report_at = court_at - timedelta(hours=4)
        wall, there = zones.local(court_at, court.zone), zones.local(report_at, crossing.zone)
        households.add(household, uuid4(), "JZ", site.pk, "documented", at, at, at)
        people.add(uuid4(), household, 1, "head", "Bench", "Bench", "", f"+52656{place:07d}", PhoneOwner.OWN, "", "")
        people.add(uuid4(), household, 2, "child", "Bench", "Bench", "", "", "", "", "")
        consents.add(household, Consent.Purpose.MESSAGES, True, "1", "spa", at, "bench")
        hearings.add(
            hearing, uuid4(), household, 1, court.pk, wall.date(), wall.time(), court.zone, court_at, crossing.pk,
            there.date(), there.time(), crossing.zone, report_at, "documented", report_at, at,
        )  # fmt: skip
    send_all((households, people, consents, hearings))
    return keys
