"""A stolen dump of the database names nobody."""

import os
import re
import subprocess
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection

from cases.models import Person
from core.actors import Actor
from demo import houses, rooms
from demo.actions import fill
from demo.actions.filling import BLOCKED
from messaging.models import Message
from mpp_tracker.runner.postgres import binary

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("demo")]

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
WORD = re.compile(r"[^\W\d_]{5,}")
NUMBER = re.compile(r"\+?\d{8,}")


def dump() -> str:
    """The whole test database as `pg_dump` writes it for a thief."""
    where = connection.settings_dict
    url = f"postgresql://{quote(where['USER'])}@{where['HOST']}:{where['PORT']}/{where['NAME']}"
    done = subprocess.run(
        [str(binary("pg_dump", "")), "--no-owner", url],
        env={**os.environ, "PGPASSWORD": str(where["PASSWORD"])},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


@pytest.fixture
def stolen(reference_data):
    call_command("load_cohorts", verbosity=0)
    call_command("load_shelters", verbosity=0)
    before = dump()
    fill(people=300, seed=2021, actor=Actor.system("demo"), at=AT)
    return before, dump()


def test_a_dump_holds_no_name_number_or_phone(stolen):
    before, after = stolen
    of_places = {word for names in houses.NAMES.values() for name in names for word in WORD.findall(name)}
    of_places |= {word for name in (*houses.OTHERS, *houses.SORTS) for word in WORD.findall(name)}
    of_places |= {word for text in (*BLOCKED, rooms.OVER_CAPACITY) for word in WORD.findall(text)}
    said = set(WORD.findall(after)) - set(WORD.findall(before)) - of_places
    numbers = set(NUMBER.findall(after)) - set(NUMBER.findall(before))
    people = list(Person.objects.all())
    names = {word for person in people for word in WORD.findall(person.full_name)}
    secrets = {person.a_number for person in people if person.a_number}
    secrets |= {person.phone for person in people if person.phone} | {p.phone.lstrip("+") for p in people if p.phone}
    assert len(names) > 150
    assert len(secrets) > 300
    assert "COPY public.cases_person" in after
    assert not names & said
    assert not secrets & numbers
    assert not any(person.email and person.email in after for person in people)
    assert not any(
        person.birth_date.isoformat() in after.split("COPY public.cases_person", 1)[1].split("\\.", 1)[0]
        for person in people
    )


def test_a_dump_holds_no_words_of_a_message(stolen):
    _before, after = stolen
    bodies = [message.body for message in Message.objects.exclude(status=Message.Status.PLANNED)]
    assert bodies
    assert not any(body in after for body in bodies)
