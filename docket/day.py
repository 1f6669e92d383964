"""The docket of a day: who presents where and when, ready or not, told or not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from core.actors import Actor
from core.look import ClockFace, Light, Pill, TwoClocks
from hearings.clocks import NO_CROSSING, two_clocks
from hearings.days import days_at_hand
from hearings.models import Hearing
from journey.families import Family, families_of
from journey.readiness import lights_of
from journey.reminder_words import GIVES_AWAY
from journey.reminders import PURPOSE, prefix_of
from messaging.models import Message
from places import languages
from places.models import Crossing

ROWS_PER_PAGE = 50


class Only(models.TextChoices):
    """The filters over the docket."""

    NOT_REACHED = "not_reached", gettext_lazy("Not reached")
    NOT_READY = "not_ready", gettext_lazy("Not ready")
    CONFLICT = "conflict", gettext_lazy("Sources differ")


ONLY_ICONS = {Only.NOT_REACHED: "phone-off", Only.NOT_READY: "alert-circle", Only.CONFLICT: "arrows-diff"}
NOT_REACHED = Pill("warn", "phone-off", gettext_lazy("Not reached"))


@dataclass(frozen=True)
class Row:
    """A family with one hearing on the day: its light, its clocks, where it sleeps, whether it was told."""

    family: Family
    hearing: Hearing
    light: Light
    told: Pill

    @cached_property
    def clocks(self) -> TwoClocks:
        """Both clocks."""
        return two_clocks(self.hearing, with_sources=False)

    @property
    def size(self) -> int:
        """How many are summoned; the whole family where nobody was named."""
        return len(self.hearing.summonses.all()) or len(self.family.members)

    @property
    def language(self) -> str:
        """The language to speak with them when it is not Spanish."""
        code = self.family.household.language
        return "" if code == "spa" else languages.autonym_of(code)

    def answers(self, only: Only) -> bool:
        """Whether the row belongs under a filter."""
        if only == Only.NOT_REACHED:
            return self.told is NOT_REACHED or self.told.tone == "stop"
        if only == Only.NOT_READY:
            return self.light.verdict in ("warn", "stop")
        return self.hearing.is_in_conflict


@dataclass(frozen=True)
class Bridge:
    """The rows that present at one crossing, earliest first."""

    crossing: Crossing | None
    rows: Sequence[Row]

    @property
    def name(self) -> object:
        """What to call it."""
        return self.crossing.label if self.crossing else NO_CROSSING

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
    """One day, or one page of it: `rows` are what is shown, `everyone` all of the day."""

    day: date
    everyone: Sequence[Row]
    rows: Sequence[Row]
    page: int = 1
    pages: int = 1
    only: Only | None = None
    days: Sequence[tuple[date, int]] = ()

    @property
    def people(self) -> int:
        """How many people of the day."""
        return sum(row.size for row in self.everyone)

    @property
    def ready(self) -> int:
        """How many families may leave."""
        return sum(row.light.verdict == "ok" for row in self.everyone)

    @property
    def bridges(self) -> list[Bridge]:
        """The rows shown, crossing by crossing."""
        rows = sorted(self.rows, key=_place_and_time)
        return [
            Bridge(crossing, list(group))
            for crossing, group in groupby(rows, key=attrgetter("hearing.report_crossing"))
        ]

    @property
    def filters(self) -> list[tuple[Only, str, int]]:
        """Each filter with its icon and how many families it would show."""
        return [(only, ONLY_ICONS[only], sum(row.answers(only) for row in self.everyone)) for only in Only]


def docket_of(*, day: date | None, actor: Actor, now: datetime, only: Only | None = None, page: int = 1) -> Docket:
    """The docket of `day` (a wall date of the place to present at) as `actor` may see it at `now`.

    Without a day it is the next one on which somebody presents. Six queries, whatever the size of the day; the busiest known was
    of 428 people.
    """
    days = days_at_hand(actor=actor, now=now, day=day)
    day = day or days[0][0]
    everyone = rows_of(day=day, actor=actor, now=now)
    chosen = sorted((row for row in everyone if only is None or row.answers(only)), key=_place_and_time)
    pages = max(1, -(-len(chosen) // ROWS_PER_PAGE))
    page = min(max(1, page), pages)
    shown = chosen[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return Docket(day, everyone, shown, page, pages, only, days)


def rows_of(*, day: date, actor: Actor, now: datetime) -> list[Row]:
    """All rows of `day`, in no order."""
    hearings = list(
        Hearing.objects.visible_to(actor)
        .presenting_on(day)
        .for_clocks()
        .select_related("household__site__city", "court__city", "report_crossing__city", "report_crossing__port")
        .prefetch_related("summonses")
    )
    by_household = {hearing.household_id: hearing for hearing in hearings}
    households = {hearing.household_id: hearing.household for hearing in hearings}
    families = families_of(list(households.values()), now=now, actor=actor, hearings=by_household)
    lights = lights_of(families, now=now, actor=actor)
    of_household = {family.household.pk: family for family in families}
    told = told_of(hearings)
    return [
        Row(
            family=replace(of_household[hearing.household_id], hearing=hearing),
            hearing=hearing,
            light=lights[hearing.household_id],
            told=told[hearing.pk],
        )
        for hearing in hearings
    ]


def told_of(hearings: Iterable[Hearing]) -> dict[int, Pill]:
    """For each hearing, the fate of what was said about its present version; one query."""
    hearings = list(hearings)
    prefixes = {f"{prefix_of(hearing)}{hearing.version}": hearing.pk for hearing in hearings}
    fates: dict[int, list[Message]] = {hearing.pk: [] for hearing in hearings}
    messages = (
        Message.objects.about(*{hearing.household.uid for hearing in hearings})
        .filter(purpose=PURPOSE)
        .defer("address", "title", "body")
        .order_by("due_at", "pk")
    )
    for message in messages:
        key = prefixes.get(":".join(message.plan_key.split(":")[:3]))
        if key is not None:
            fates[key].append(message)
    return {key: fate_of(messages) for key, messages in fates.items()}


def fate_of(messages: Sequence[Message]) -> Pill:
    """One pill for the reminders of a hearing: the last that went or failed, else that some wait, else that nobody is reached."""
    status = Message.Status
    if any(each.status == status.SKIPPED and each.error_code == GIVES_AWAY for each in messages):
        return NOT_REACHED
    settled = [each for each in messages if each.status in (status.SENT, status.UNCERTAIN, status.FAILED)]
    waiting = [each for each in messages if each.status in (status.PLANNED, status.CLAIMED)]
    if settled:
        return settled[-1].pill
    return waiting[0].pill if waiting else NOT_REACHED


def _place_and_time(row: Row) -> tuple[object, ...]:
    """City, crossing, moment; those without a crossing last."""
    crossing = row.hearing.report_crossing
    place = (crossing.city.name, crossing.name) if crossing else ("", "")
    return (crossing is None, *place, row.hearing.present_at, row.hearing.pk)
