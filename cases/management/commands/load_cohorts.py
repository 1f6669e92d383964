"""Loads the cohorts: `manage.py load_cohorts`, as often as you like."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.actions.cohorts import load_cohorts
from core.actors import Actor


class Command(BaseCommand):
    """Brings the cohorts in line with cases/data/cohorts.csv."""

    help = "Load the programmes that returned people (MPP 1, wind-down, MPP 2, 2025)."

    def handle(self, *args: object, **options: object) -> None:
        changed = load_cohorts(actor=Actor.system("loader"), at=timezone.now())
        self.stdout.write(f"cohorts: {changed} changed" if changed else "cohorts: nothing to change")
