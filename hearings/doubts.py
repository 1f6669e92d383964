"""What to look at twice about a hearing, in words: asked before saving, and shown as long as it is so."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.look.parts import Text
from hearings.rules import Doubt
from places.federal_holidays import federal_holiday

_WORDS: dict[Doubt, Text] = {
    Doubt.WEEKEND: gettext_lazy("The hearing is on a weekend, when courts do not sit."),
    Doubt.PAST: gettext_lazy("The hearing is over by its date and time."),
    Doubt.LONG_GAP: gettext_lazy("They would stand at the bridge more than a day before the hearing."),
    Doubt.AT_ONCE: gettext_lazy("They would stand at the bridge at the very time of the hearing."),
    Doubt.TWICE: gettext_lazy("The clocks show this hour twice that night. The earlier one is taken."),
}


def doubts_in_words(doubts: Iterable[Doubt], *, court_on: date) -> list[Text]:
    """Each of `doubts` as a sentence."""
    return [_holiday(court_on) if doubt is Doubt.HOLIDAY else _WORDS[doubt] for doubt in doubts]


def _holiday(day: date) -> str:
    return _("US federal holiday (%(name)s), when courts do not sit.") % {"name": federal_holiday(day)}
