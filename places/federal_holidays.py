"""US federal holidays, on which no court sits. Which days those are is read from the `holidays` package, which requirements.txt pins."""

from datetime import date
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from holidays import country_holidays

# By the names of the package; whatever it may add is shown in its own words.
_NAMES = {
    "New Year's Day": gettext_lazy("New Year's Day"),
    "Martin Luther King Jr. Day": gettext_lazy("Martin Luther King Jr. Day"),
    "Washington's Birthday": gettext_lazy("Washington's Birthday"),
    "Memorial Day": gettext_lazy("Memorial Day"),
    "Juneteenth National Independence Day": gettext_lazy("Juneteenth"),
    "Independence Day": gettext_lazy("Independence Day"),
    "Labor Day": gettext_lazy("Labor Day"),
    "Columbus Day": gettext_lazy("Columbus Day"),
    "Veterans Day": gettext_lazy("Veterans Day"),
    "Thanksgiving Day": gettext_lazy("Thanksgiving Day"),
    "Christmas Day": gettext_lazy("Christmas Day"),
}
_OBSERVED = " (observed)"


def federal_holiday(day: date) -> str | Promise:
    """The name of the federal holiday that `day` is, or on which one is observed; empty on any other day."""
    names = _of_year(day.year).get(day, "")
    # Two holidays may fall on one day: the first names it.
    name = names.split("; ", maxsplit=1)[0]
    if name.endswith(_OBSERVED):
        holiday = name.removesuffix(_OBSERVED)
        return _("%(holiday)s, observed") % {"holiday": _NAMES.get(holiday, holiday)}
    return _NAMES.get(name, name)


@cache
def _of_year(year: int) -> dict[date, str]:
    # A New Year's Day that falls on a Saturday is observed in the year before.
    found = country_holidays("US", years=[year, year + 1], language="en_US")
    return {day: name for day, name in found.items() if day.year == year}
