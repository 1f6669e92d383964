"""Loading the cohorts."""

import csv
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases.models import Cohort
from core.actors import Actor
from core.policies import check_can_administer

COHORTS = Path(__file__).resolve().parent.parent / "data" / "cohorts.csv"


@transaction.atomic
def load_cohorts(*, actor: Actor, at: datetime) -> int:
    """Bring the cohorts in line with `data/cohorts.csv` and return how many rows changed. Raises NotAllowed."""
    check_can_administer(actor)
    changed = 0
    with COHORTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            wanted = {
                "name": row["name"],
                "begins_on": date.fromisoformat(row["begins_on"]),
                "ends_on": date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
            }
            if Cohort.objects.filter(code=row["code"], **wanted).exists():
                continue
            cohort, _ = Cohort.objects.update_or_create(code=row["code"], defaults=wanted)
            record(EventType.COHORT_LOADED, subject=cohort, actor=actor, at=at, code=cohort.code)
            changed += 1
    return changed
