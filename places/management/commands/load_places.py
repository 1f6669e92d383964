"""`manage.py load_places`: cities, ports of entry, crossings, courts and field sites from `places/data`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from places.actions import load_reference
from places.sources import DATA, BadSource


class Command(BaseCommand):
    """Load the reference data. May run at every start: a second run changes nothing and says so."""

    help = "Load cities, ports of entry, crossings, courts and field sites. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another folder may hold a newer edition of the files."""
        parser.add_argument("--folder", type=Path, default=DATA, help="where the CSV files are (default: places/data)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it or nothing, and say what changed."""
        try:
            tally = load_reference(actor=Actor.system("loader"), at=timezone.now(), folder=options["folder"])
        except (BadSource, DomainError, OSError) as error:
            raise CommandError(f"Reference data not loaded, nothing was changed. {error}") from error
        if tally.is_quiet:
            self.stdout.write(f"Reference data: {tally.same} rows, nothing to change.")
        else:
            self.stdout.write(
                f"Reference data: {tally.made} rows new, {tally.changed} changed, {tally.same} as they were."
            )
