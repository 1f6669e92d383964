"""What a source says of one fact of a hearing, in words for the office: times with the city whose clock they are read on."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.look import short_weekday
from hearings.models import Claim, Hearing
from places import languages

Fact = Claim.Fact
Names = Mapping[int, str]
ICONS = {
    Fact.COURT: "gavel",
    Fact.COURT_TIME: "gavel",
    Fact.CROSSING: "building-bridge-2",
    Fact.REPORT_TIME: "building-bridge-2",
    Fact.KIND: "calendar-event",
    Fact.PEOPLE: "users",
    Fact.INTERPRETER: "language",
    Fact.JUDGE: "user",
}


def said_in_words(claim: Claim, hearing: Hearing, names: Names) -> str:
    """What `claim` says of `hearing` (`for_clocks`); `names` are those of the household's people, by key."""
    return _SAID[Fact(claim.fact)](claim, hearing, names)


def _court(claim: Claim, hearing: Hearing, names: Names) -> str:
    return str(claim.court)


def _crossing(claim: Claim, hearing: Hearing, names: Names) -> str:
    return f"{claim.crossing.label}, {claim.crossing.city.name}" if claim.crossing else ""


def _court_time(claim: Claim, hearing: Hearing, names: Names) -> str:
    return _time(claim, hearing.court.city.name)


def _report_time(claim: Claim, hearing: Hearing, names: Names) -> str:
    return _time(claim, hearing.report_crossing.city.name if hearing.report_crossing else "—")


def _time(claim: Claim, city: str) -> str:
    day, clock = claim.wall
    return _("%(day)s, %(time)s, %(city)s time") % {
        "day": short_weekday(day),
        "time": f"{clock:%H:%M}",
        "city": city,
    }


def _kind(claim: Claim, hearing: Hearing, names: Names) -> str:
    return str(Hearing.Kind(claim.kind).label)


def _people(claim: Claim, hearing: Hearing, names: Names) -> str:
    """Their names; how many where they belong to another household by now."""
    keys = claim.people or []
    known = [names[key] for key in keys if key in names]
    return ", ".join(known) or ngettext("%(count)d person", "%(count)d people", len(keys)) % {"count": len(keys)}


def _interpreter(claim: Claim, hearing: Hearing, names: Names) -> str:
    return languages.name_of(claim.language)


def _judge(claim: Claim, hearing: Hearing, names: Names) -> str:
    return claim.judge


_SAID: dict[Fact, Callable[[Claim, Hearing, Names], str]] = {
    Fact.COURT: _court,
    Fact.COURT_TIME: _court_time,
    Fact.CROSSING: _crossing,
    Fact.REPORT_TIME: _report_time,
    Fact.KIND: _kind,
    Fact.PEOPLE: _people,
    Fact.INTERPRETER: _interpreter,
    Fact.JUDGE: _judge,
}
