"""The docket of a day as PDF, in black, for any printer: the same words as on the page."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from core.look import long_day_of_year
from docket.sheet import Sheet
from journey.paper import Paper, set_in_type
from places import zones

FORM = Path(__file__).resolve().parent / "paper" / "day.typ"


def pdf_of(sheets: Sequence[Sheet], *, paper: Paper, printed_by: str, at: datetime) -> bytes:
    """`sheets` on `paper`, one crossing after the other, with who took them and when by the clocks of the first."""
    zone = sheets[0].zone if sheets else "UTC"
    given: dict[str, object] = {
        "title": _("List of the day"),
        "language": (get_language() or "es").partition("-")[0],
        "paper": paper.value,
        "printed": _("Made %(at)s by %(name)s") % {"at": f"{zones.local(at, zone):%Y-%m-%d %H:%M}", "name": printed_by},
        "words": _words(),
        "sheets": [_sheet(sheet) for sheet in sheets],
    }
    return set_in_type(FORM, given)


def _words() -> dict[str, str]:
    return {
        "title": _("List of the day"),
        "here": pgettext("box to tick", "Here"),
        "hour": _("Hour"),
        "group": _("Group"),
        "people": _("People"),
        "children": _("Minors"),
        "sleeps": _("Sleeps at"),
        "vehicle": _("Vehicle"),
        "left": pgettext("box to tick", "Left"),
        "page": _("page"),
        "signature": _("Signature:"),
        "destroy": _("Destroy when done."),
        "nobody": _("Nobody leaves on this day."),
    }


def _sheet(sheet: Sheet) -> dict[str, object]:
    tally = [
        ngettext("%(n)d group", "%(n)d groups", sheet.groups) % {"n": sheet.groups},
        ngettext("%(n)d person", "%(n)d people", sheet.people) % {"n": sheet.people},
    ]
    if sheet.children:
        tally.append(ngettext("%(n)d minor", "%(n)d minors", sheet.children) % {"n": sheet.children})
    return {
        "place": sheet.place or _("Meeting point not known yet"),
        "day": capfirst(long_day_of_year(sheet.day)),
        "clocks": _("Hours by the clocks of %(city)s") % {"city": sheet.city},
        "tally": " · ".join(tally),
        "lines": [asdict(line) for line in sheet.lines],
    }
