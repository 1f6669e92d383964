"""What a rule would do to each hearing: worked out for the preview, and again when it is applied, so that both say the same."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q

from core.actors import Actor
from core.progress import Progress
from hearings import rules
from hearings.models import Claim, Hearing, HearingQuerySet, Postponement, PostponementLine
from hearings.postponing import Base, Refusal, Rule, rule_of
from places import zones
from places.federal_holidays import federal_holiday
from places.models import Crossing, ReportRule

Fact = Claim.Fact
Source = Claim.Source
Basis = Hearing.Basis
NEWEST = 2**62  # the place among all claims of one that is not written yet
HEARINGS_AT_ONCE = 1000
HEARINGS_PER_WORD = 100  # after so many it is told how far this is

Wall = tuple[date, time]  # on the court's clock
# For a crossing, the court's moment and its zone: when people are usually wanted there, None where nobody knows.
Usual = Callable[[Crossing, datetime, str], datetime | None]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What becomes of one hearing: its line, and the claims that would make it so."""

    hearing: Hearing
    line: PostponementLine
    claims: Sequence[Claim] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced, on which day, as it looks at `at`; `usual` knows when crossings want people."""

    rule: Rule
    said_on: date
    usual: Usual
    at: datetime


class Stays(Exception):
    """The rule is about the hearing, and it stays where it is."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def foresee(postponement: Postponement, *, actor: Actor, at: datetime, progress: Progress) -> list[Foreseen]:
    """What `postponement` would do at `at` to the hearings that `actor` may change, soonest first. Writes nothing."""
    rule = rule_of(postponement.rule)
    announced = Announced(rule, postponement.announced_on, usual_times(), at)
    found, candidates = [], _candidates(rule, postponement.site_ids, actor)
    many = candidates.count()
    for place, hearing in enumerate(candidates.iterator(chunk_size=HEARINGS_AT_ONCE), start=1):
        if place % HEARINGS_PER_WORD == 0:
            progress.tell(place, many)
        base = _base(hearing, rule)
        if rule.covers(base[0]):
            found.append(_foreseen(hearing, base, announced))
    return sorted(_without_collisions(found), key=_soonest)


def _soonest(foreseen: Foreseen) -> tuple[datetime, int]:
    return foreseen.line.from_at, foreseen.line.hearing_id


def basis_of(foreseen: Iterable[Foreseen]) -> str:
    """The fingerprint of what was foreseen and what it rests on: it differs when a hearing changed, came or went since."""
    digest = hashlib.sha256()
    for each in foreseen:
        line = each.line
        digest.update(
            f"{each.hearing.pk} {line.version} {line.last_claim} {line.to_at} {line.report_to_at} {line.refusal}\n".encode()
        )
    return digest.hexdigest()


def usual_times() -> Usual:
    """The usual times of crossings, each looked up once: many hearings share a crossing and a moment."""
    known: dict[tuple[int, datetime, str], datetime | None] = {}

    def usual(crossing: Crossing, court_at: datetime, court_zone: str) -> datetime | None:
        key = (crossing.pk, court_at, court_zone)
        if key not in known:
            estimate = ReportRule.objects.estimate(crossing=crossing, court_at=court_at, court_zone=court_zone)
            known[key] = estimate.report_at if estimate and estimate.report_at <= court_at else None
        return known[key]

    return usual


def _candidates(rule: Rule, sites: Sequence[int] | None, actor: Actor) -> HearingQuerySet:
    """The standing hearings at the rule's courts, crossings and of its kinds whose date, shown or on paper, is among its days."""
    hearings = Hearing.objects.visible_to(actor).standing()
    if sites is not None:
        hearings = hearings.filter(Q(household__site__in=sites) | Q(household__guest_site__in=sites))
    wanted = {"court__in": rule.courts, "report_crossing__in": rule.crossings, "kind__in": rule.kinds}
    hearings = hearings.filter(**{name: list(keys) for name, keys in wanted.items() if keys})
    span = {"gte": rule.from_on, "lt": rule.before_on}
    shown = Q(**{f"court_on__{name}": day for name, day in span.items() if day})
    said = Q(**{f"local_on__{name}": day for name, day in span.items() if day})
    on_paper = Claim.objects.counting().filter(said, hearing=OuterRef("pk"), fact=Fact.COURT_TIME)
    return (
        hearings.filter(shown | Exists(on_paper))
        .select_related("household", "court__city", "report_crossing__city", "report_crossing__port")
        .prefetch_related("claims")
        .order_by("pk")
    )


def _base(hearing: Hearing, rule: Rule) -> Wall:
    """The court's day and hour that the rule counts from."""
    shown = None
    if rule.base == Base.PAPERS:
        papers = [claim for claim in hearing.said(Fact.COURT_TIME) if claim.source != Source.ANNOUNCEMENT]
        shown = rules.resolve(papers, hearing.decision_on(Fact.COURT_TIME)).shown
    return shown.wall if shown else (hearing.court_on, hearing.court_time)


def _foreseen(hearing: Hearing, base: Wall, announced: Announced) -> Foreseen:
    line = PostponementLine(
        hearing=hearing,
        household=hearing.household,
        court=hearing.court,
        version=hearing.version,
        last_claim=max((claim.pk for claim in hearing.claims.all()), default=0),
        zone=hearing.court_zone,
        from_on=hearing.court_on,
        from_at=hearing.court_at,
        report_zone=hearing.report_zone,
        report_from_at=hearing.report_at,
        basis_from=hearing.report_basis,
        basis_to=hearing.report_basis,
        verified_at=hearing.verified_at,
    )
    try:
        court = _new_court(hearing, base, announced, line)
        report = _new_report(hearing, court, announced, line)
        if (line.report_to_at or court.moment) <= announced.at:
            raise Stays(Refusal.PAST)
    except Stays as stays:
        line.to_on = line.to_at = line.report_to_at = None
        line.refusal, line.adjusted, line.basis_to = stays.refusal, "", hearing.report_basis
        return Foreseen(hearing, line)
    return Foreseen(hearing, line, [court, report] if report else [court])


