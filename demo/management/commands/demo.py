"""Fills an empty system with fictional people: `manage.py demo --people 300`."""

import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from demo.actions import announce, fill
from demo.actions.filling import NotEmpty

USUAL_PEOPLE, USUAL_SEED = 300, 2021


class Command(BaseCommand):
    """The same size and seed make the same people. Interrupted, it goes on where it stopped."""

    help = "Fill an empty system with fictional people, from the public tables of 2019 to 2022 and an invented present."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and which."""
        parser.add_argument("--people", type=int, default=USUAL_PEOPLE, help="how many people (default: 300)")
        parser.add_argument("--seed", type=int, default=USUAL_SEED, help="another seed makes other people")
        parser.add_argument("--if-empty", action="store_true", help="leave a system that has people alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, and say how fast."""
        if settings.PRODUCTION:
            raise CommandError("Demo people are not for production.")
        people, began, now = options["people"], time.monotonic(), timezone.now()
        if people < 1:
            raise CommandError("--people must be at least 1.")
        try:
            tally = fill(
                people=people,
                seed=options["seed"],
                actor=Actor.system("demo"),
                at=now,
                progress=lambda done, total: self._show(done, total, began),
            )
            if tally.written:
                announce(seed=options["seed"], actor=Actor.system("demo"), at=now)
        except NotEmpty as refusal:
            if options["if_empty"]:
                self.stdout.write(f"Demo: {Household.objects.count()} households are there, nothing to do.")
                return
            raise CommandError(str(refusal)) from refusal
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if sys.stderr.isatty():
            self.stderr.write("")
        seconds = time.monotonic() - began
        before = f", {tally.there_before} were there before" if tally.there_before else ""
        self.stdout.write(f"Demo: {tally.written} people written in {seconds:.0f} s{before}.")

    def _show(self, done: int, total: int, began: float) -> None:
        pace = done / max(time.monotonic() - began, 0.001)
        line = f"{done:>7} of {total} people  {100 * done // total:>3} %  {pace:,.0f} people/s"
        if sys.stderr.isatty():
            self.stderr.write(f"\r{line}", ending="")
        else:
            self.stdout.write(line)
