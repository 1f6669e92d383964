"""What a household agreed to, noted at intake and withdrawable at any time."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Consent, Household
from core.actors import Actor
from core.errors import DomainError

# The privacy notice that staff read out; its words stand in templates/journey/notices/<version>.
NOTICE_VERSION = "2021-12"


class WitnessAsked(DomainError):
    """Whoever asked cannot be the witness of the answer."""

    code = "witness_asked"
    message = _("The witness is somebody else than who asked. Choose a colleague, or leave it empty.")
    http_status = 422


@transaction.atomic
def note_consent(
    *,
    household: Household,
    answers: Mapping[Consent.Purpose, bool],
    language: str,
    way: Consent.Way | str = "",
    witness: User | None = None,
    actor: Actor,
    at: datetime,
) -> list[Consent]:
    """Note the household's answer for each purpose, after the privacy notice in `language` (ISO 639-3), before `actor`.

    `way` is how they came to know the notice, `witness` a second colleague who heard the answer. An earlier standing answer for the
    same purpose ends at `at`; a purpose that is not in `answers` stays as it was. Raises NotAllowed, WitnessAsked.
    """
    policies.check_can_edit(actor, household)
    if witness is not None and str(witness.pk) == actor.id:
        raise WitnessAsked()
    if not answers:
        return []
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # two desks answer one after the other
    Consent.objects.filter(household=household, purpose__in=list(answers), withdrawn_at=None).update(withdrawn_at=at)
    how = {
        "notice_version": NOTICE_VERSION,
        "notice_language": language,
        "notice_way": way,
        "noted_at": at,
        "noted_by": actor.id,
        "noted_by_name": actor.name,
        "witness": str(witness.pk) if witness else "",
        "witness_name": witness.name if witness else "",
    }
    noted = Consent.objects.bulk_create(
        Consent(household=household, purpose=purpose, is_given=is_given, **how) for purpose, is_given in answers.items()
    )
    said = {
        name: sorted(each.purpose for each in noted if each.is_given == is_given)
        for name, is_given in (("given", True), ("refused", False))
    }
    record(EventType.CONSENT_RECORDED, subject=household, actor=actor, at=at, household=household.uid, **said)
    return noted
