"""The docket of a day: who presents where and when, ready or not, told or not, and how they get there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from core.actors import Actor
from core.look import ClockFace, Light, Pill, Tag, TwoClocks
from docket.month import Calendar, calendar_of
from hearings.clocks import NO_CROSSING, two_clocks
from hearings.models import Hearing, Trip, is_represented, trip_of
from hearings.models.tellings import with_tellings
from hearings.outcome_words import results_pill, with_results
from journey.families import Family, families_of_hearings
from journey.reached import Word, words_of
from journey.readiness import lights_of_hearings
from places.models import Crossing

ROWS_PER_PAGE = 50
UNKNOWN = 0  # the crossing of those of whom nobody knows it yet, in an address


class Only(models.TextChoices):
    """The filters over the docket."""

    NOT_REACHED = "not_reached", gettext_lazy("Not reached")
    NOT_READY = "not_ready", gettext_lazy("Not ready")
    CONFLICT = "conflict", gettext_lazy("Sources differ")


ONLY_ICONS = {Only.NOT_REACHED: "phone-off", Only.NOT_READY: "alert-circle", Only.CONFLICT: "arrows-diff"}
VEHICLES = {Trip.Means.WALK: "walk", Trip.Means.OWN: "car", Trip.Means.SHELTER: "bus", Trip.Means.AGENCY: "bus"}
ASK_AGAIN = gettext_lazy("Ask again")
HAS_LAWYER = gettext_lazy("has a lawyer")


@dataclass(frozen=True)
class Row:
    """A family with one hearing on the day: its light, its clocks, where it sleeps, whether it was told, how it gets there."""

    family: Family
    hearing: Any
    light: Light
    word: Word

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks, and that of the place where they sleep where it differs."""
        return two_clocks(self.hearing, sleeps_in=self.family.sleeps_in, with_sources=False)

    @property
    def told(self) -> Pill:
        """Whether they know."""
        return self.word.pill

    @property
    def outcome(self) -> Pill | None:
        """What came of it, once that is noted; then nothing is to be got ready and nobody to be told."""
        return results_pill(self.hearing.results)

    @property
    def size(self) -> int:
        """How many are summoned; the whole family where nobody was named."""
        return len(self.family.summoned_to(self.hearing))

    @cached_property
    def trip(self) -> Trip | None:
        """How they get there, as somebody arranged it."""
        return trip_of(self.hearing)

    @property
    def vehicle(self) -> Tag | None:
        """How they get there, in a word or two; that somebody must ask again where it was arranged for another hour."""
        trip = self.trip
        if trip is None:
            return None
        words = trip.vehicle or trip.get_means_display()
        return Tag(VEHICLES[Trip.Means(trip.means)], words if trip.is_for(self.hearing) else f"{words} · {ASK_AGAIN}")

    @property
    def lawyer(self) -> Tag | None:
        """That somebody speaks for them before the court."""
        return Tag("user-check", HAS_LAWYER) if self.hearing.has_lawyer else None

    def answers(self, only: Only) -> bool:
        """Whether the row belongs under a filter."""
        if self.outcome and only != Only.CONFLICT:
            return False
        if only == Only.NOT_REACHED:
            return not self.word.is_reached
        if only == Only.NOT_READY:
            return self.light.verdict in ("warn", "stop")
        return bool(self.hearing.is_in_conflict)


@dataclass(frozen=True)
class Bridge:
    """The rows that present at one crossing, earliest first."""

    crossing: Crossing | None
    rows: Sequence[Row]

    @property
    def key(self) -> int:
        """What names it in an address."""
        return self.crossing.pk if self.crossing else UNKNOWN

    @property
    def name(self) -> object:
        """What to call it."""
        return self.crossing.label if self.crossing else NO_CROSSING

    @property
    def short(self) -> object:
        """What to call it where there is little room."""
        return self.crossing.name if self.crossing else NO_CROSSING

    @property
    def people(self) -> int:
        """How many people present there."""
        return sum(row.size for row in self.rows)

    @cached_property
    def faces(self) -> list[ClockFace]:
        """The distinct times at which people must stand there, each as a clock."""
        faces = {row.clocks.bridge.local: row.clocks.bridge for row in self.rows if row.hearing.report_at}
        return list(faces.values())


