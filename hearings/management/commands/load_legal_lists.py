"""`manage.py load_legal_lists`: free legal help by city, from `hearings/data/legal_help.csv`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actors import Actor
from hearings.actions.legal_lists import load_legal_lists
from places.sources import BadSource


class Command(BaseCommand):
    """Load the lists. May run at every start: a second run changes nothing and says so."""

    help = "Load lists of free legal help by city. Needs load_places. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it or nothing, and say what changed."""
        try:
            changed = load_legal_lists(actor=Actor.system("loader"), at=timezone.now())
        except (BadSource, ValueError, OSError) as error:
            raise CommandError(f"Lists of legal help not loaded, nothing was changed. {error}") from error
        self.stdout.write(f"Lists of legal help: {changed} lines new or changed.")
