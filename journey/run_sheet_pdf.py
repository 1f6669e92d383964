"""Run sheets as PDF, for the night without network: the same words as on the page, in black."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core.look import long_day_of_year
from journey.paper import Paper, set_in_type
from journey.run_sheet import RunSheet
from places import zones

FORM = Path(__file__).resolve().parent / "paper" / "run_sheet.typ"


def pdf_of(sheets: Sequence[RunSheet], *, paper: Paper, printed_by: str, at: datetime) -> bytes:
    """`sheets` on `paper`, one shelter after the other, with who took them and when by the clocks of the first."""
    when = zones.local(at, sheets[0].zone) if sheets else at
    given: dict[str, object] = {
        "title": _("Run sheet"),
        "language": (get_language() or "es").partition("-")[0],
        "paper": paper.value,
        "printed": _("Made %(at)s by %(name)s") % {"at": f"{when:%Y-%m-%d %H:%M}", "name": printed_by},
        "words": _words(),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return set_in_type(FORM, given)


def _words() -> dict[str, str]:
    return {
        "title": _("Run sheet"),
        "leave": _("Through the door"),
        "wake": _("Wake up"),
        "meet": _("Meeting point"),
        "people": _("People"),
        "woken": _("Woken"),
        "hour": pgettext("of waking", "At"),
        "group": _("Group"),
        "children": _("Minors"),
        "room": _("Sleeps in"),
        "left": pgettext("box to tick", "Left"),
        "page": _("page"),
        "signature": _("Signature:"),
        "destroy": _("Destroy when done."),
        "nobody": _("Nobody leaves on this day."),
    }


def _sheet(sheet: RunSheet) -> dict[str, object]:
    tally = (
        ngettext("%(n)d group", "%(n)d groups", sheet.groups) % {"n": sheet.groups},
        ngettext("%(n)d person", "%(n)d people", sheet.people) % {"n": sheet.people},
        ngettext("%(n)d minor", "%(n)d minors", sheet.children) % {"n": sheet.children},
    )
    return {
        "shelter": sheet.shelter or _("Without a place"),
        "day": capfirst(long_day_of_year(sheet.day)),
        "clocks": _("Hours by the clocks of %(city)s") % {"city": sheet.city},
        "tally": " · ".join(tally if sheet.children else tally[:2]),
        "departures": [asdict(departure) for departure in sheet.departures],
    }
