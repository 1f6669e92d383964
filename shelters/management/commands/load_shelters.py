"""`manage.py load_shelters`: shelters, rooms, dated capacities and public observations from `shelters/data`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from shelters.actions.loading import load_public
from shelters.sources import BadSource


class Command(BaseCommand):
    """Load the shelters. May run at every start: a second run adds nothing and says so."""

    help = "Load shelters with their public observations. Needs load_places. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it or nothing, and say what was added."""
        try:
            tally = load_public(actor=Actor.system("loader"), at=timezone.now())
        except (BadSource, DomainError) as error:
            raise CommandError(f"Shelters not loaded, nothing was changed. {error}") from error
        if tally.is_quiet:
            self.stdout.write("Shelters: nothing to add.")
        else:
            self.stdout.write(
                f"Shelters: {tally.shelters} with {tally.units} rooms, {tally.capacities} capacities and "
                f"{tally.observations} public observations added."
            )
