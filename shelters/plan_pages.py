"""What the pages of a plan show: both ways side by side, each shelter, each family with its reasons, and what can be said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import ngettext

from cases.models import Absence
from cases.names import family_name
from core.actors import Actor
from core.look import Occupancy, Pill
from shelters.board import bar_of
from shelters.models import Hold, Plan, PlanLine, Shelter
from shelters.planner import shelters_for
from shelters.planning.choosing import SECONDS
from shelters.reason_words import pills_kept, why_not_in_words
from shelters.refusals import words_of

A_PAGE = 25
TOLD = 3
SECONDS_A_FAMILY = 0.08
# It took longer than it takes: a worker may have died, and the next one begins once its claim is over.
MOST_PERCENT = 96


@dataclass(frozen=True, slots=True)
class House:
    """A shelter of the plan: who would come, and its bar as it would be then."""

    shelter: Shelter
    households: int
    people: int
    bar: Occupancy | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A family of the plan: where it would sleep and why, or why nowhere; `fate` once it was applied."""

    line: PlanLine
    name: str
    reasons: Sequence[Pill]
    fate: Pill | None
    has_pin: bool
    unseen: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way of planning, for the table that sets both side by side."""

    households: int
    people: int
    unplaced: int
    unplaced_people: int
    points: int
    is_kept: bool


def ways_of(plan: Plan) -> list[Way]:
    """The plain way, and the thorough one where it found a plan."""
    facts = plan.facts
    told = [(facts.get("plain"), not facts.get("is_thorough")), (facts.get("thorough"), facts.get("is_thorough"))]
    return [
        Way(**{**way, "points": round(way["points"])}, is_kept=bool(is_kept))
        for way, is_kept in told
        if way is not None
    ]


def progress_of(plan: Plan, now: datetime) -> int:
    """How far a worker is with a plan, in percent: by the time that it takes, since nothing of it is seen before all of it is.

    Applying takes longer the more families it has: one query then.
    """
    takes = SECONDS + 2
    if plan.state == Plan.State.APPLYING:
        takes = 2 + SECONDS_A_FAMILY * PlanLine.objects.filter(plan=plan).placed().count()
    gone = (now - (plan.asked_at or now)).total_seconds()
    return max(4, min(MOST_PERCENT, round(gone / takes * 100)))


def outcome_of(counts: Mapping[str, int]) -> str:
    """What applying a plan came to, in words."""
    placed, refused = counts["placed"], counts["refused"]
    words = ngettext("%(n)d family has its place.", "%(n)d families have their places.", placed) % {"n": placed}
    if not refused:
        return words
    told = ngettext("%(n)d did not get it any more, and waits.", "%(n)d did not get it any more, and wait.", refused)
    return f"{words} {told % {'n': refused}}"


@dataclass(frozen=True)
class Tally:
    """The lines of a plan counted once, by shelter, fate and whether something was said by hand."""

    rows: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Plan, now: datetime) -> "Tally":
        """Count the lines of `plan`. One query."""
        said = ~Q(barred=[]) | Q(pinned_unit__isnull=False)
        held = Hold.objects.standing_at(now).filter(household=OuterRef("household"), unit=OuterRef("unit"))
        lines = PlanLine.objects.filter(plan=plan).order_by()
        by = lines.values(
            "fate",
            shelter=F("unit__shelter"),
            is_said=ExpressionWrapper(said, BooleanField()),
            is_held=Exists(held),
        )
        return cls(list(by.annotate(households=Count("pk"), heads=Sum("people"))))

    @property
    def counts(self) -> dict[str, int]:
        """How many households and people are placed, left without, refused when it was applied, and spoken of by hand."""
        refused = [row for row in self.rows if row["fate"] == PlanLine.Fate.REFUSED]
        without = [row for row in self.rows if row["shelter"] is None]
        placed = [row for row in self.rows if row["shelter"] is not None and row not in refused]
        return {
            "placed": _sum(placed, "households"),
            "placed_people": _sum(placed, "heads"),
            "without": _sum(without, "households"),
            "without_people": _sum(without, "heads"),
            "refused": _sum(refused, "households"),
            "pinned": _sum([row for row in self.rows if row["is_said"]], "households"),
        }

    def to(self, shelter: int) -> dict[str, int]:
        """How many households and people go to a shelter, and how many of them without a place held for them in that room."""
        rows = [row for row in self.rows if row["shelter"] == shelter and row["fate"] != PlanLine.Fate.REFUSED]
        new = [row for row in rows if not row["is_held"]]
        return {
            "households": _sum(rows, "households"),
            "heads": _sum(rows, "heads"),
            "beyond_holds": _sum(new, "heads"),
        }


def _sum(rows: Sequence[Mapping[str, Any]], what: str) -> int:
    return sum(row[what] for row in rows)


def houses_of(plan: Plan, tally: Tally, *, actor: Actor, now: datetime) -> list[House]:
    """Every shelter to which somebody would come, the most people first; its bar counts them in. Two queries."""
    is_there = plan.state == Plan.State.APPLIED
    houses = [
        _house(shelter, comers, is_there)
        for shelter in shelters_for(plan, actor=actor, at=now)
        if (comers := tally.to(shelter.pk))["households"]
    ]
    return sorted(houses, key=lambda house: (-house.people, house.shelter.name))


def _house(shelter: Shelter, comers: Mapping[str, int], is_there: bool) -> House:
    places, come = shelter.figures, 0 if is_there else comers["beyond_holds"]
    bar = bar_of(places)
    if bar is not None and not is_there:
        bar = replace(bar, held=places.held + come, free=places.free - come)
    left = None if places.capacity is None else max(0, places.free - come)
    return House(shelter, comers["households"], comers["heads"], bar, left)


def rows_of(plan: Plan, *, actor: Actor, only: str, shelter: Shelter | None, page: int) -> tuple[list[Row], bool]:
    """A page of families: `only` is "without", "pinned", "refused" or empty for those with a room; whether more follow.

    Those left without stand in the order of their urgency, the others by room. Two queries.
    """
    lines = PlanLine.objects.visible_to(actor).filter(plan=plan)
    lines = lines.filter(_only(only)) if shelter is None else lines.placed().filter(unit__shelter=shelter)
    missing = Absence.objects.unexplained().filter(person__household=OuterRef("household")).order_by()
    counted = missing.values("person__household").annotate(n=Count("*")).values("n")
    lines = lines.annotate(unseen=Coalesce(Subquery(counted), 0))
    ordered = lines.order_by(F("unit__shelter__name").asc(nulls_first=True), "unit__name", "-urgency", "pk")
    told = ordered.select_related("household", "unit__shelter", "pinned_unit").prefetch_related("household__people")
    found = list(told[page * A_PAGE : (page + 1) * A_PAGE + 1])
    return [_row(line) for line in found[:A_PAGE]], len(found) > A_PAGE


def _only(only: str) -> Q:
    return {
        "without": Q(unit__isnull=True),
        "pinned": Q(pinned_unit__isnull=False) | ~Q(barred=[]),
        "refused": Q(fate=PlanLine.Fate.REFUSED),
    }.get(only, Q(unit__isnull=False))


def _row(line: Any) -> Row:
    why = pills_kept(line.reasons)[:TOLD] if line.unit_id else why_not_in_words(line.why_not)
    return Row(
        line=line,
        name=family_name(list(line.household.people.all())),
        reasons=why,
        fate=_fate(line),
        has_pin=line.pinned_unit_id is not None or bool(line.barred),
        unseen=line.unseen,
    )


def _fate(line: PlanLine) -> Pill | None:
    if line.fate == PlanLine.Fate.PLACED:
        return Pill("ok", "check", str(PlanLine.Fate.PLACED.label))
    return Pill("stop", "x", words_of(line.refusal)) if line.fate == PlanLine.Fate.REFUSED else None


def context_of(plan: Plan, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What stands at the head of a plan, whichever families are looked at."""
    tally = Tally.of(plan, now)
    counts = tally.counts
    return {
        "plan": plan,
        "counts": counts,
        "outcome": outcome_of(counts) if plan.state == Plan.State.APPLIED else "",
        "ways": ways_of(plan),
        "houses": houses_of(plan, tally, actor=actor, now=now),
        "now": now,
        "nav": "shelters",
    }
