"""The daily situation report of a site: who came, how far they got and how long it took, where there is room, what was given.

Counts only. Ages lie encrypted, so the people of that one day are read and counted in memory; everything else the database counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Min, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases import rules as people_rules
from cases.aid_kinds import AidKind, aid_kind
from cases.models import Aid, Arrival, Sex, StepTaken
from cases.states import RECEPTION, Step
from core.actors import Actor, Capability
from core.look import Bar, Occupancy, Text, duration, within
from expected.models import ExpectedDay
from places import nationalities, zones
from places.models import Site
from shelters import rules
from shelters.models import Unit
from shelters.rules import Kind, Places

A_DAY = timedelta(days=1)


class AgeGroup(models.TextChoices):
    """Ages as humanitarian reports count them (those of HOPE, github.com/unicef/hope); the value is what an export carries."""

    INFANTS = "0-5", gettext_lazy("0 to 5")
    CHILDREN = "6-11", gettext_lazy("6 to 11")
    ADOLESCENTS = "12-17", gettext_lazy("12 to 17")
    ADULTS = "18-59", gettext_lazy("18 to 59")
    ELDERLY = "60+", gettext_lazy("60 and over")
    UNKNOWN = "unknown", pgettext_lazy("age", "Not known")

    @classmethod
    def of(cls, age: int | None) -> "AgeGroup":
        """The group of somebody of `age` whole years."""
        if age is None:
            return cls.UNKNOWN
        limits = ((5, cls.INFANTS), (11, cls.CHILDREN), (17, cls.ADOLESCENTS), (59, cls.ADULTS))
        return next((group for most, group in limits if age <= most), cls.ELDERLY)


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a table: what, how many families and people, and a bar to scale."""

    key: str
    label: Text
    families: int
    people: int
    bar: Bar


@dataclass(frozen=True, slots=True)
class AgeLine:
    """One age group by sex; `others` are people of another sex or of none noted."""

    group: AgeGroup
    women: int
    men: int
    others: int
    longest: int

    @property
    def people(self) -> int:
        """Everybody of that age."""
        return self.women + self.men + self.others

    @property
    def bars(self) -> tuple[Bar, Bar]:
        """Women and men to one scale."""
        return Bar(self.women, self.longest), Bar(self.men, self.longest)


@dataclass(frozen=True, slots=True)
class StepLine:
    """How many of the day's arrivals took a step, and how long after the one before it (in minutes)."""

    step: Step
    people: int
    bar: Bar
    median_minutes: int | None
    longest_minutes: int | None

    @property
    def word(self) -> str:
        """The step within a sentence: "documented"."""
        return within(self.step.label)

    @property
    def median_words(self) -> str:
        """The usual wait, "1 h 55", or empty."""
        return "" if self.median_minutes is None else duration(self.median_minutes)

    @property
    def longest_words(self) -> str:
        """The longest wait, or empty."""
        return "" if self.longest_minutes is None else duration(self.longest_minutes)


@dataclass(frozen=True, slots=True)
class HouseLine:
    """The places of a shelter, and of each kind of its rooms; `counted_at` is when somebody there last said so."""

    uid: UUID
    name: str
    figures: Places
    free_by_kind: Mapping[str, int]
    counted_at: datetime | None
    kinds: Sequence[Kind] = ()

    @property
    def free_of_each_kind(self) -> list[tuple[Kind, int | None]]:
        """Its free places of each kind that any shelter of the report has; None where it has no such room."""
        return [(kind, self.free_by_kind.get(kind)) for kind in self.kinds]

    @property
    def occupancy(self) -> Occupancy | None:
        """The bar, where a capacity is known."""
        figures = self.figures
        if figures.capacity is None:
            return None
        return Occupancy(figures.capacity, figures.occupied, figures.held, figures.blocked, figures.free, figures.over)


@dataclass(frozen=True, slots=True)
class AidLine:
    """One kind of aid: how many times given, to how many people."""

    kind: AidKind
    times: int
    people: int


