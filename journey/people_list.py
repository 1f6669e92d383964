"""The list of households: who, where they stand, where they sleep, when they must appear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.policies import step_told
from core.actors import Actor
from core.look import Light, Tag, TwoClocks, short_day, short_weekday
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
