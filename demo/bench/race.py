"""Eight desks that give the last place at once, round after round, by the deed and by bare SQL."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from threading import Barrier

from django.db import OperationalError, connection, transaction

from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from demo.bench.sql import RACE_CLEAR, RACE_INSERT, RACE_LEFT, RACE_LOCK
from shelters.actions import assign_place
from shelters.models import Stay, Unit

DESKS = 8
WON, DEADLOCK = "won", "deadlock"

Deed = Callable[[Household, datetime], None]


@dataclass(slots=True)
class Race:
    """What came of the rounds: how long one took, how often two desks got the place, how often a desk saw a deadlock."""

    rounds: int = 0
    doubles: int = 0
    nobody: int = 0
    deadlocks: int = 0
    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Milliseconds of one round of all desks."""
        return median(self.milliseconds)


def race(*, unit: Unit, families: list[Household], rounds: int, actor: Actor, at: datetime) -> tuple[Race, Race]:
    """`rounds` for the last place of `unit`, the deed's and the floor's in turn."""
    deed, floor = Race(), Race()

    def by_deed(family: Household, moment: datetime) -> None:
        assign_place(household=family, unit=unit, actor=actor, at=moment)

    def by_sql(family: Household, moment: datetime) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RACE_LOCK, [unit.pk])
            cursor.execute(RACE_LEFT, [unit.pk, unit.pk])
            if cursor.fetchone()[0] < family.people.count():
                raise DomainError()
            cursor.execute(RACE_INSERT, [unit.pk, moment, family.pk])

    with ThreadPoolExecutor(DESKS) as desks:
        for number in range(rounds):
            moment = at + timedelta(minutes=4 * number)
            _round(deed, by_deed, unit, families, at=moment, desks=desks)
            _round(floor, by_sql, unit, families, at=moment + timedelta(minutes=2), desks=desks)
        gone = Barrier(DESKS)
        list(desks.map(_leave, [gone] * DESKS))
    return deed, floor


def _leave(gone: Barrier) -> None:
    """Close the connection of this desk's thread, once every thread is here to close its own."""
    gone.wait()
    connection.close()


def _round(
    found: Race, deed: Deed, unit: Unit, families: list[Household], *, at: datetime, desks: ThreadPoolExecutor
) -> None:
    start = Barrier(DESKS)

    def at_desk(family: Household) -> str:
        connection.ensure_connection()
        start.wait()
        try:
            deed(family, at)
        except DomainError:
            return "refused"
        except OperationalError:
            return DEADLOCK
        return WON

    began = time.perf_counter()
    outcomes = list(desks.map(at_desk, families))
    found.milliseconds.append((time.perf_counter() - began) * 1000)
    found.rounds += 1
    sleeping = Stay.objects.open().filter(unit=unit).values("household").distinct().count()
    found.doubles += sleeping > 1 or outcomes.count(WON) > 1
    found.nobody += sleeping == 0
    found.deadlocks += outcomes.count(DEADLOCK)
    with connection.cursor() as cursor:
        cursor.execute(RACE_CLEAR, [at + timedelta(minutes=1), unit.pk])
