"""Deciding which of several sources counts. Nothing that anybody said is lost by it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from hearings import policies
from hearings.actions.hearings import REFUSALS, keep, locked, record_hearing
from hearings.actions.resolving import resolved, shown, summon
from hearings.actions.stating import Fact, Source
from hearings.models import Claim, Hearing
from places import zones


class NotInConflict(DomainError):
    """The sources agree by now, or the word that was chosen no longer stands beside the others."""

    code = "not_in_conflict"
    message = _("What the sources say has changed meanwhile. Look at it again.")


class ReasonMissing(DomainError):
    """A decision names its reason."""

    code = "reason_missing"
    message = _("Write why this one counts.")
    http_status = 422


@transaction.atomic
def settle_conflict(*, claim: Claim, reason: str, actor: Actor, at: datetime) -> Hearing:
    """Let `claim` count among the sources that differ on its fact, for `reason`.

    What was said otherwise until now is set aside and stays readable; a word that is noted later is weighed anew.
    Raises NotAllowed, HearingNotStanding, NotInConflict, ReasonMissing, and what showing the chosen word raises.
    """
    policies.check_can_change(actor, claim.hearing.household)
    if not reason.strip():
        raise ReasonMissing()
    hearing = locked(claim.hearing)
    words = Hearing.objects.for_clocks().get(pk=hearing.pk).words(Fact(claim.fact))
    if not words.in_conflict or claim not in (words.shown, *words.agreeing, *words.contending):
        raise NotInConflict()
    before = shown(hearing)
    Claim.objects.create(
        hearing=hearing,
        fact=claim.fact,
        source=Source.DECISION,
        said_on=zones.local(at, hearing.court_zone).date(),
        regards=claim,
        reason=reason.strip(),
        decided_by=actor.id,
        decided_by_name=actor.name,
    )
    with naming_violations(REFUSALS):
        hearing = resolved(hearing, at)
        if claim.fact == Fact.PEOPLE:
            summon(hearing)
        changed = keep(hearing, before)
    facts = {"fact": claim.fact, "source": claim.source}
    record_hearing(EventType.HEARING_SETTLED, hearing, actor=actor, at=at, **facts)
    if changed:
        record_hearing(EventType.HEARING_CHANGED, hearing, actor=actor, at=at, source=claim.source)
    return hearing
