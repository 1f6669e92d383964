"""Loads everything that is the same in every installation: places, cohorts, shelters seen in public."""

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs the loaders of the rooms, lowest floor first. Running it again changes nothing."""

    help = "Load reference data (places, cohorts, shelters seen in public, lists of legal help); hearings follow its zones."

    def handle(self, *args: object, **options: object) -> None:
        for loader in ("load_places", "load_cohorts", "load_shelters", "load_legal_lists", "recheck_zones"):
            call_command(loader, stdout=self.stdout)
