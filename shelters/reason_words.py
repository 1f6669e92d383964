"""Reasons for and against a place in words. Reasons that only weigh, such as how full a house is, have none."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.look import Pill, Tone, short_day_of_year
from places import languages
from shelters.planning.wishes import Reason
from shelters.rules import Mismatch

Told = dict[str, Any]
Words = Callable[[Told], str]


def _ok(words: Words) -> tuple[Tone, str, Words]:
    return "ok", "check", words


def _doubt(words: Words) -> tuple[Tone, str, Words]:
    return "warn", "alert-circle", words


def _nights(told: Told) -> str:
    words = ngettext("At most %(days)d night here", "At most %(days)d nights here", told["days"]) % told
    return words + " · " + ngettext("%(nights)d until they leave", "%(nights)d until they leave", told["nights"]) % told


def _gate(told: Told) -> str:
    if "city" not in told:  # a plan of before the hour was kept with its clock
        return _("The gate is shut when they must leave for the bridge")
    return _("The gate is shut at %(time)s, %(city)s time, when they must leave for the bridge") % told


def _closing(told: Told) -> str:
    return _("Closes on %(day)s") % {"day": short_day_of_year(date.fromisoformat(told["day"]))}


WORDS: dict[str, tuple[Tone, str, Words]] = {
    "held": ("accent", "hourglass", lambda told: _("Places are held here for them")),
    "kin": _ok(lambda told: _("Relatives of theirs sleep here")),
    "same_house": _ok(lambda told: _("They stay in their shelter")),
    "earlier": _ok(lambda told: _("They have slept here before")),
    "same_city": _ok(lambda told: _("In the same city as %(crossing)s") % told),
    "km": _ok(lambda told: _("About %(km)d km in a straight line from %(crossing)s") % told),
    "far": _doubt(lambda told: _("About %(km)d km in a straight line from %(crossing)s") % told),
    "speaks": _ok(lambda told: _("Their language is spoken here: %(language)s") % _in_words(told)),
    "has_school": _ok(lambda told: _("School for the children")),
    "has_clinic": _ok(lambda told: _("A clinic in the house")),
    "takes_pets": _ok(lambda told: _("Takes animals")),
    "ramp": _ok(lambda told: _("With ramp")),
    "safe": _ok(lambda told: _("Safe room for LGBTQ+ people")),
    "apart": _doubt(lambda told: _("Somebody they must be kept apart from sleeps here")),
    "gate": _doubt(_gate),
    "max_stay": _doubt(_nights),
    "closing": ("warn", "building-off", _closing),
    "language": _doubt(lambda told: _("Nobody here is known to speak their language: %(language)s") % _in_words(told)),
    "clinic": _doubt(lambda told: _("No clinic in the house")),
    "pets_unknown": _doubt(lambda told: _("Ask first whether they take animals")),
    "minors_alone": _doubt(lambda told: _("A minor alone would sleep among adults: ask protection first")),
    "never_counted": _doubt(lambda told: _("Its count was never confirmed: call before sending them")),
    "old_count": _doubt(lambda told: _("Its count is older than a day: call before sending them")),
    "over_elsewhere": _doubt(lambda told: _("Another room here is over by %(n)d") % told),
}


def pills_of(reasons: Iterable[Reason]) -> list[Pill]:
    """Those of `reasons` that have words, in their order."""
    pills = []
    for reason in reasons:
        if reason.code in WORDS:
            tone, icon, words = WORDS[reason.code]
            pills.append(Pill(tone, icon, words(dict(reason.told))))
    return pills


def kept(reasons: Iterable[Reason]) -> list[list[Any]]:
    """Reasons as a table keeps them: codes and what they name."""
    return [[reason.code, dict(reason.told)] for reason in reasons if reason.code in WORDS]


def pills_kept(rows: Iterable[list[Any]]) -> list[Pill]:
    """What `kept` kept, in words."""
    return pills_of(Reason(code, 0, tuple(told.items())) for code, told in rows)


def why_not_in_words(codes: Iterable[str]) -> list[Pill]:
    """Why a household got no place: hard rules by their code, or that no room has places for all of them."""
    return [Pill("stop", "x", _rule(code)) for code in codes]


def _rule(code: str) -> str:
    if code in Mismatch.values:
        return str(Mismatch(code).label)
    told = {
        "no_room": _("No room that suits them has places for all of them"),
        "pinned_full": _("There are not enough places where you put them"),
        "barred": _("Every room that suits them is in a shelter you ruled out"),
        "unknown_capacity": _("Nobody has said how many places the rooms that suit them have"),
    }
    return told.get(code, code)


def _in_words(told: Told) -> Told:
    return {**told, "language": languages.within_a_line(told["language"])}
