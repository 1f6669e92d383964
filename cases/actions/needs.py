"""What a household needs of the place where it sleeps."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Household, Need
from cases.needs import need_kinds
from core.actors import Actor
from core.errors import DomainError


class UnknownNeed(DomainError):
    """No kind of need has this code."""

    code = "unknown_need"
    message = _("This need is not on the list.")
    http_status = 422


@transaction.atomic
def note_needs(*, household: Household, kinds: Iterable[str], actor: Actor, at: datetime) -> list[Need]:
    """Let `kinds` be all that `household` needs of a place from `at` on, and return the needs that stand.

    Others that stood are withdrawn; the same again changes nothing. The log says how many were noted, never which.
    Raises NotAllowed, UnknownNeed.
    """
    policies.check_can_note_needs(actor, household)
    wanted = set(kinds)
    if not wanted <= set(need_kinds()):
        raise UnknownNeed()
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    standing = {need.kind: need for need in Need.objects.standing().filter(household=household)}
    gone = [need.pk for kind, need in standing.items() if kind not in wanted and kind in need_kinds()]
    fresh = sorted(wanted - set(standing))
    if gone or fresh:
        Need.objects.filter(pk__in=gone).update(withdrawn_at=at)
        Need.objects.bulk_create(Need(household=household, kind=kind, noted_at=at, noted_by=actor.id) for kind in fresh)
        record(
            EventType.NEEDS_NOTED,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            noted=len(fresh),
            withdrawn=len(gone),
        )
    return list(Need.objects.standing().filter(household=household))