@dataclass(frozen=True)
class Situation:
    """One day at one site; `as_of` is the moment that places and steps are counted at: now, or the end of a day that is over."""

    site: Site
    day: date
    as_of: datetime
    is_over: bool
    families: int
    people: int
    back_families: int
    back_people: int
    crossings: Sequence[Share]
    countries: Sequence[Share]
    ages: Sequence[AgeLine]
    steps: Sequence[StepLine]
    houses: Sequence[HouseLine]
    expected: ExpectedDay | None
    aid: Sequence[AidLine]

    @cached_property
    def places(self) -> Places:
        """All shelters together, by the one formula of occupancy."""
        return rules.in_city(house.figures for house in self.houses)

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kinds of rooms that there are."""
        return self.houses[0].kinds if self.houses else ()

    @property
    def all_people(self) -> int:
        """Everybody who came, for the first time or back from court."""
        return self.people + self.back_people

    @property
    def is_empty(self) -> bool:
        """Whether nobody came, nobody was announced and nothing was given."""
        return not (self.all_people or self.expected or self.aid)

    @property
    def has_others(self) -> bool:
        """Whether the table of ages needs its column for people who are neither noted as women nor as men."""
        return any(line.others for line in self.ages)

    @property
    def minors(self) -> int:
        """People known to be under 18."""
        young = (AgeGroup.INFANTS, AgeGroup.CHILDREN, AgeGroup.ADOLESCENTS)
        return sum(line.people for line in self.ages if line.group in young)

    def reached(self, step: Step) -> int:
        """How many of the day's arrivals took `step`."""
        return next((line.people for line in self.steps if line.step == step), 0)

    @property
    def placed(self) -> int:
        """How many of them have a place to sleep."""
        return self.reached(Step.PLACED)

    @property
    def slowest(self) -> StepLine | None:
        """The step that somebody waited longest for."""
        waited = [line for line in self.steps if line.longest_minutes is not None]
        return max(waited, key=lambda line: line.longest_minutes or 0, default=None)


def situation(*, site: Site, day: date, actor: Actor, now: datetime) -> Situation:
    """The report of `day` at `site` (with its city) as it stands at `now`, for what `actor` may see. Four queries."""
    zone = site.city.zone
    begins, ends = zones.day_begins(day, zone), zones.day_begins(day + A_DAY, zone)
    as_of = min(now, ends)
    people = _people(site, begins, ends, as_of, actor)
    first = [row for row in people if row["arrival__kind"] == Arrival.Kind.FIRST_RETURN]
    back = [row for row in people if row["arrival__kind"] == Arrival.Kind.COURT_RETURN]
    return Situation(
        site=site,
        day=day,
        as_of=as_of,
        is_over=now >= ends,
        families=_families(first),
        people=len(first),
        back_families=_families(back),
        back_people=len(back),
        crossings=_shares(first, "arrival__crossing__name", _("Not noted")),
        countries=_countries(first),
        ages=_ages(first, day),
        steps=_steps(people, actor),
        houses=_houses(site, as_of, is_over=now >= ends, actor=actor),
        expected=ExpectedDay.objects.visible_to(actor).filter(site=site, day=day).with_counts().first(),
        aid=_aid(site, begins, ends, actor),
    )


# ---- who came


def _people(site: Site, begins: datetime, ends: datetime, as_of: datetime, actor: Actor) -> list[dict[str, Any]]:
    """One row a person and arrival of the day: who, and when each step was taken, up to `as_of`."""
    taken = (
        StepTaken.objects.visible_to(actor)
        .filter(
            arrival__site=site,
            arrival__occurred_at__gte=begins,
            arrival__occurred_at__lt=ends,
            person__merged_into=None,
            occurred_at__lte=as_of,
        )
        .order_by()
    )
    moments = {f"{step}_at": Min("occurred_at", filter=Q(step=step)) for step in RECEPTION}
    facts = ("arrival__kind", "arrival__crossing__name", "person__sex", "person__nationality", "person__birth_date")
    return list(taken.values("person", "arrival", *facts).annotate(**moments))


def _families(rows: Iterable[Mapping[str, Any]]) -> int:
    return len({row["arrival"] for row in rows})


def _shares(rows: Sequence[Mapping[str, Any]], by: str, unknown: str) -> list[Share]:
    """`rows` by the value of one field, the most first."""
    people = Counter(row[by] or "" for row in rows)
    families = {key: _families(row for row in rows if (row[by] or "") == key) for key in people}
    most = max(people.values(), default=0)
    return [Share(key, key or unknown, families[key], count, Bar(count, most)) for key, count in people.most_common()]


