"""Eight desks that give the last place at once through their doors, four by the page and four by the API: a race of whole servers."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from threading import Barrier
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.urls import reverse

from cases.models import Household
from demo.bench.http import PATIENCE_SECONDS, Browser
from demo.bench.sql import DEADLOCKS, DOORS_CLEAR, DOORS_JUDGE
from shelters.models import Unit

GIVEN, REFUSED = {201, 302}, 409


@dataclass(frozen=True, slots=True)
class Prize:
    """A room with as many places as a family has people, and the labels of its beds where they are numbered."""

    unit: Unit
    beds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageDesk:
    """A browser of a coordinator on the page that finds a place."""

    browser: Browser

    def give(self, household: Household, prize: Prize) -> int:
        """Tap the room."""
        path, form = reverse("shelters:place", args=[household.uid]), urlencode({"unit": prize.unit.pk})
        return self.browser.told(path, form, "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """A partner's system with a token of its own, which names numbered beds where there are any."""

    browser: Browser
    token: str

    def give(self, household: Household, prize: Prize) -> int:
        """Ask for the room."""
        room = {"shelter": str(prize.unit.shelter.uid), "name": prize.unit.name}
        body: dict[str, Any] = {"uid": str(uuid4()), "household": str(household.uid), "room": room}
        if prize.beds:
            body["beds"] = prize.beds
        return self.browser.told(reverse("api:stays"), json.dumps(body), "application/json", self.token)


Desk = PageDesk | PartnerDesk


@dataclass(slots=True)
class Doors:
    """What came of the rounds. `unforeseen` are answers that are neither a place nor a refusal, by status; `broken_off` are deadlocks
    that the database found meanwhile, whether or not the deed was begun anew before anybody saw one.
    """

    rounds: int = 0
    doubles: int = 0
    over: int = 0
    nobody: int = 0
    unlike: int = 0
    broken_off: int = 0
    unforeseen: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Milliseconds of one round of all desks."""
        return median(self.milliseconds)

    @property
    def keeps(self) -> bool:
        """Whether every round had one winner, whom everybody believes to be it, and the others read a refusal."""
        return not (self.doubles or self.over or self.nobody or self.unlike or self.unforeseen)


def race_doors(*, desks: Sequence[Desk], prizes: Sequence[Prize], families: Sequence[Household], rounds: int) -> Doors:
    """`rounds` in which each of `desks` gives its family one of `prizes` in turn."""
    found, before = Doors(), _deadlocks()
    with ThreadPoolExecutor(len(desks)) as threads:
        for number in range(rounds):
            _round(found, desks, prizes[number % len(prizes)], families, threads)
    found.broken_off = _deadlocks() - before
    return found


def _round(
    found: Doors, desks: Sequence[Desk], prize: Prize, families: Sequence[Household], threads: ThreadPoolExecutor
) -> None:
    start = Barrier(len(desks) + 1)

    def at_desk(desk: Desk, family: Household) -> int:
        desk.browser.hang_up()
        start.wait(PATIENCE_SECONDS)
        return desk.give(family, prize)

    answers = threads.map(at_desk, desks, families)
    start.wait(PATIENCE_SECONDS)
    began = time.perf_counter()
    statuses = Counter(answers)
    found.milliseconds.append((time.perf_counter() - began) * 1000)
    found.rounds += 1
    _judge(found, statuses, prize.unit)
    with connection.cursor() as cursor:
        cursor.execute(DOORS_CLEAR, [prize.unit.pk])


def _judge(found: Doors, statuses: Counter[int], unit: Unit) -> None:
    """Compare what the doors said with what stands in the table."""
    with connection.cursor() as cursor:
        cursor.execute(DOORS_JUDGE, [unit.pk])
        households, twice, over = cursor.fetchone()
    winners = sum(statuses[status] for status in GIVEN)
    found.doubles += households > 1 or twice > 0
    found.over += over
    found.nobody += households == 0
    found.unlike += winners != households
    found.unforeseen += Counter({each: n for each, n in statuses.items() if each not in GIVEN and each != REFUSED})


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute(DEADLOCKS)
        return int(cursor.fetchone()[0])
