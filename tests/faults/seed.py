"""Families with a hearing, noted through the deeds, in a process of its own: `python -m tests.faults.seed 3 phone`.

Prints the uid of each household. What follows (events, planning, sending) is left to the running worker and beat.
"""

import os
import sys
from datetime import date, time, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mpp_tracker.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from core.actors import Actor  # noqa: E402
from hearings.actions import note_hearing  # noqa: E402
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory  # noqa: E402
from tests.factories.places import CourtFactory, CrossingFactory  # noqa: E402


def family(number: int, reached_by: str) -> str:
    """A family of one who is reached by `phone`, `email` or, since they do not read, by `voice`, with a hearing in a month."""
    now = timezone.now()
    household = HouseholdFactory()
    phone = {"phone": f"+5265612{number:05d}", "phone_owner": "own"}
    ways = {"phone": phone, "voice": {**phone, "reads": False}, "email": {"email": f"f{number}@correo.example"}}
    PersonFactory(household=household, **ways[reached_by])
    ConsentFactory(household=household)
    day: date = (now + timedelta(days=30)).date()
    note_hearing(
        household=household,
        court=CourtFactory(),
        court_on=day,
        court_time=time(8, 30),
        crossing=CrossingFactory(),
        report_time=time(4, 30),
        source="sheet",
        said_on=now.date(),
        actor=Actor.system("faults"),
        at=now,
    )
    return str(household.uid)


if __name__ == "__main__":
    for each in range(int(sys.argv[1])):
        print(family(each, sys.argv[2]))
