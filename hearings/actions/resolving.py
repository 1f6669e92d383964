"""What is shown of a hearing, worked out from all that is said of it. Deeds call this after they added a word."""

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from cases.models import Person
from core.errors import DomainError
from hearings import rules
from hearings.models import Claim, Hearing, Summons
from places import zones
from places.models import ReportRule

Source = Claim.Source
Fact = Claim.Fact


class ReportAfterCourt(DomainError):
    """Nobody is told to be at the bridge after the hearing has begun."""

    code = "report_after_court"
    message = _("The time at the bridge is later than the hearing. Check both times and their dates.")
    http_status = 422


def resolved(hearing: Hearing, at: datetime) -> Hearing:
    """`hearing`, unsaved, with what follows from all its claims; an estimate of the report time becomes a claim of its own.

    A fact that nobody stated stays as it stands. Raises ReportAfterCourt, zones.NonexistentTime.
    """
    found = Hearing.objects.for_clocks().select_related("household", "report_crossing__port", "report_crossing__city")
    hearing = found.get(pk=hearing.pk)
    court_before = _court(hearing)
    _show_court(hearing)
    _show_bridge(hearing, at)
    _show_the_rest(hearing)
    hearing.present_at = hearing.report_at or hearing.court_at
    hearing.conflicts, hearing.contended_at = hearing.conflicting_facts(), hearing.first_contending()
    hearing.zone_data = zones.edition()
    if hearing.verified_at is None or _court(hearing) != court_before:
        line = hearing.confirmed_by()
        hearing.verified_at = min(at, _noon(line)) if line else None
    return hearing


def _noon(line: Claim) -> datetime:
    """When the line said it, as near as is known."""
    return zones.wall_to_utc(rules.wall(line.said_on, time(12)), line.zone)


def _court(hearing: Hearing) -> tuple[object, ...]:
    """What the line confirms: where and when the court sits, by its own clock."""
    return hearing.court_id, hearing.court_on, hearing.court_time


def shown(hearing: Hearing) -> tuple[object, ...]:
    """What people act upon: when it differs, those who were told must be told again."""
    return (
        hearing.court_id,
        hearing.court_at,
        hearing.report_at,
        hearing.report_crossing_id,
        hearing.report_basis,
        *sorted(Summons.objects.filter(hearing=hearing).values_list("person_id", flat=True)),
    )


def summon(hearing: Hearing) -> None:
    """Let the summonses follow what is said of who must appear, for those who are of the household."""
    words = hearing.words(Fact.PEOPLE).shown
    if words is None:
        return
    wanted = Person.objects.filter(household=hearing.household_id, pk__in=words.people or [])
    Summons.objects.filter(hearing=hearing).exclude(person__in=wanted).delete()
    rows = [Summons(hearing=hearing, person=person) for person in wanted]
    Summons.objects.bulk_create(rows, ignore_conflicts=True)


def _show_court(hearing: Hearing) -> None:
    """Court, wall time and moment. The wall time is the paper's, read on the clock of the court that counts."""
    court, told = hearing.words(Fact.COURT).shown, hearing.court_words.shown
    if court and court.court:
        hearing.court, hearing.location_id = court.court, court.location_id
    hearing.court_zone = hearing.court.zone
    if told:
        hearing.court_on, hearing.court_time = told.wall
    hearing.court_at = zones.wall_to_utc(rules.wall(hearing.court_on, hearing.court_time), hearing.court_zone)


def _show_bridge(hearing: Hearing, at: datetime) -> None:
    crossing = hearing.crossing_words.shown
    if crossing:
        hearing.report_crossing = crossing.crossing
    report = hearing.report_words.shown
    if report is None or report.source == Source.RULE:
        _estimate_report(hearing, at)
    else:
        is_estimated = report.source in rules.ESTIMATED
        _show_report(hearing, report, Hearing.Basis.ESTIMATED if is_estimated else Hearing.Basis.DOCUMENTED)
    if hearing.report_at and hearing.report_at > hearing.court_at:
        raise ReportAfterCourt()


def _show_the_rest(hearing: Hearing) -> None:
    kind, judge = hearing.words(Fact.KIND).shown, hearing.words(Fact.JUDGE).shown
    interpreter = hearing.words(Fact.INTERPRETER).shown
    hearing.kind = kind.kind if kind else hearing.kind
    hearing.judge = judge.judge if judge else ""
    hearing.interpreter = interpreter.language if interpreter else ""


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
    if last is None or last.wall != claim.wall or last.zone != claim.zone:
        claim.save()
    _show_report(hearing, claim, Hearing.Basis.ESTIMATED)


def _show_report(hearing: Hearing, claim: Claim, basis: str) -> None:
    """The stated wall time, read on the clock of the crossing that counts."""
    hearing.report_on, hearing.report_time = claim.wall
    hearing.report_zone = hearing.bridge_zone or claim.zone
    hearing.report_at, hearing.report_basis = claim.moment_in(hearing.report_zone), basis
