"""Who is given a place first where not all can be: points by rules that everybody may read (docs/adr/placing.md)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.needs import need_kind
from core.look import Tag
from shelters.seekers import Seeker

DATA = Path(__file__).with_name("data") / "placing_priority.csv"
STEP_OF_WAITING = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Priority:
    """How urgent a household's place is: points, and the words of each rule that gave some."""

    points: int
    why: tuple[Tag, ...]


@cache
def points() -> dict[str, int]:
    """Points by code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {line["code"]: int(line["points"]) for line in csv.DictReader(file)}


def priority_of(seeker: Seeker, *, at: datetime) -> Priority:
    """What speaks for giving `seeker` a place before others at `at`."""
    told = list(_rules(seeker, at))
    return Priority(sum(given for given, _tag in told), tuple(tag for given, tag in told if given))


def _rules(seeker: Seeker, at: datetime) -> Iterator[tuple[int, Tag]]:
    given, party = points(), seeker.party
    if party.is_isolated:
        yield given["isolation"], Tag("virus", _("isolation"))
    if party.minors and not party.adults:
        yield given["minors_alone"], Tag("mood-kid", _("minors alone"))
    if seeker.small_children:
        words = ngettext("%(n)d small child", "%(n)d small children", seeker.small_children)
        yield given["small_children"], Tag("mood-kid", words % {"n": seeker.small_children})
    if any(age >= 60 for age in seeker.ages):
        yield given["elderly"], Tag("user", _("60 or older"))
    for code in sorted(party.needs):
        kind = need_kind(code)
        yield given.get(code, given["urgent_need"] if kind.is_urgent else given["need"]), Tag(kind.icon, kind.name)
    if party.nights is not None and party.nights <= 1:
        yield given["leaves_soon"], Tag("calendar-event", _("hearing by tomorrow"))
    yield _for_waiting(seeker, at), Tag("hourglass", _("waiting long"))


def _for_waiting(seeker: Seeker, at: datetime) -> int:
    """A point for each six hours of waiting, up to a most."""
    return max(0, min(points()["waiting_at_most"], (at - seeker.waiting_since) // STEP_OF_WAITING))
