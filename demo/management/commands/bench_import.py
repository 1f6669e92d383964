"""Measures bringing in a sheet of thousands: part of `make bench`."""

import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import grant_role, open_account, open_agency
from accounts.actors import actor_of
from accounts.roles import Role
from core.actors import Actor
from demo.bench.sheets import workbook
from places.models import Site
from sheets import actions, working
from sheets.reading import read_book
from sheets.standing import Counts
from sheets.states import Fate

ACTOR = Actor.system("bench")
MOST_SECONDS, MOST_MEGABYTES = 60, 300


class Command(BaseCommand):
    """Runs only on servers of its own: it leaves the people behind."""

    help = "Bring in a sheet of fictional people and say how long it took and how much memory. Started by `make bench`."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many people; `--write` only makes the sheet."""
        parser.add_argument("--people", type=int, default=25_000, help="rows of the sheet (default: 25,000)")
        parser.add_argument("--write", default="", help="write the sheet into this file and do nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure each part and print one row."""
        if settings.ENVIRONMENT != "test":
            raise CommandError("This writes into the database: use `make bench`, which brings its own.")
        people = options["people"]
        if options["write"]:
            Path(options["write"]).write_bytes(workbook(people))
            return
        with TemporaryDirectory() as folder:
            path = Path(folder) / "sheet.xlsx"
            # Made by another process: the memory that is measured is that of bringing it in.
            command = [sys.executable, "manage.py", "bench_import", "--people", str(people), "--write", str(path)]
            subprocess.run(command, check=True)
            self._measure(path.read_bytes(), people)

    def _measure(self, content: bytes, people: int) -> None:
        now = timezone.now()
        agency = open_agency(code=f"bench-{uuid4().hex[:8]}", name="Bench", actor=ACTOR, at=now)
        email = f"bench-{uuid4().hex}@demo.example"
        user = open_account(email=email, name="Bench", agency=agency, password=uuid4().hex, actor=ACTOR, at=now)
        site = Site.objects.field().select_related("city").get(code="JZ")
        grant_role(user=user, role=Role.COORDINATOR, site=site, actor=ACTOR, at=now)
        began = time.perf_counter()
        sheet = actions.receive_sheet(
            book=read_book(content, "bench.xlsx"),
            content=content,
            name="bench.xlsx",
            site=site,
            crossing=None,
            arrived_on=now.date(),
            actor=actor_of(user),
            at=now,
        )
        received = time.perf_counter()
        working.carry_on(actor=ACTOR, clock=timezone.now, uid=sheet.uid)
        checked = time.perf_counter()
        actions.let_in(sheet=sheet, with_known=True, actor=actor_of(user), at=timezone.now())
        working.carry_on(actor=ACTOR, clock=timezone.now, uid=sheet.uid)
        ended = time.perf_counter()
        seconds = ended - began
        usage = resource.getrusage(resource.RUSAGE_SELF)
        megabytes = usage.ru_maxrss / 1024
        reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        put_in = Counts.of(sheet)[Fate.IN].people
        keeps = put_in == people and seconds < MOST_SECONDS and max(megabytes, reader) < MOST_MEGABYTES
        parts = f"received {received - began:.1f}, checked {checked - received:.1f}, put in {ended - checked:.1f}"
        own = f"{usage.ru_utime + usage.ru_stime:.0f} s of this process, {megabytes:.0f} MB, its reader {reader:.0f} MB"
        self.stdout.write(
            f"{f'import a sheet of {people:,} people':<34}{seconds:>8.1f}s: {parts}; {own}; {put_in:,} in"
            f"  < {MOST_SECONDS} s, < {MOST_MEGABYTES} MB{'' if keeps else '  MISSED'}"
        )
