"""Postponements of many hearings as their pages show them: what would move, what stays and why, what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.actors import Actor
from core.look import ClockFace, Pill, TwoClocks, duration, short_weekday
from docket.rule_words import state_of, title_of, trouble_of
from hearings.actions.postponements import MANY
from hearings.clocks import NO_CROSSING
from hearings.models import (
    Hearing,
    Postponement,
    PostponementLine,
    PostponementLineQuerySet,
    PostponementQuerySet,
)
from hearings.postponing import Adjusted, Base, Refusal, Rule, rule_of
from journey.families import Family, families_of
from places.federal_holidays import federal_holiday
from places.models import Court, Crossing, Site

ROWS_PER_PAGE = 50
SHOWN_BEFORE = 20
State = Postponement.State
Fate = PostponementLine.Fate
SHOWS = ("days", "moving", "staying", "left")


def open_postponements(actor: Actor, now: datetime) -> PostponementQuerySet:
    """Those that somebody must look at: worked out and neither applied nor put away, or held and still free to undo."""
    held = Q(pk__in=Postponement.objects.held_at(now).values("pk"))
    return Postponement.objects.visible_to(actor).filter(held | Q(state__in=[*Postponement.AT_WORK, State.PREVIEWED]))


@dataclass(frozen=True)
class Before:
    """One postponement in the list."""

    postponement: Postponement
    title: str
    state: Pill
    hearings: int


def made_before(*, actor: Actor, now: datetime) -> list[Before]:
    """The last postponements that `actor` may see, with how many hearings each moves or moved. One query."""
    moving = Count("lines", filter=Q(lines__refusal=""))
    seen = Postponement.objects.visible_to(actor).annotate(moving=moving)[:SHOWN_BEFORE]
    return [Before(each, title_of(rule_of(each.rule)), state_of(each, now), each.moving) for each in seen]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """One hearing of a postponement, before and after."""

    family: Family
    line: PostponementLine

    @property
    def before(self) -> TwoClocks:
        """Both clocks as they are, or were before it was applied."""
        return _clocks(self.line, self.line.from_at, self.line.report_from_at, self.line.basis_from)

    @property
    def after(self) -> TwoClocks | None:
        """Both clocks as they would be; None for one that stays."""
        return (
            _clocks(self.line, self.line.to_at, self.line.report_to_at, self.line.basis_to) if self.line.to_at else None
        )

    @property
    def days(self) -> tuple[str, str]:
        """The court's day before and after."""
        return short_weekday(self.line.from_on), short_weekday(self.line.to_on) if self.line.to_on else ""

    @property
    def where(self) -> str:
        """Bridge and court, whose clocks the times are read on."""
        crossing = self.line.hearing.report_crossing
        bridge = f"{crossing.label}, {crossing.city.name}" if crossing else str(NO_CROSSING)
        return f"{bridge} · {self.line.court.city.name}"

    @property
    def adjusted(self) -> str:
        """Why it is not the plain day."""
        return str(Adjusted(self.line.adjusted).label) if self.line.adjusted else ""

    @property
    def why(self) -> str:
        """Why it stays."""
        return str(Refusal(self.line.refusal).label) if self.line.refusal else ""


def _clocks(line: PostponementLine, court_at: datetime | None, report_at: datetime | None, basis: str) -> TwoClocks:
    crossing = line.hearing.report_crossing
    bridge = ClockFace(
        report_at,
        line.report_zone or line.zone,
        crossing.city.name if crossing else "—",
        estimated=basis == Hearing.Basis.ESTIMATED,
    )
    return TwoClocks(bridge, ClockFace(court_at, line.zone, line.court.city.name), "", line.court.name)


@dataclass(frozen=True)
class Hold:
    """That messages wait: until when on the clock of `city`, and how long that is."""

    until: ClockFace
    left: str


