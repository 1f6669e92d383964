"""Lengths of time and days, in the reader's language and short enough for a list."""

from datetime import date
from functools import lru_cache

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _


def duration(minutes: int) -> str:
    """A length of time in words short enough for a list: "38 min", "4 h", "1 h 55", from two days on "6 d 20 h"."""
    hours, rest = divmod(abs(minutes), 60)
    days, of_day = divmod(hours, 24)
    if days >= 2:
        return (
            _("%(days)d d %(hours)d h") % {"days": days, "hours": of_day}
            if of_day
            else _("%(days)d d") % {"days": days}
        )
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


@lru_cache(maxsize=4096)
def _written(language: str | None, day: date, form: str) -> str:
    """`day` in `form`, worked out once a language: a list names the same days over and over."""
    return formats.date_format(day, form)


def short_day(day: date) -> str:
    """A day short enough for a pill: "8 Dec"; months stay small where the language writes them so ("8 dic")."""
    return _written(get_language(), date(day.year, day.month, day.day), pgettext("date format", "j M"))


def short_day_of_year(day: date) -> str:
    """As `short_day`, with the year: "8 Dec 2021". Never in figures alone, which mean another day across the bridge."""
    return formats.date_format(day, pgettext("date format", "j M Y"))


def short_weekday(day: date) -> str:
    """As `short_day`, with the weekday: "Wed 8 Dec"."""
    return _written(get_language(), date(day.year, day.month, day.day), pgettext("date format", "D j M"))


def month_day(day: date) -> str:
    """ "9 December", "9 de diciembre"."""
    return formats.date_format(day, pgettext("date format", "j F"))


def long_day(day: date) -> str:
    """ "Thursday 9 December", as it stands within a sentence."""
    return formats.date_format(day, pgettext("date format", "l j F"))


def long_day_of_year(day: date) -> str:
    """ "Thursday 9 December 2021", for a day of another year."""
    return formats.date_format(day, pgettext("date format", "l j F Y"))


def within(words: object) -> str:
    """Words that could begin a line, set inside one: "Sheet" becomes "sheet", "EOIR line" and "FMM" stay."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
