"""`manage.py recheck_zones`: brings the hearings ahead in line with the zone tables that this release pins."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hearings.actions import ZONES, recheck_zones
from places import zones


class Command(BaseCommand):
    """Find hearings whose wall time means another moment now. Runs at every start; a second run finds nothing."""

    help = "Bring the hearings ahead in line with the zone tables. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recheck, and say how many hearings moved."""
        moved = recheck_zones(actor=ZONES, at=timezone.now())
        self.stdout.write(f"Zone tables {zones.edition()}: {moved} hearings ahead mean another moment.")
