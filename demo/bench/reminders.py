"""How long it takes to plan the reminders of many hearings, beside the bare statement that writes as many rows."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from time import perf_counter
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.utils import timezone

from cases.models import Consent, Household, Person, PhoneOwner
from core.actors import Actor
from demo.bench.http import CHECKOUT
from demo.bench.spent import Spent, spent
from demo.copying import Sheet, new_keys, send_all
from hearings.models import Hearing
from journey.reminders import PURPOSE, many_with_planning, plan_many
from messaging.gateways.http import ask
from messaging.sweeping import sweep
from places import zones
from places.models import Court, Crossing, Site
from privacy.cipher import encrypt

ACTOR = Actor.system("bench")
PROCESSES = 2  # of the worker
AT_ONCE = 1000  # hearings in one transaction
FURTHER = 40  # days over which the hearings are spread, the first in a fortnight
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
    """What was measured: planning, the bare statement, and the rows that each wrote."""

    hearings: int
    planned: Spent
    floor: Spent

    @property
    def ratio(self) -> float:
        """Planning over the bare statement, row for row."""
        return (self.planned.seconds / self.planned.done) / (self.floor.seconds / self.floor.done)

    @property
    def ratio_of_processor(self) -> float:
        """The same in the processor's time."""
        return (self.planned.processor / self.planned.done) / (self.floor.processor / self.floor.done)


def plan_hearings(number: int, *, at: datetime) -> PlannedReminders:
    """Plan the reminders of `number` new hearings, a family each, and write as many by one bare statement."""
    keys = _hearings(number, at)
    _tidy()
    floor = spent(lambda: _bare(keys))
    _forget()
    planned = spent(lambda: sum(plan_many(each, at=at) for each in _by_thousands(keys)))
    return PlannedReminders(number, planned, floor)


@dataclass(frozen=True, slots=True)
class Swept:
    """What was measured: messages sent, in how many seconds, and how many a second the gateway takes from a bare client."""

    messages: int
    seconds: float
    gateway_per_second: float

    @property
    def per_second(self) -> float:
        """How many left in a second."""
        return self.messages / self.seconds


def sweep_messages(number: int, *, senders: int, gateway_takes: int) -> Swept:
    """Have `number` messages be due and send them by a gateway that takes so many a second; `senders` in all."""
    with _gateway(gateway_takes) as url:
        settings.SMS_HTTP = {
            "url": url,
            "fields": {"to": "{address}", "text": "{body}"},
            "token": "",
            "key_header": "Key",
            "secret": "",
        }
        settings.MESSAGE_GATEWAYS = ["sms_http"]
        ceiling = _bare_client(url, min(number, 500), senders)
        _have_due(number)
        connection.close()  # the worker's processes have connections of their own
        began = perf_counter()
        with ProcessPoolExecutor(PROCESSES, get_context("fork")) as worker:
            sent = sum(worker.map(_sweep, [senders // PROCESSES] * PROCESSES))
        return Swept(sent, perf_counter() - began, ceiling)


def _sweep(senders: int) -> int:
    sent = 0
    while handled := sweep(actor=ACTOR, clock=timezone.now, senders=senders):
        sent += handled
    return sent


@contextmanager
def _gateway(takes: int) -> Iterator[str]:
    command = [sys.executable, "-m", "demo.bench.gateway", str(takes)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.terminate()


def _bare_client(url: str, number: int, senders: int) -> float:
    """Messages a second with nothing around them."""
    began = perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(lambda _: ask("POST", url, json={"to": "+526561230000", "text": "x" * 140}), range(number)))
    return number / (perf_counter() - began)


def _have_due(number: int) -> None:
    """The first reminders of so many families are due now, and none besides."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_message WHERE due_at <= now()")
        cursor.execute(
            "UPDATE messaging_message SET due_at = now() - interval '1 minute' WHERE id IN"
            " (SELECT id FROM messaging_message WHERE rung = 'days_7' AND status = 'planned' ORDER BY id LIMIT %s)",
            [number],
        )
    _tidy()


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
