"""Noting and changing when people must appear. Every word of a source is kept; what is shown is worked out from all of them."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import Household, Person
from core.actors import Actor
from core.errors import DomainError, naming_violations
from hearings import policies, rules
from hearings.models import Claim, Hearing, Summons
from places import zones
from places.models import Court, Crossing, HearingLocation, ReportRule

Source = Claim.Source
Fact = Claim.Fact


class HearingAlreadyNoted(DomainError):
    """The household has a standing hearing at that very moment."""

    code = "hearing_already_noted"
    message = _("This family already has a hearing at that date and time. Open it and add what the new paper says.")


class ReportAfterCourt(DomainError):
    """Nobody is told to be at the bridge after the hearing has begun."""

    code = "report_after_court"
    message = _("The time at the bridge is later than the hearing. Check both times and their dates.")
    http_status = 422


class ReportWithoutCrossing(DomainError):
    """A time at the bridge means nothing without the bridge: the clock to read it on is unknown."""

    code = "report_without_crossing"
    message = _("Say which crossing the time at the bridge is for.")
    http_status = 422


class SourceCannotTell(DomainError):
    """A rule of the crossing is no source: estimates are made here, never noted."""

    code = "source_cannot_tell"
    message = _("Say who or which paper states this.")
    http_status = 422


class NotOfThisHousehold(DomainError):
    """Somebody on the summons belongs to another household."""

    code = "not_of_this_household"
    message = _("Somebody on this hearing belongs to another family. Choose again.")
    http_status = 422


class NothingSaid(DomainError):
    """A change names at least one fact."""

    code = "nothing_said"
    message = _("Write what the new source says: court time, time at the bridge or crossing.")
    http_status = 422


class HearingNotStanding(DomainError):
    """The hearing was cancelled or held."""

    code = "hearing_not_standing"
    message = _("This hearing no longer stands. Note the new one instead.")


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
    kind: str = Hearing.Kind.INITIAL_MASTER,
    location: HearingLocation | None = None,
    crossing: Crossing | None = None,
    report_on: date | None = None,
    report_time: time | None = None,
    people: Iterable[Person] | None = None,
) -> Hearing:
    """Note a hearing of `household` as `source` states it on a paper or in words of `said_on`.

    `court_on` and `court_time` are the court's wall clock, `report_on` (the court's day unless told) and `report_time` that of the
    crossing. Without a report time it is estimated from the crossing's rule and marked so. Without `people` all are summoned.

    Raises NotAllowed, HearingAlreadyNoted, ReportAfterCourt, ReportWithoutCrossing, SourceCannotTell, NotOfThisHousehold,
    zones.NonexistentTime.
    """
    policies.check_can_note(actor, household)
    summoned = _summoned(household, people)
    court_at = zones.wall_to_utc(rules.wall(court_on, court_time), court.zone)
    with naming_violations(REFUSALS):
        hearing = Hearing.objects.create(
            household=household,
            kind=kind,
            court=court,
            location=location,
            court_on=court_on,
            court_time=court_time,
            court_zone=court.zone,
            court_at=court_at,
            present_at=court_at,
        )
        Summons.objects.bulk_create([Summons(hearing=hearing, person=person) for person in summoned])
        _add_claims(
            hearing,
            source=source,
            said_on=said_on,
            court_on=court_on,
            court_time=court_time,
            crossing=crossing,
            report_on=report_on,
            report_time=report_time,
        )
        hearing = _resolved(hearing, at)
        if source == Source.EOIR_LINE:
            hearing.verified_at = at
        hearing.save()
    record(
        EventType.HEARING_NOTED,
        subject=hearing,
        actor=actor,
        at=at,
        household=household.uid,
        version=hearing.version,
        source=source,
        people=len(summoned),
    )
    return hearing


@transaction.atomic
def change_hearing(
    *,
    hearing: Hearing,
    source: str,
    said_on: date,
    actor: Actor,
    at: datetime,
    court_on: date | None = None,
    court_time: time | None = None,
    crossing: Crossing | None = None,
    report_on: date | None = None,
    report_time: time | None = None,
) -> Hearing:
    """Add what another source states, or the same one later, and show what follows from all that is said.

    Wall times as in `note_hearing`; a date without its time keeps the time that is shown. The version grows only when what is
    shown changes: then reminders are planned anew. Raises NotAllowed, HearingNotStanding, NothingSaid, HearingAlreadyNoted,
    ReportAfterCourt, ReportWithoutCrossing, SourceCannotTell, zones.NonexistentTime.
    """
    policies.check_can_change(actor, hearing.household)
    hearing = _locked(hearing)
    says_court = court_on is not None or court_time is not None
    says_report = report_on is not None or report_time is not None
    if not (says_court or says_report or crossing):
        raise NothingSaid()
    before = _shown(hearing)
    with naming_violations(REFUSALS):
        _add_claims(
            hearing,
            source=source,
            said_on=said_on,
            court_on=(court_on or hearing.court_on) if says_court else None,
            court_time=court_time or hearing.court_time,
            crossing=crossing,
            report_on=report_on or (None if says_court else hearing.report_on) or court_on,
            report_time=(report_time or hearing.report_time) if says_report else None,
        )
        hearing = _resolved(hearing, at)
        if says_court:
            hearing.verified_at = at if source == Source.EOIR_LINE else None
        changed = _shown(hearing) != before
        hearing.version += changed
        hearing.save()
    record(
        EventType.HEARING_CHANGED if changed else EventType.HEARING_CLAIM_ADDED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        version=hearing.version,
        source=source,
    )
    return hearing


@transaction.atomic
def verify_hearing(*, hearing: Hearing, said_on: date, actor: Actor, at: datetime) -> Hearing:
    """Note that the EOIR line states the court time that is shown. Raises NotAllowed, HearingNotStanding.

    When the line says something else, that is `change_hearing` with the line as source.
    """
    policies.check_can_change(actor, hearing.household)
    hearing = _locked(hearing)
    _add_claims(
        hearing,
        source=Source.EOIR_LINE,
        said_on=said_on,
        court_on=hearing.court_on,
        court_time=hearing.court_time,
    )
    hearing.verified_at = at
    hearing.save(update_fields=["verified_at"])
    record(
        EventType.HEARING_VERIFIED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        version=hearing.version,
    )
    return hearing


@transaction.atomic
def cancel_hearing(*, hearing: Hearing, actor: Actor, at: datetime) -> Hearing:
    """Take a hearing off the docket. Raises NotAllowed, HearingNotStanding."""
    policies.check_can_change(actor, hearing.household)
    hearing = _locked(hearing)
    hearing.status = Hearing.Status.CANCELLED
    hearing.version += 1
    hearing.save(update_fields=["status", "version"])
    record(
        EventType.HEARING_CANCELLED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        version=hearing.version,
    )
    return hearing


def _locked(hearing: Hearing) -> Hearing:
    """The standing hearing as it is now, held until the end of the transaction."""
    held = Hearing.objects.select_for_update(of=("self",)).select_related("household", "court").get(pk=hearing.pk)
    if not held.stands:
        raise HearingNotStanding()
    return held


def _summoned(household: Household, people: Iterable[Person] | None) -> list[Person]:
    if people is None:
        return list(Person.objects.filter(household=household).in_order())
    chosen = list(people)
    if any(person.household_id != household.pk for person in chosen):
        raise NotOfThisHousehold()
    return chosen


def _add_claims(
    hearing: Hearing,
    *,
    source: str,
    said_on: date,
    court_on: date | None,
    court_time: time | None,
    crossing: Crossing | None = None,
    report_on: date | None = None,
    report_time: time | None = None,
) -> None:
    """Keep what one source says, as it says it. A time that the clocks skip is refused here."""
    if source == Source.RULE:
        raise SourceCannotTell()
    claims = []
    if court_on is not None and court_time is not None:
        claims.append(_time_claim(Fact.COURT_TIME, court_on, court_time, hearing.court_zone))
    if crossing is not None:
        claims.append(Claim(fact=Fact.CROSSING, crossing=crossing))
    if report_time is not None:
        at_bridge = crossing or hearing.report_crossing
        if at_bridge is None:
            raise ReportWithoutCrossing()
        day = report_on or court_on or hearing.court_on
        claims.append(_time_claim(Fact.REPORT_TIME, day, report_time, at_bridge.zone))
    for claim in claims:
        claim.hearing, claim.source, claim.said_on = hearing, source, said_on
    Claim.objects.bulk_create(claims)


def _time_claim(fact: str, day: date, clock: time, zone: str) -> Claim:
    """A claim about a wall time, once that time is known to exist."""
    zones.wall_to_utc(rules.wall(day, clock), zone)
    return Claim(fact=fact, local_on=day, local_time=clock, zone=zone)


def _resolved(hearing: Hearing, at: datetime) -> Hearing:
    """`hearing`, unsaved, with what follows from all its claims; an estimate of the report time becomes a claim of its own."""
    hearing = Hearing.objects.for_clocks().select_related("household", "report_crossing__port").get(pk=hearing.pk)
    court, crossing = hearing.court_words.shown, hearing.crossing_words.shown
    if court is None or court.local_on is None or court.local_time is None:
        raise ValueError("a hearing without a court time")
    hearing.court_on, hearing.court_time, hearing.court_at = court.local_on, court.local_time, court.moment
    hearing.report_crossing = crossing.crossing if crossing else None
    report = hearing.report_words
    if report.shown is None or report.is_estimated:
        _estimate_report(hearing, at)
    else:
        if report.shown.moment > hearing.court_at:
            raise ReportAfterCourt()
        _show_report(hearing, report.shown, Hearing.Basis.DOCUMENTED)
    hearing.present_at = hearing.report_at or hearing.court_at
    return hearing


def _estimate_report(hearing: Hearing, at: datetime) -> None:
    crossing = hearing.report_crossing
    estimate = crossing and ReportRule.objects.estimate(
        crossing=crossing, court_at=hearing.court_at, court_zone=hearing.court_zone
    )
    if not crossing or not estimate or estimate.report_at > hearing.court_at:
        hearing.report_on = hearing.report_time = hearing.report_at = None
        hearing.report_zone, hearing.report_basis = "", Hearing.Basis.UNKNOWN
        return
    wall = zones.local(estimate.report_at, crossing.zone)
    claim = Claim(
        hearing=hearing,
        fact=Fact.REPORT_TIME,
        source=Source.RULE,
        said_on=zones.local(at, crossing.zone).date(),
        local_on=wall.date(),
        local_time=wall.time(),
        zone=crossing.zone,
    )
    last = max(
        (each for each in hearing.said(Fact.REPORT_TIME) if each.source == Source.RULE),
        key=lambda each: each.order,
        default=None,
    )
    if last is None or last.moment != claim.moment:
        claim.save()
    _show_report(hearing, claim, Hearing.Basis.ESTIMATED)


def _show_report(hearing: Hearing, claim: Claim, basis: str) -> None:
    hearing.report_on, hearing.report_time, hearing.report_zone = claim.local_on, claim.local_time, claim.zone
    hearing.report_at, hearing.report_basis = claim.moment, basis


def _shown(hearing: Hearing) -> tuple[object, ...]:
    """What people act upon: when it differs, those who were told must be told again."""
    return (hearing.court_at, hearing.report_at, hearing.report_crossing_id, hearing.report_basis)
