"""What is written of the head of a household so far, as somebody who can be compared."""

from datetime import date
from typing import Any

from cases.actions.people import PersonEntry
from journey.forms.arrivals import OTHER
from journey.forms.people import PersonForm

FEWEST_LETTERS = 5


def described(sent: Any, *, today: date) -> PersonEntry | None:
    """The head as typed on the arrival page, or None while too little is written to compare. What is wrong so far counts as empty.

    So does the nationality that the page carried over from the last household: nobody said it of this one yet.
    """
    form = PersonForm(sent, prefix="p1", position=1, today=today)
    form.is_valid()
    data = form.cleaned_data
    names = data.get("given_names", "") + data.get("surnames", "")
    if len(names) < FEWEST_LETTERS and not data.get("a_number"):
        return None
    country = sent.get("nationality", "")
    if country == sent.get("carried_nationality"):
        country = ""
    return PersonEntry(
        given_names=data.get("given_names", ""),
        surnames=data.get("surnames", ""),
        birth_date=data.get("born"),
        birth_is_estimated=bool(data.get("is_estimated")),
        sex=data.get("sex", ""),
        nationality=sent.get("nationality_other", "") if country == OTHER else country,
        a_number=data.get("a_number", ""),
        phone=sent.get("phone", "")[:25],
    )
