"""Telling people of their hearing where no message does: by phone, in person, on paper, at the desk where they sleep."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError
from core.once import TakenBackSince, once
from hearings import policies
from hearings.actions.hearings import HearingNotStanding
from hearings.models import Hearing, Telling


class ToldOfAnotherDate(DomainError):
    """The hearing changed between the look at the page and the tap."""

    code = "told_of_another_date"
    message = _("The hearing has changed meanwhile. Look at the new date, and tell them that one.")


def note_telling(
    *, uid: UUID, hearing: Hearing, version: int, way: Telling.Way | None, actor: Actor, at: datetime
) -> tuple[Telling, bool]:
    """Note that the people of `hearing` were told of its `version` by `way`, or could not be found (`way` None).

    Of one that was cancelled: that it is off. Once per client-made `uid`: returns the telling and whether it is new. Raises NotAllowed,
    HearingNotStanding, ToldOfAnotherDate, SentForAnother (the id belongs to another hearing), TakenBackSince.
    """
    policies.check_can_tell(actor, hearing.household)
    telling = Telling(
        uid=uid,
        hearing=hearing,
        version=version,
        way=way or "",
        result=Telling.Result.TOLD if way else Telling.Result.NOT_FOUND,
        told_at=at,
        noted_by=actor.id,
        noted_by_name=actor.name,
    )
    noted, is_new = once(uid, Telling.objects.filter(hearing=hearing), lambda: _written(telling, actor))
    if noted.taken_back_at:
        raise TakenBackSince()
    return noted, is_new


def _written(telling: Telling, actor: Actor) -> Telling:
    """Write `telling` and record it, if it is of the version that counts."""
    telling.save(force_insert=True)
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=telling.hearing_id)
    if not (hearing.stands or hearing.is_off):
        raise HearingNotStanding()
    if hearing.version != telling.version:
        raise ToldOfAnotherDate()
    record(
        EventType.HEARING_TOLD if telling.way else EventType.HEARING_NOT_FOUND,
        subject=hearing,
        actor=actor,
        at=telling.told_at,
        household=telling.hearing.household.uid,
        version=telling.version,
        way=telling.way,
    )
    return telling


@transaction.atomic
def take_back_telling(*, telling: Telling, actor: Actor, at: datetime) -> Telling:
    """Take a slip back, whenever it is found: the family counts as not told by it. Twice changes nothing. Raises NotAllowed."""
    policies.check_can_take_back(actor, telling)
    if Telling.objects.filter(pk=telling.pk).standing().update(taken_back_at=at, taken_back_by=actor.id):
        hearing = telling.hearing
        record(
            EventType.HEARING_TELLING_UNDONE,
            subject=hearing,
            actor=actor,
            at=at,
            household=hearing.household.uid,
            version=telling.version,
            way=telling.way,
        )
        telling.refresh_from_db(fields=["taken_back_at", "taken_back_by"])
    return telling
