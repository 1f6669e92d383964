"""What has happened to a household, in words: its events as sentences, newest first, by day.

Events hold ids, codes and counts only, so the sentences are made here, from the family that the page has already fetched. Staff
who may see a household may see what was done for it, without `SEE_AUDIT`: the audit page is about who looked, this is about the
family. Health is left out for roles that may not see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Event, EventType
from cases.models import HEALTH_TAPS, Household
from cases.states import Step
from core.actors import Actor, ActorKind, Capability
from core.look import long_day, long_day_of_year, month_day
from core.questions import question
from journey.families import Family, today_of
from journey.happening_words import SENTENCES, Sentence
from places import zones

SHOWN = 8
LATEST = 3  # lines that a household page shows without being asked
FETCHED = 32  # one deed for five people is five events and one line
MOST = 200
LATE = timedelta(minutes=15)
UNTOLD = (
    EventType.GUEST_SITE_CHANGED,  # follows from the stay, which is told
    EventType.EXPECTED_REFUSED,  # a question about a list, not about them
    EventType.HINTED_ELSEWHERE,  # who asks is for the audit page
    EventType.ENTRY_DELIVERED,  # what it brought is told for itself
)
UNTOLD_STEPS = (Step.RECEIVED, Step.PLACED)  # follow from the arrival and the stay
HEALTH = (
    EventType.TEST_TAKEN,
    EventType.TEST_RESULTED,
    EventType.TEST_CORRECTED,
    EventType.ISOLATION_PLANNED,
    EventType.ISOLATION_ENDED,
)
HEALTH_STEPS = (Step.TESTED, Step.ISOLATED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as a sentence, or `count` equal ones; `meta` says when and who."""

    day: date
    icon: str
    tone: str
    text: str
    meta: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what happened on it, newest first."""

    title: str
    happenings: list[Happening]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days shown, and how many events are shown and there in all."""

    days: list[Day]
    total: int
    shown: int

    @property
    def latest(self) -> list[Day]:
        """The newest few, which a phone shows at once."""
        return _part(self.days, slice(LATEST))

    @property
    def earlier(self) -> list[Day]:
        """The others, folded away."""
        return _part(self.days, slice(LATEST, None))

    @property
    def folded(self) -> int:
        """How many lines are folded away."""
        return sum(len(day.happenings) for day in self.earlier)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.shown >= self.total


def _part(days: Iterable[Day], which: slice) -> list[Day]:
    """The happenings of `days` that stand at `which` places of them all, each under its day."""
    lines = [(day.title, each) for day in days for each in day.happenings][which]
    return [Day(title, [each for _title, each in those]) for title, those in groupby(lines, key=lambda line: line[0])]


def timeline_of(family: Family, *, actor: Actor, now: datetime, whole: bool = False) -> Timeline:
    """What happened to `family`, fetched through `visible_to`; the newest `SHOWN` unless `whole`. One query."""
    sees_health = actor.can(Capability.SEE_HEALTH)
    events: list[Any] = _newest(MOST if whole else FETCHED, sees_health, household=family.household.pk)
    lines = _merged(_happening(event, family) for event in events)[: None if whole else SHOWN]
    by_day = groupby(lines, key=lambda line: line.day)
    today = today_of(family, now)
    days = [Day(day_title(day, today), list(those)) for day, those in by_day]
    return Timeline(days, events[0].total if events else 0, sum(line.count for line in lines))


@question
def _newest(most: int, sees_health: bool, *, household: int) -> QuerySet[Event]:
    """The newest events of a household and of what was merged into it, as far as they are told, each with the number of all (`total`)."""
    files = Household.with_merged.filter(Q(pk=household) | Q(merged_into=household))
    told = Event.objects.filter(household__in=files.values("uid")).exclude(
        Q(type__in=UNTOLD)
        | Q(type=EventType.STEP_TAKEN, facts__step__in=UNTOLD_STEPS)
        | Q(type=EventType.STEP_TAKEN, facts__has_key="follows")  # what it follows from is told
    )
    if not sees_health:
        told = told.exclude(
            Q(type__in=HEALTH)
            | Q(type=EventType.STEP_TAKEN, facts__step__in=HEALTH_STEPS)
            | Q(type=EventType.TAKEN_BACK, facts__kind__in=HEALTH_TAPS)
        )
    return told.annotate(total=Window(Count("pk"))).order_by("-occurred_at", "-pk")[:most]


def day_title(day: date, today: date) -> str:
    """ "Today, 16 December", "Yesterday", "Thursday 9 December", with its year when that is another one."""
    if day.year != today.year:
        return capfirst(long_day_of_year(day))
    written = month_day(day)
    if day == today:
        return _("Today, %(day)s") % {"day": written}
    if day == today - timedelta(days=1):
        return _("Yesterday, %(day)s") % {"day": written}
    return capfirst(long_day(day))


def _merged(happenings: Iterable[Happening]) -> list[Happening]:
    """Equal ones in a row as one: five results of the same minute are one line."""
    lines: list[Happening] = []
    for each in happenings:
        if lines and replace(lines[-1], count=1) == each:
            lines[-1] = replace(each, count=lines[-1].count + 1)
        else:
            lines.append(each)
    return lines


def _happening(event: Event, family: Family) -> Happening:
    icon, tone, sentence = _told(event)
    local = zones.local(event.occurred_at, family.zone)
    parts = [f"{local:%H:%M}", _("by itself") if event.actor_kind == ActorKind.SYSTEM else event.actor_name]
    if event.type == EventType.ARRIVAL_RECORDED and event.recorded_at - event.occurred_at > LATE:
        received = zones.local(event.recorded_at, family.zone)
        if received.date() == local.date():
            parts.append(_("received %(time)s") % {"time": f"{received:%H:%M}"})
    return Happening(local.date(), icon, tone, sentence(event.facts, family), " · ".join(parts))


def _told(event: Event) -> tuple[str, str, Sentence]:
    """How to tell an event: icon, tone, sentence. One that nobody has worded yet is told by its name."""
    return SENTENCES.get(event.type) or ("notes", "", lambda facts, family: event.words)


def days_until(moment: datetime, now: datetime, zone: str) -> str:
    """How far off `moment` is, as people say it at its place: "tomorrow, in 14 h", "in 6 days", "today, in 3 h"."""
    left = moment - now
    days = (zones.local(moment, zone).date() - zones.local(now, zone).date()).days
    hours, minutes = divmod(max(0, int(left.total_seconds() // 60)), 60)
    clock = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
    if left < timedelta(0):
        return _("on the way or back")
    if days == 0:
        return _("today, in %(time)s") % {"time": clock}
    if days == 1:
        return _("tomorrow, in %(time)s") % {"time": clock}
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
