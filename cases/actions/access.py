"""A record that stands elsewhere: asking to see it, letting in, and ending that."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import Event, EventType
from cases import policies
from cases.models import AccessRequest, Household
from core.actors import Actor
from core.errors import DomainError, naming_violations
from places.models import Site

HINTS_PER_HOUR = 20


class WordsNeeded(DomainError):
    """ "Another reason" has to be said."""

    code = "words_needed"
    message = _("Say in a few words why you need to see it.")
    http_status = 422


class AlreadyDecided(DomainError):
    """Somebody answered first."""

    code = "already_decided"
    message = _("Somebody has answered this already.")


class NotOpen(DomainError):
    """The access was not granted, or has ended."""

    code = "not_open"
    message = _("This access has ended already.")


@transaction.atomic
def hint_elsewhere(*, household: Household, actor: Actor, at: datetime) -> bool:
    """Whether `actor` may be told that somebody stands elsewhere, in `household`; told, it is written down in that household's log.

    The same one within the hour is written down once, and after `HINTS_PER_HOUR` nobody is told of another: who tries name after
    name learns nothing more.
    """
    hints = Event.objects.filter(
        type=EventType.HINTED_ELSEWHERE,
        actor_kind=actor.kind,
        actor_id=actor.id,
        recorded_at__gte=Now() - timedelta(hours=1),
    )
    told = set(hints.values_list("household", flat=True))
    if household.uid in told:
        return True
    if len(told) >= HINTS_PER_HOUR:
        return False
    record(EventType.HINTED_ELSEWHERE, subject=household, actor=actor, at=at, household=household.uid)
    return True


@transaction.atomic
def ask_access(
    *, household: Household, site: Site, reason: AccessRequest.Reason, words: str, actor: Actor, at: datetime
) -> AccessRequest:
    """Ask those who hold `household` to let `site` see it; asked again while it is open, nothing is written.

    A question stays one row however often it is asked: with its first moment and its newest reason, whether it waits or was turned
    down, so that asking again tells nobody which. Turned down, it waits once more. Raises NotAllowed, WordsNeeded.
    """
    policies.check_can_ask(actor, site)
    if reason == AccessRequest.Reason.OTHER and not words.strip():
        raise WordsNeeded()
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # two desks ask one after the other
    of_both = AccessRequest.objects.filter(household=household, site=site, ended_at=None)
    known = of_both.exclude(is_granted=False).first() or of_both.first()
    if known is not None and known.is_granted:
        return known
    request = known or AccessRequest(household=household, site=site, asked_at=at)
    is_news = known is None or known.is_granted is False
    request.reason, request.words = reason, words.strip()[:500]
    request.asked_by = actor.name[:80] or actor.id
    request.is_granted, request.decided_at, request.decided_by = None, None, ""
    request.save()
    if is_news:
        record(
            EventType.ACCESS_ASKED,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            site=site.pk,
            reason=reason,
        )
    return request


@transaction.atomic
def decide_access(
    *, request: AccessRequest, is_granted: bool, until: datetime | None, actor: Actor, at: datetime
) -> AccessRequest:
    """Let the asking site see the household from now until `until` (aware; None: until somebody ends it), or do not.

    Raises NotAllowed, AlreadyDecided.
    """
    policies.check_can_decide_access(actor, request.household)
    decided = AccessRequest.objects.waiting().filter(pk=request.pk)
    answer = {"decided_at": at, "decided_by": actor.name[:80] or actor.id, "is_granted": is_granted}
    if not decided.update(**answer, until=until if is_granted else None):
        raise AlreadyDecided()
    record(
        EventType.ACCESS_GRANTED if is_granted else EventType.ACCESS_DENIED,
        subject=request.household,
        actor=actor,
        at=at,
        household=request.household.uid,
        site=request.site_id,
    )
    request.refresh_from_db()
    return request


@transaction.atomic
def end_access(*, request: AccessRequest, actor: Actor, at: datetime) -> AccessRequest:
    """End an open access now. What a merge opened ends with the merge: whose file it was is not shut out. Raises NotAllowed, NotOpen."""
    policies.check_can_decide_access(actor, request.household)
    if not AccessRequest.objects.open().asked_for().filter(pk=request.pk).update(ended_at=at):
        raise NotOpen()
    _record_end(request, actor, at)
    request.refresh_from_db()
    return request


@transaction.atomic
def end_due_access(*, actor: Actor, at: datetime) -> int:
    """End every access whose time is over at `at`, and return how many. The beat calls it; a second run finds nothing."""
    due = AccessRequest.objects.open().filter(until__lte=at).select_related("household")
    ended = list(due.select_for_update(skip_locked=True, of=("self",)).order_by("pk"))
    AccessRequest.objects.filter(pk__in=[request.pk for request in ended]).update(ended_at=at)
    for request in ended:
        _record_end(request, actor, at)
    return len(ended)


def follow_merge(*, household: Household, site: Site, actor: Actor, at: datetime) -> None:
    """Part of `merge_people`: the site that held the merged file goes on seeing the person, in the kept household."""
    with naming_violations({"cases_accessrequest_one_at_a_time": AlreadyDecided}):
        standing = AccessRequest.objects.filter(household=household, site=site, ended_at=None).exclude(is_granted=False)
        who = actor.name[:80] or actor.id
        granted = {"is_granted": True, "decided_at": at, "decided_by": who, "reason": AccessRequest.Reason.MERGED}
        if not standing.update(**granted, until=None):
            AccessRequest.objects.create(household=household, site=site, asked_at=at, asked_by=who, **granted)


def unfollow_merge(*, household: Household, site: Site, actor: Actor, at: datetime) -> None:
    """Part of `undo_merge`: what `follow_merge` opened ends."""
    opened = AccessRequest.objects.open().filter(household=household, site=site, reason=AccessRequest.Reason.MERGED)
    opened.update(ended_at=at)


def _record_end(request: AccessRequest, actor: Actor, at: datetime) -> None:
    record(
        EventType.ACCESS_ENDED,
        subject=request.household,
        actor=actor,
        at=at,
        household=request.household.uid,
        site=request.site_id,
    )