def _new_court(hearing: Hearing, base: Wall, announced: Announced, line: PostponementLine) -> Claim:
    """The announcement's word on the court's time, at the hour of `base`; the line is told. Raises Stays."""
    if hearing.present_at <= announced.at:
        raise Stays(Refusal.OVER)
    try:
        day, line.adjusted = announced.rule.new_day(base[0], lambda each: bool(federal_holiday(each)))
        claim = Claim(
            pk=NEWEST,
            hearing=hearing,
            fact=Fact.COURT_TIME,
            source=Source.ANNOUNCEMENT,
            said_on=announced.said_on,
            local_on=day,
            local_time=base[1],
            zone=hearing.court_zone,
        )
        line.to_on, line.to_at = day, claim.moment
    except (zones.NonexistentTime, OverflowError):
        raise Stays(Refusal.NO_SUCH_TIME) from None
    _check_later(hearing, claim)
    return claim


def _check_later(hearing: Hearing, claim: Claim) -> None:
    """Raise Stays unless `claim` gives a later date than the one that holds, and would count."""
    if claim.moment == hearing.court_at:
        raise Stays(Refusal.ALREADY)
    words = rules.resolve([*hearing.said(Fact.COURT_TIME), claim], hearing.decision_on(Fact.COURT_TIME))
    if words.shown is not claim or _heard_since(hearing, claim):
        raise Stays(Refusal.NEWER_WORD)
    if claim.moment < hearing.court_at:
        raise Stays(Refusal.EARLIER)


def _heard_since(hearing: Hearing, claim: Claim) -> bool:
    """Whether the date that would move, or the time at the bridge, rests on a word that may know of the announcement already."""
    court, report = hearing.court_words.shown, hearing.report_words.shown
    if court and court.source in rules.HEARSAY and court.said_on > claim.said_on:
        return True
    return bool(report and report.source not in rules.ESTIMATED and report.said_on >= claim.said_on)


def _new_report(hearing: Hearing, court: Claim, announced: Announced, line: PostponementLine) -> Claim | None:
    """The word on the time at the bridge for the new date, at the same crossing; the line is told.

    A time that some paper gave goes along by as many days, at the same hour, as an estimate: nobody has stated it for the new day.
    Elsewhere the crossing's usual time is taken. None where neither is known.
    """
    crossing = hearing.report_crossing
    claim = crossing and (_moved_report(hearing, court) or _usual_report(hearing, crossing, court, announced))
    line.report_to_at = claim.moment if claim else None
    line.report_zone = line.report_zone or (claim.zone if claim else "")
    line.basis_to = Basis.ESTIMATED if claim else Basis.UNKNOWN
    return claim or None


def _moved_report(hearing: Hearing, court: Claim) -> Claim | None:
    shown = hearing.report_words.shown
    if shown is None or shown.source == Source.RULE:
        return None
    day, clock = shown.wall
    try:
        claim = Claim(
            pk=NEWEST,
            hearing=hearing,
            fact=Fact.REPORT_TIME,
            source=Source.MOVED,
            said_on=court.said_on,
            local_on=court.wall[0] + (day - hearing.court_on),
            local_time=clock,
            zone=hearing.bridge_zone,
        )
        return claim if rules.fits(claim.moment, court.moment) else None
    except zones.NonexistentTime:
        return None


def _usual_report(hearing: Hearing, crossing: Crossing, court: Claim, announced: Announced) -> Claim | None:
    report_at = announced.usual(crossing, court.moment, hearing.court_zone)
    if report_at is None:
        return None
    wall = zones.local(report_at, crossing.zone)
    return Claim(
        pk=NEWEST,
        hearing=hearing,
        fact=Fact.REPORT_TIME,
        source=Source.RULE,
        said_on=zones.local(announced.at, crossing.zone).date(),
        local_on=wall.date(),
        local_time=wall.time(),
        zone=crossing.zone,
    )


def _without_collisions(found: Sequence[Foreseen]) -> Iterator[Foreseen]:
    """`found`, where those who would have two hearings at one moment keep the one that would move there where it is."""
    households = {each.hearing.household_id for each in found}
    standing = Hearing.objects.filter(household__in=households).standing().values_list("household", "pk", "court_at")
    moments: dict[int, dict[int, datetime]] = defaultdict(dict)
    for household, key, court_at in standing:
        moments[household][key] = court_at
    of_household: dict[int, list[Foreseen]] = defaultdict(list)
    for each in found:
        of_household[each.hearing.household_id].append(each)
    for household, together in of_household.items():
        yield from _kept_apart(together, moments[household])


def _kept_apart(together: list[Foreseen], moments: dict[int, datetime]) -> list[Foreseen]:
    """One that stays may be in the way of another: looked at until nobody meets anybody."""
    while True:
        lands = moments | {each.hearing.pk: each.line.to_at for each in together if each.line.to_at}
        meets = {moment for moment in lands.values() if list(lands.values()).count(moment) > 1}
        clashing = next((each for each in together if each.line.to_at in meets and each.line.to_at), None)
        if clashing is None:
            return together
        together = [_refused(each) if each is clashing else each for each in together]


def _refused(foreseen: Foreseen) -> Foreseen:
    line = foreseen.line
    line.to_on = line.to_at = line.report_to_at = None
    line.refusal, line.adjusted, line.basis_to = Refusal.COLLIDES, "", foreseen.hearing.report_basis
    return Foreseen(foreseen.hearing, line)
