"""Noting and changing when people must appear. Every word of a source is kept; what is shown is worked out from all of them."""

from datetime import date, datetime, time
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import Household
from core.actors import Actor
from core.errors import DomainError, naming_violations
from hearings import policies, rules
from hearings.actions.resolving import ReportAfterCourt, resolved, shown, summon
from hearings.actions.stating import Facts, MoreFacts, NothingSaid, Source, Stated, state, summoned
from hearings.models import Hearing, Summons
from places import zones
from places.models import Court


class HearingAlreadyNoted(DomainError):
    """The household has a standing hearing at that very moment."""

    code = "hearing_already_noted"
    message = _("This family already has a hearing at that date and time. Open it and add what the new paper says.")


class HearingNotStanding(DomainError):
    """The hearing was cancelled or held."""

    code = "hearing_not_standing"
    message = _("This hearing no longer stands. Note the new one instead.")


class ConfirmedAnother(DomainError):
    """The hearing changed between the look at the page and the tap: nobody asked the line about what is shown now."""

    code = "confirmed_another"
    message = _("The hearing has changed meanwhile. Ask the line about the new date.")


class NotByHearsay(DomainError):
    """What somebody heard withdraws no reminder: people would stay away from a hearing that stands."""

    code = "not_by_hearsay"
    message = _("Only a paper, an announcement or the EOIR line takes a hearing off. Ask the line.")
    http_status = 422


class CancelledAnother(DomainError):
    """The hearing changed between the look at the page and the tap: nobody said that what is shown now is off."""

    code = "cancelled_another"
    message = _("The hearing has changed meanwhile. Look at the new date: is that one off too?")


REFUSALS: dict[str, type[DomainError]] = {
    "hearings_hearing_once_per_moment": HearingAlreadyNoted,
    "hearings_hearing_report_before_court": ReportAfterCourt,
}


@transaction.atomic
def note_hearing(
    *,
    household: Household,
    court: Court,
    court_on: date,
    court_time: time,
    source: str,
    said_on: date,
    actor: Actor,
    at: datetime,
    **more: Unpack[MoreFacts],
) -> Hearing:
    """Note a hearing of `household` as `source` states it on a paper or in words of `said_on`.

    `court_on` and `court_time` are the court's wall clock, `report_on` (the court's day unless told) and `report_time` that of the
    crossing. Without a report time it is estimated from the crossing's rule and marked so. Without `people` all are summoned, and
    nobody is quoted for it; without `kind` it is taken for the first hearing.

    Raises NotAllowed, HearingAlreadyNoted, ReportAfterCourt, ReportWithoutCrossing, SourceCannotTell, NotOfThisHousehold,
    InterpreterUnknown, zones.NonexistentTime.
    """
    policies.check_can_note(actor, household)
    stated = Stated(court=court, court_on=court_on, court_time=court_time, **more)
    called = summoned(household, stated.people)
    court_at = zones.wall_to_utc(rules.wall(court_on, court_time), court.zone)
    with naming_violations(REFUSALS):
        hearing = Hearing.objects.create(
            household=household,
            court=court,
            court_on=court_on,
            court_time=court_time,
            court_zone=court.zone,
            court_at=court_at,
            present_at=court_at,
        )
        Summons.objects.bulk_create([Summons(hearing=hearing, person=person) for person in called])
        state(hearing, stated, source=source, said_on=said_on)
        hearing = resolved(hearing, at)
        if source == Source.EOIR_LINE:
            hearing.verified_at = at
        hearing.save()
    record_hearing(EventType.HEARING_NOTED, hearing, actor=actor, at=at, source=source, people=len(called))
    return hearing


