"""The list of households: who, where they stand, where they sleep, when they must appear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cases.models import Household
from cases.policies import step_told
from core.actors import Actor
from core.keyset import Page, first_rows, page_of, place_of_row, rows_after
from core.look import Light, Tag, TwoClocks, short_day, short_weekday
from core.questions import question
from hearings.clocks import two_clocks
from journey.belonging import tags_of
from journey.families import Family
from journey.readiness import lights_of
from places import zones


@dataclass(frozen=True, slots=True)
class Row:
    """One household of the list."""

    family: Family
    arrived: str
    step: str
    light: Light
    hearing_on: str
    clocks: TwoClocks | None
    tags: list[Tag]


def page_after(cursor: str, *, actor: Actor) -> Page[Household]:
    """The households that `actor` may see, the newest arrival first, from `cursor` on. One query."""
    place = place_of_row(cursor)
    found = _older(actor=actor, moment=place[0], key=place[1]) if place else _newest(actor=actor)
    return page_of(found, by="arrived_at")


@question
def _newest(*, actor: Actor) -> QuerySet[Household]:
    return first_rows(Household.objects.visible_to(actor).select_related("site__city"), by="arrived_at")


@question
def _older(*, actor: Actor, moment: datetime, key: int) -> QuerySet[Household]:
    visible = Household.objects.visible_to(actor).select_related("site__city")
    return first_rows(rows_after(visible, moment, key, by="arrived_at"), by="arrived_at")


def rows_of(families: Sequence[Family], *, actor: Actor, now: datetime) -> list[Row]:
    """`families` as rows, in their order. No query."""
    lights = lights_of(families, actor=actor, now=now)
    return [_row(family, lights[family.household.pk], actor, now) for family in families]


def _row(family: Family, light: Light, actor: Actor, now: datetime) -> Row:
    hearing = family.hearing
    day = hearing and (hearing.report_on or hearing.court_on)
    return Row(
        family=family,
        arrived=short_day(zones.local(family.household.arrived_at, family.zone)),
        step=str(step_told(actor, family.household).label),
        light=light,
        hearing_on=short_weekday(day) if day else "",
        clocks=two_clocks(hearing, with_sources=False) if hearing else None,
        tags=tags_of(family, now),
    )