@dataclass(frozen=True)
class Docket:
    """One day, or one page of it: `rows` are what is shown, `there` all of the crossing that was asked for, `everyone` all of the day."""

    day: date
    everyone: Sequence[Row]
    there: Sequence[Row]
    rows: Sequence[Row]
    calendar: Calendar
    page: int = 1
    pages: int = 1
    only: Only | None = None
    crossing: int | None = None

    @property
    def people(self) -> int:
        """How many people of the day at that crossing."""
        return sum(row.size for row in self.there)

    @property
    def ready(self) -> int:
        """How many families may leave."""
        return sum(row.light.verdict == "ok" and not row.outcome for row in self.there)

    @property
    def bridges(self) -> list[Bridge]:
        """The rows shown, crossing by crossing."""
        return bridges_of(self.rows)

    @cached_property
    def crossings(self) -> list[Bridge]:
        """All crossings of the day."""
        return bridges_of(self.everyone)

    @property
    def filters(self) -> list[tuple[Only, str, int]]:
        """Each filter with its icon and how many families it would show."""
        return [(only, ONLY_ICONS[only], sum(row.answers(only) for row in self.there)) for only in Only]


def docket_of(
    *,
    day: date | None,
    actor: Actor,
    now: datetime,
    today: date,
    month: date | None = None,
    crossing: int | None = None,
    only: Only | None = None,
    page: int = 1,
) -> Docket:
    """The docket of `day` (a wall date of the place to present at) as `actor` may see it at `now`, at one `crossing` when told.

    Without a day it is the next one on which somebody presents. Five queries, whatever the size of the day; the busiest known was
    of 428 people.
    """
    calendar = calendar_of(day=day, month=month, today=today, actor=actor, now=now)
    day = day or calendar.at_hand[0][0]
    everyone = in_order(rows_of(day=day, actor=actor, now=now))
    there = [row for row in everyone if crossing is None or (row.hearing.report_crossing_id or UNKNOWN) == crossing]
    chosen = [row for row in there if only is None or row.answers(only)]
    pages = max(1, -(-len(chosen) // ROWS_PER_PAGE))
    page = min(max(1, page), pages)
    shown = chosen[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return Docket(day, everyone, there, shown, calendar, page, pages, only, crossing)


def bridges_of(rows: Iterable[Row]) -> list[Bridge]:
    """`rows`, in their order, crossing by crossing."""
    return [
        Bridge(crossing, list(group)) for crossing, group in groupby(rows, key=attrgetter("hearing.report_crossing"))
    ]


def rows_of(*, day: date, actor: Actor, now: datetime) -> list[Row]:
    """All rows of `day`, in no order. Four queries."""
    visible = with_results(Hearing.objects.visible_to(actor).on_docket(day).for_clocks(with_sources=False))
    visible = visible.annotate(has_lawyer=is_represented("household"))
    hearings = list(with_tellings(visible).select_related("household__site__city", "report_crossing__port"))
    families = families_of_hearings(hearings, now=now, actor=actor)
    going = [replace(families[hearing.household_id], hearing=hearing) for hearing in hearings]
    lights, words = lights_of_hearings(going, now=now, actor=actor), words_of(hearings)
    return [
        Row(family=family, hearing=hearing, light=lights[hearing.pk], word=words[hearing.pk])
        for family, hearing in zip(going, hearings, strict=True)
    ]


def in_order(rows: Iterable[Row]) -> list[Row]:
    """City by city, crossing by crossing, whoever presents first leading; those without a crossing last."""
    return sorted(rows, key=_place_and_time)


def _place_and_time(row: Row) -> tuple[object, ...]:
    crossing = row.hearing.report_crossing
    place = (crossing.city.name, crossing.name) if crossing else ("", "")
    return (crossing is None, *place, row.hearing.present_at, row.hearing.pk)