def _countries(rows: Sequence[Mapping[str, Any]]) -> list[Share]:
    shares = _shares(rows, "person__nationality", _("Not noted"))
    return [Share(each.key, _country(each.key) or each.label, each.families, each.people, each.bar) for each in shares]


def _country(code: str) -> str:
    return nationalities.name_of(code) if nationalities.is_known(code) else code


def _ages(rows: Sequence[Mapping[str, Any]], day: date) -> list[AgeLine]:
    counted: Counter[tuple[AgeGroup, str]] = Counter()
    for row in rows:
        born = row["person__birth_date"]
        group = AgeGroup.of(None if born is None else people_rules.age_on(born, day))
        counted[group, row["person__sex"] if row["person__sex"] in (Sex.FEMALE, Sex.MALE) else ""] += 1
    longest = max((count for (_group, sex), count in counted.items() if sex), default=0)
    lines = [
        AgeLine(group, counted[group, Sex.FEMALE], counted[group, Sex.MALE], counted[group, ""], longest)
        for group in AgeGroup
    ]
    return [line for line in lines if line.people or line.group != AgeGroup.UNKNOWN]


# ---- how far they got


def _steps(rows: Sequence[Mapping[str, Any]], actor: Actor) -> list[StepLine]:
    """Each step of reception. A wait runs from the step before it that was taken; isolation is health, and no wait."""
    shown = [step for step in RECEPTION if step != Step.ISOLATED or actor.can(Capability.SEE_HEALTH)]
    return [_step(step, rows) for step in shown]


def _step(step: Step, rows: Sequence[Mapping[str, Any]]) -> StepLine:
    reached = sum(row[f"{step}_at"] is not None for row in rows)
    waits = [] if step in (Step.RECEIVED, Step.ISOLATED) else [w for row in rows if (w := _wait(step, row)) is not None]
    return StepLine(
        step,
        reached,
        Bar(reached, len(rows)),
        round(median(waits)) if waits else None,
        max(waits) if waits else None,
    )


def _wait(step: Step, row: Mapping[str, Any]) -> int | None:
    """Minutes from the last step before `step` until it was taken; None where it was not, or came before those."""
    at: datetime | None = row[f"{step}_at"]
    before = [row[f"{each}_at"] for each in RECEPTION[: RECEPTION.index(step)] if row[f"{each}_at"] is not None]
    if at is None or not before or at < max(before):
        return None
    return int((at - max(before)).total_seconds() // 60)


# ---- where there is room


def _houses(site: Site, as_of: datetime, *, is_over: bool, actor: Actor) -> list[HouseLine]:
    """The open shelters under `site`, counted at `as_of`; isolation only for those who may see health. One query."""
    shown = [kind for kind in Kind if kind != Kind.ISOLATION or actor.can(Capability.SEE_HEALTH)]
    units = (
        Unit.objects.visible_to(actor)
        .filter(shelter__site__parent=site, kind__in=shown)
        .with_figures(as_of, as_it_was=is_over)  # who slept there then, not who sleeps there now
        .select_related("shelter")
    )
    by_house: dict[int, list[Unit]] = {}
    for unit in units.order_by("shelter__name", "pk"):
        if unit.shelter.is_open_at(as_of):
            by_house.setdefault(unit.shelter_id, []).append(unit)
    listed = [unit for theirs in by_house.values() for unit in theirs]
    kinds = [kind for kind in Kind if any(unit.kind == kind for unit in listed)]
    return [_house(theirs, kinds, as_of) for theirs in by_house.values()]


def _house(units: Sequence[Unit], kinds: Sequence[Kind], as_of: datetime) -> HouseLine:
    shelter = units[0].shelter
    counted_at = shelter.counted_at if shelter.counted_at and shelter.counted_at <= as_of else None
    return HouseLine(
        uid=shelter.uid,
        name=shelter.name,
        figures=rules.in_shelter(unit.figures for unit in units),
        free_by_kind=rules.free_by_kind((unit.kind, unit.figures) for unit in units),
        counted_at=counted_at,
        kinds=kinds,
    )


# ---- what was given


def _aid(site: Site, begins: datetime, ends: datetime, actor: Actor) -> list[AidLine]:
    given = Aid.objects.visible_to(actor).filter(site=site).given_in(begins, ends)
    return [AidLine(aid_kind(kind), times, people) for kind, (times, people) in given.counts().items()]
