"""Dropping what lists told of people, when nobody needs it any more."""

from datetime import datetime, timedelta

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.policies import check_can_administer
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedPerson

KEPT = timedelta(days=30)


@transaction.atomic
def forget_announced(*, actor: Actor, at: datetime) -> int:
    """Drop names, numbers and birth dates of lists whose day ended `KEPT` before `at`, and return how many people were dropped.

    The counts stay: how many were announced, who of them came. Whoever came is in the files of the house anyhow; whoever did not is
    nobody's to keep. Safe to run twice. Raises NotAllowed.
    """
    check_can_administer(actor)
    old = ExpectedDay.objects.filter(ends_at__lt=at - KEPT, households__people__isnull=False).distinct()
    dropped = 0
    for day in old:
        people, _by_model = ExpectedPerson.objects.filter(household__day=day).delete()
        ExpectedHousehold.objects.filter(day=day).update(family_key="")
        record(EventType.EXPECTED_FORGOTTEN, subject=day, actor=actor, at=at, people=people)
        dropped += people
    return dropped
