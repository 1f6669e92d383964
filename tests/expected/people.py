"""Whom the lists of these tests announce, and when they come. Every name and number is invented."""

from datetime import UTC, date, datetime

from cases.actions.people import PersonEntry
from cases.models import Relation
from core.actors import Actor
from expected.actions.lists import FamilyEntry

MORNING = datetime(2021, 12, 8, 13, 0, tzinfo=UTC)
CAME_AT = datetime(2021, 12, 8, 17, 30, tzinfo=UTC)
SYSTEM = Actor.system("expected")

DAYANARA = PersonEntry(
    given_names="Dayanara Lizeth", surnames="Funes Amador", birth_date=date(1990, 3, 5), a_number="012345678"
)
ANGEL = PersonEntry(given_names="Ángel", surnames="Funes", birth_date=date(2015, 6, 1), relation=Relation.CHILD)
OSMANY = PersonEntry(given_names="Osmany", surnames="Leyva Ricardo", birth_date=date(1984, 1, 2))


def family(*people: PersonEntry, key: str = "") -> FamilyEntry:
    return FamilyEntry(people=people, size=len(people), key=key)