@transaction.atomic
def change_hearing(
    *,
    hearing: Hearing,
    source: str,
    said_on: date,
    actor: Actor,
    at: datetime,
    **facts: Unpack[Facts],
) -> Hearing:
    """Add what another source states, or the same one later, and show what follows from all that is said.

    Wall times as in `note_hearing`; a date without its time keeps the time that is shown. Another court keeps the wall time and
    reads it on its own clock. The version grows only when what people act upon changes: then reminders are planned anew.
    What the source said already, word for word, changes nothing. Raises NotAllowed, HearingNotStanding, NothingSaid, and what
    `note_hearing` raises.
    """
    policies.check_can_change(actor, hearing.household)
    hearing, stated = locked(hearing), Stated(**facts)
    if stated.says_nothing:
        raise NothingSaid()
    before = shown(hearing)
    with naming_violations(REFUSALS):
        if not state(hearing, stated.beside(hearing), source=source, said_on=said_on):
            return hearing
        hearing = resolved(hearing, at)
        if stated.people is not None:
            summon(hearing)
        if source == Source.EOIR_LINE and stated.says_court_time and hearing.confirmed_by():
            hearing.verified_at = at
        changed = keep(hearing, before)
    record_hearing(_what_happened(changed), hearing, actor=actor, at=at, source=source)
    return hearing


@transaction.atomic
def verify_hearing(
    *, hearing: Hearing, said_on: date, actor: Actor, at: datetime, version: int | None = None
) -> Hearing:
    """Note that the EOIR line states the court time that is shown; something else is `change_hearing` with the line as source.

    `version` is the one that a page showed as unconfirmed: its second tap changes nothing. Raises NotAllowed, HearingNotStanding,
    ConfirmedAnother.
    """
    policies.check_can_change(actor, hearing.household)
    hearing = locked(hearing)
    if version not in (None, hearing.version):
        raise ConfirmedAnother()
    if version is not None and hearing.verified_at is not None:
        return hearing
    stated = Stated(court_on=hearing.court_on, court_time=hearing.court_time)
    state(hearing, stated, source=Source.EOIR_LINE, said_on=said_on)
    hearing = resolved(hearing, at)
    hearing.verified_at = at
    hearing.save(update_fields=["verified_at", "conflicts", "contended_at"])
    record_hearing(EventType.HEARING_VERIFIED, hearing, actor=actor, at=at)
    return hearing


@transaction.atomic
def cancel_hearing(*, hearing: Hearing, source: str, actor: Actor, at: datetime, version: int | None = None) -> Hearing:
    """Take a hearing off the docket, as `source` says, which is one of `rules.CANCELLING`: whoever was told of it hears that.

    `version` is the one that a page showed. What is off already stays so: a second tap changes nothing. Raises NotAllowed,
    NotByHearsay, HearingNotStanding, CancelledAnother.
    """
    policies.check_can_change(actor, hearing.household)
    if source not in rules.CANCELLING:
        raise NotByHearsay()
    held = _held(hearing)
    if held.is_off:
        return held
    if not held.stands:
        raise HearingNotStanding()
    if version not in (None, held.version):
        raise CancelledAnother()
    held.status, held.version = Hearing.Status.CANCELLED, held.version + 1
    held.save(update_fields=["status", "version"])
    record_hearing(EventType.HEARING_CANCELLED, held, actor=actor, at=at, source=source)
    return held


def locked(hearing: Hearing) -> Hearing:
    """The standing hearing as it is now, held until the end of the transaction."""
    held = _held(hearing)
    if not held.stands:
        raise HearingNotStanding()
    return held


def _held(hearing: Hearing) -> Hearing:
    return Hearing.objects.select_for_update(of=("self",)).select_related("household", "court").get(pk=hearing.pk)


def keep(hearing: Hearing, before: tuple[object, ...]) -> bool:
    """Save `hearing`, a version later where it shows something else than `before`; returns whether it does."""
    changed = shown(hearing) != before
    hearing.version += changed
    hearing.save()
    return changed


def record_hearing(event: EventType, hearing: Hearing, *, actor: Actor, at: datetime, **facts: Any) -> None:
    """Record that something happened to `hearing`, with its version and household."""
    household = hearing.household.uid
    record(event, subject=hearing, actor=actor, at=at, household=household, version=hearing.version, **facts)


def _what_happened(changed: bool) -> EventType:
    return EventType.HEARING_CHANGED if changed else EventType.HEARING_CLAIM_ADDED
