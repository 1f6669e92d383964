"""A hearing as the two clocks of `core.look`: when to stand at the bridge, and when the court begins."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.look import ClockFace, Pill, SourceLine, TwoClocks, short_day
from hearings.models import Claim, Hearing, Words
from places import zones
from places.models import City

# Which facts each clock shows: its place, and its time.
OF_THE_BRIDGE = (Claim.Fact.REPORT_TIME, Claim.Fact.CROSSING)
OF_THE_COURT = (Claim.Fact.COURT_TIME, Claim.Fact.COURT)
NO_CROSSING = gettext_lazy("Crossing not known yet")
ICONS = {
    Claim.Source.RETURNEE: "user",
    Claim.Source.LAWYER: "user-check",
    Claim.Source.NOTICE_TO_APPEAR: "file-text",
    Claim.Source.MPP_SHEET: "file-text",
    Claim.Source.HEARING_NOTICE: "file-text",
    Claim.Source.ANNOUNCEMENT: "notes",
    Claim.Source.EOIR_LINE: "phone",
    Claim.Source.RULE: "clock",
    Claim.Source.MOVED: "clock",
}


def two_clocks(hearing: Hearing, *, sleeps_in: City | None = None, with_sources: bool = True) -> TwoClocks:
    """Both clocks of `hearing` (fetched `for_clocks`), bridge first; lists show them without their sources, and fetch none.

    `sleeps_in` is the city where the family sleeps: it gets a line of its own when its clocks differ from the bridge's then.
    """
    crossing, differing = hearing.report_crossing, set(hearing.conflicts)
    bridge = ClockFace(
        moment=hearing.report_at,
        zone=hearing.report_zone or (crossing.zone if crossing else hearing.court_zone),
        city=crossing.city.name if crossing else "—",
        estimated=hearing.report_basis == Hearing.Basis.ESTIMATED,
        conflict=not differing.isdisjoint(OF_THE_BRIDGE),
    )
    court_face = ClockFace(
        moment=hearing.court_at,
        zone=hearing.court_zone,
        city=hearing.court.city.name,
        conflict=not differing.isdisjoint(OF_THE_COURT),
    )
    return TwoClocks(
        bridge=bridge,
        court=court_face,
        place=crossing.label if crossing else NO_CROSSING,
        court_name=hearing.court.name,
        kind=hearing.get_kind_display(),
        gap_minutes=_gap_minutes(hearing),
        difference_minutes=_difference_minutes(hearing),
        bridge_sources=_sources_of(hearing, OF_THE_BRIDGE) if with_sources else [],
        court_sources=_sources_of(hearing, OF_THE_COURT) if with_sources else [],
        bridge_state=_state(bridge),
        court_state=_court_state(hearing, court_face),
        sleeper=_sleeper(hearing, sleeps_in),
    )


def _sources_of(hearing: Hearing, facts: Sequence[Claim.Fact]) -> list[SourceLine]:
    """Whoever speaks of a clock's time, and who decided on it; of its place only those who differ on it."""
    told, place = (hearing.words(fact) for fact in facts)
    decisions = [SourceLine("check", _decided(each)) for each in map(hearing.decided, facts) if each]
    differing = [SourceLine("alert-circle", _contending(each)) for each in place.contending]
    return source_lines(told) + decisions + differing


def source_lines(words: Words) -> list[SourceLine]:
    """One line on each source: the one that counts, those that agree, those that contend with what they say."""
    if words.shown is None:
        return []
    lines = [SourceLine(ICONS[Claim.Source(each.source)], _dated(each)) for each in (words.shown, *words.agreeing)]
    return lines + [SourceLine("alert-circle", _contending(each)) for each in words.contending]


def _decided(decision: Claim) -> str:
    return _("decided by %(name)s on %(day)s") % {"name": decision.decided_by_name, "day": _day(decision)}


def _dated(claim: Claim) -> str:
    if claim.source == Claim.Source.RULE:
        return _("usual time of this crossing; confirm it")
    if claim.source == Claim.Source.MOVED:
        return _("as on the earlier paper, moved with the hearing; confirm it")
    return _("%(source)s, %(day)s") % {"source": _source(claim), "day": _day(claim)}


def _source(claim: Claim) -> str:
    """Who says so; of a lawyer also for whom they work, or their name."""
    source, lawyer = str(claim.get_source_display()), claim.representation
    return f"{source} ({lawyer.organisation or lawyer.name})" if lawyer else source


def said_by(claim: Claim) -> str:
    """What a claim of a court, a crossing or a time says, in a few words: a time with its day where that is another one."""
    if claim.local_on and claim.local_time:
        return f"{short_day(claim.local_on)}, {claim.local_time:%H:%M}"
    return str(claim.crossing or claim.court)


def _contending(claim: Claim) -> str:
    said = said_by(claim)
    return _("%(source)s, %(day)s, says %(what)s") % {
        "source": _source(claim),
        "day": _day(claim),
        "what": said,
    }


def _day(claim: Claim) -> str:
    return short_day(claim.said_on)


def _gap_minutes(hearing: Hearing) -> int | None:
    if hearing.report_at is None:
        return None
    return round((hearing.court_at - hearing.report_at).total_seconds() / 60)


def _difference_minutes(hearing: Hearing) -> int:
    """How far the court's clock is ahead of the bridge's when people stand there."""
    if hearing.report_at is None:
        return 0
    return zones.difference_minutes(hearing.report_at, hearing.court_zone, hearing.report_zone)


def _sleeper(hearing: Hearing, sleeps_in: City | None) -> ClockFace | None:
    if sleeps_in is None or hearing.report_at is None:
        return None
    if not zones.difference_minutes(hearing.report_at, sleeps_in.zone, hearing.report_zone):
        return None
    return ClockFace(moment=hearing.report_at, zone=sleeps_in.zone, city=sleeps_in.name)


def _state(face: ClockFace) -> Pill | None:
    if face.conflict:
        return Pill("warn", "alert-circle", _("sources do not match"))
    if face.estimated:
        return Pill("warn", "alert-circle", _("estimated, confirm it"))
    if face.moment is None:
        return Pill("warn", "alert-circle", _("time not known yet"))
    return None


def _court_state(hearing: Hearing, face: ClockFace) -> Pill | None:
    if face.conflict:
        return _state(face)
    if hearing.verified_at is not None:
        return Pill("ok", "check", _("verified with EOIR"))
    return Pill("calm", "phone", _("not verified yet"))
