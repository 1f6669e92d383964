"""What the timeline says of who speaks for people, of lists of legal help, and of calls to the EOIR line."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from audit.models import EventType
from core.inputs import day_asked
from core.look import short_day_of_year, within
from hearings.models import CheckCall, Representation
from journey.families import Family
from places import languages

Facts = Mapping[str, Any]
Sentence = Callable[[Facts, Family], str]


def _label(choices: Any, value: object) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _noted(facts: Facts, family: Family) -> str:
    if facts.get("kind") == Representation.Kind.ACCREDITED:
        return _("They have an accredited representative")
    return _("They have a lawyer")


def _ended(facts: Facts, family: Family) -> str:
    ending = within(_label(Representation.Ending, facts.get("ending")))
    return _("Their representative no longer appears: %(why)s") % {"why": ending}


def _given(facts: Facts, family: Family) -> str:
    edition = day_asked(str(facts.get("edition") or ""))
    told = {
        "language": languages.within_a_line(str(facts.get("language") or "")),
        "day": short_day_of_year(edition) if edition else "",
    }
    return _("List of free legal help given, edition of %(day)s, %(language)s") % told


def _answered(facts: Facts, family: Family) -> str:
    finding = within(_label(CheckCall.Finding, facts.get("finding")))
    return _("EOIR line asked: %(finding)s") % {"finding": finding}


SENTENCES: dict[str, tuple[str, str, Sentence]] = {
    EventType.REPRESENTATION_NOTED: ("user-check", "ok", _noted),
    EventType.REPRESENTATION_CORRECTED: (
        "pencil",
        "",
        lambda facts, family: _("What is known of their representative was corrected"),
    ),
    EventType.REPRESENTATION_ENDED: ("user-x", "warn", _ended),
    EventType.LEGAL_LIST_GIVEN: ("file-text", "", _given),
    EventType.LINE_ANSWERED: ("phone", "", _answered),
    EventType.CALLS_SETTLED: ("check", "", lambda facts, family: _("Calls to the EOIR line decided")),
}