def hold_of(postponement: Postponement, now: datetime, zone: str, city: str) -> Hold | None:
    """The hold of what was applied, while it lasts."""
    until = postponement.held_until
    if postponement.state != State.APPLIED or until is None or now >= until:
        return None
    minutes = -(-(until - now).total_seconds() // 60)
    return Hold(ClockFace(until, zone, city), duration(int(minutes)))


@dataclass(frozen=True)
class Wanted:
    """What of a postponement is to be listed: its days, those that move, stay (for `reason`) or were left; which page."""

    show: str
    reason: str
    page: int

    @classmethod
    def of(cls, asked: Mapping[str, str], counts: Mapping[str, int]) -> "Wanted":
        """As an address names it; else what matters most."""
        first = "left" if counts["left"] else "days" if counts["moving"] else "staying"
        show, reason, page = asked.get("show", ""), asked.get("why", ""), asked.get("page", "")
        return cls(
            show=show if show in SHOWS else first,
            reason=reason if show == "staying" and reason in Refusal.values else "",
            page=max(1, int(page)) if page.isdecimal() and len(page) < 5 else 1,
        )


def page_of(
    postponement: Postponement, *, actor: Actor, now: datetime, asked: Mapping[str, str], zone: str, city: str
) -> dict[str, Any]:
    """What the page of one postponement shows: its rule in words, its figures, and fifty of its days or families."""
    rule, counts = rule_of(postponement.rule), _counts(postponement)
    wanted = Wanted.of(asked, counts)
    lines = postponement.lines.all()
    listed, has_more = _listed(lines, wanted, actor, now)
    return {
        "postponement": postponement,
        "title": title_of(rule),
        "state": state_of(postponement, now),
        "trouble": trouble_of(postponement),
        "terms": terms_of(postponement, rule),
        "counts": counts,
        "refusals": _refusals(lines),
        "show": wanted.show,
        "why": wanted.reason,
        "page": wanted.page,
        "has_more": has_more,
        "rows": listed,
        "hold": hold_of(postponement, now, zone, city),
        "must_say_how_many": counts["moving"] > MANY,
    }


def _counts(postponement: Postponement) -> dict[str, int]:
    """All figures of a postponement in one query."""
    moves = Q(refusal="")
    was_documented = Q(basis_from=Hearing.Basis.DOCUMENTED)
    return postponement.lines.aggregate(
        moving=Count("pk", filter=moves),
        families=Count("household", filter=moves, distinct=True),
        staying=Count("pk", filter=~moves),
        adjusted=Count("pk", filter=moves & ~Q(adjusted="")),
        estimated=Count("pk", filter=moves & was_documented & ~Q(basis_to=Hearing.Basis.DOCUMENTED)),
        days=Count("to_on", filter=moves, distinct=True),
        restored=Count("pk", filter=Q(fate=Fate.RESTORED)),
        left=Count("pk", filter=Q(fate=Fate.LEFT)),
    )


def _refusals(lines: PostponementLineQuerySet) -> list[tuple[str, str, int]]:
    """How many stay, by reason: its code and its words."""
    found = lines.refused().order_by().values_list("refusal").annotate(n=Count("pk")).order_by("-n")
    return [(code, str(Refusal(code).label), count) for code, count in found]


def _listed(lines: PostponementLineQuerySet, wanted: Wanted, actor: Actor, now: datetime) -> tuple[Sequence[Any], bool]:
    first, last = (wanted.page - 1) * ROWS_PER_PAGE, wanted.page * ROWS_PER_PAGE
    if wanted.show == "days":
        days = list(_by_day(lines)[first : last + 1])
        shown = [day | {"holiday": federal_holiday(day["to_on"])} for day in days[:ROWS_PER_PAGE]]
        return shown, len(days) > ROWS_PER_PAGE
    chosen = {"moving": lines.moving(), "left": lines.filter(fate=Fate.LEFT)}.get(wanted.show, lines.refused())
    chosen = (chosen.filter(refusal=wanted.reason) if wanted.reason else chosen).visible_to(actor).in_order()
    told = chosen.select_related("household__site__city", "court__city", "hearing__report_crossing__city")
    found = list(told[first : last + 1])
    return _with_families(found[:ROWS_PER_PAGE], actor, now), len(found) > ROWS_PER_PAGE


def _with_families(lines: Sequence[PostponementLine], actor: Actor, now: datetime) -> list[Row]:
    households = {line.household_id: line.household for line in lines}
    families = families_of(list(households.values()), now=now, actor=actor, hearings={})
    of_household = {family.household.pk: family for family in families}
    return [Row(of_household[line.household_id], line) for line in lines]


def _by_day(lines: PostponementLineQuerySet) -> QuerySet[PostponementLine, Any]:
    """Court by court and day by day, from when to when, and how many."""
    days = lines.moving().order_by().values("court__name", "from_on", "to_on", "adjusted")
    return days.annotate(hearings=Count("pk")).order_by("from_on", "court__name", "to_on")


def terms_of(postponement: Postponement, rule: Rule) -> list[tuple[str, str]]:
    """What else the rule says, as an icon and a line each: from which date it counts, where, which kinds, whose hearings."""
    terms = [("history", _("counted from %(base)s") % {"base": Base(rule.base).label})]
    if rule.courts:
        terms.append(("gavel", ", ".join(Court.objects.filter(pk__in=rule.courts).values_list("name", flat=True))))
    if rule.crossings:
        crossings = Crossing.objects.filter(pk__in=rule.crossings).by_city()
        terms.append(("building-bridge-2", ", ".join(each.label for each in crossings)))
    if rule.kinds:
        terms.append(("calendar-event", ", ".join(str(Hearing.Kind(kind).label) for kind in sorted(rule.kinds))))
    if postponement.site_ids is not None:
        sites = Site.objects.field().filter(pk__in=postponement.site_ids).values_list("name", flat=True)
        terms.append(("map-pin", ", ".join(sites)))
    return terms


def courts_of(actor: Actor) -> QuerySet[Court]:
    """The courts at which hearings that `actor` may see stand."""
    standing = Hearing.objects.visible_to(actor).standing().filter(court=OuterRef("pk"))
    return Court.objects.filter(Exists(standing))


def crossings_of(actor: Actor) -> QuerySet[Crossing]:
    """The crossings at which their people present."""
    standing = Hearing.objects.visible_to(actor).standing().filter(report_crossing=OuterRef("pk"))
    return Crossing.objects.filter(Exists(standing)).select_related("city").order_by("city__name", "name")
