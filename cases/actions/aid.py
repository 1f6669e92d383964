"""Aid at reception: information, food, a kit, a call."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.taps import TAKE_BACK_FOR, TooLateToTakeBack
from cases.aid_kinds import aid_kinds
from cases.models import Aid, Household, Person
from core.actors import Actor
from core.errors import DomainError
from core.once import TakenBackSince, once


class UnknownAid(DomainError):
    """No kind of aid has this code."""

    code = "unknown_aid"
    message = _("This kind of aid is not on the list.")
    http_status = 422


class NobodyToGiveTo(DomainError):
    """Aid is given to at least one person."""

    code = "nobody_to_give_to"
    message = _("Nobody is noted in this family yet. Write down who they are first.")


def give_aid(
    *,
    uid: UUID,
    household: Household,
    kind: str,
    language: str = "",
    people: Iterable[Person] | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[Aid, bool]:
    """Note that `people` of `household` (all of them unless told) were given aid of `kind` at `at`, once per client-made `uid`.

    What is given in a language is given in `language`, or in the one they prefer. Returns the aid and whether it is new. Raises
    NotAllowed, UnknownAid, NobodyToGiveTo, SentForAnother (the id belongs to another household), TakenBackSince.
    """
    policies.check_can_edit(actor, household)
    known = aid_kinds().get(kind)
    if known is None:
        raise UnknownAid()
    count = household.people.count() if people is None else len(list(people))
    if not count:
        raise NobodyToGiveTo()
    aid = Aid(
        uid=uid,
        household=household,
        site_id=household.site_id,
        kind=kind,
        language=(language or household.language) if known.in_language else "",
        people=count,
        given_at=at,
        noted_by=actor.id,
    )
    noted, is_new = once(uid, Aid.objects.filter(household=household), lambda: _written(aid, actor))
    if noted.taken_back_at:
        raise TakenBackSince()
    return noted, is_new


def _written(aid: Aid, actor: Actor) -> Aid:
    aid.save(force_insert=True)
    record(
        EventType.AID_GIVEN,
        subject=aid,
        actor=actor,
        at=aid.given_at,
        household=aid.household.uid,
        kind=aid.kind,
        people=aid.people,
        language=aid.language,
    )
    return aid


@transaction.atomic
def take_back_aid(*, aid: Aid, actor: Actor, at: datetime) -> Aid:
    """Take a slip back within `TAKE_BACK_FOR`; it is no longer counted, the row and the log keep it. Twice changes nothing.

    Raises NotAllowed, TooLateToTakeBack.
    """
    policies.check_can_edit(actor, aid.household)
    if at - aid.given_at > TAKE_BACK_FOR:
        raise TooLateToTakeBack()
    if Aid.objects.filter(pk=aid.pk).standing().update(taken_back_at=at):
        household = aid.household
        record(EventType.AID_TAKEN_BACK, subject=aid, actor=actor, at=at, household=household.uid, kind=aid.kind)
        aid.refresh_from_db(fields=["taken_back_at"])
    return aid
