"""What a household agreed to, noted at intake and withdrawable at any time."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Consent, Household
from core.actors import Actor

# The privacy notice that staff read out; its words stand in templates/journey/privacy_notice.html.
NOTICE_VERSION = "2021-12"


@transaction.atomic
def note_consent(
    *, household: Household, answers: Mapping[Consent.Purpose, bool], language: str, actor: Actor, at: datetime
) -> list[Consent]:
    """Note the household's answer for each purpose, after the privacy notice in `language` (ISO 639-3), before `actor`.

    An earlier standing answer for the same purpose ends at `at`. Raises NotAllowed.
    """
    policies.check_can_edit(actor, household)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # two desks answer one after the other
    Consent.objects.filter(household=household, purpose__in=list(answers), withdrawn_at=None).update(withdrawn_at=at)
    noted = Consent.objects.bulk_create(
        Consent(
            household=household,
            purpose=purpose,
            is_given=is_given,
            notice_version=NOTICE_VERSION,
            notice_language=language,
            noted_at=at,
            noted_by=actor.id,
        )
        for purpose, is_given in answers.items()
    )
    record(
        EventType.CONSENT_RECORDED,
        subject=household,
        actor=actor,
        at=at,
        household=household.uid,
        given=sorted(purpose.value for purpose, is_given in answers.items() if is_given),
        refused=sorted(purpose.value for purpose, is_given in answers.items() if not is_given),
    )
    return noted
