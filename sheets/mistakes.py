"""What can be wrong with a sheet, in words that a clerk understands.

The words never repeat a cell: they are kept and shown to people who may not see it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.actions.people import BadANumber, BadPhone

MISTAKES: dict[str, str | Promise] = {
    "error": _("Excel shows an error here (#REF!, #N/A …). Write the value."),
    "formula": _("This is a formula, not a value. Write what it should say."),
    "too_long": _("This text is too long."),
    "no_date": _("This is no date. Write day/month/year, for example 05/03/1990."),
    "month_first": _("There is no such month. Write the day first: day/month/year."),
    "future": _("This day is still to come."),
    "too_long_ago": _("This is more than 120 years ago. Check the year."),
    "no_age": _("Write an age in years, or a birth date as day/month/year."),
    "no_time": _("Write the time like 13:30 or like 1:30 pm."),
    "a_number": BadANumber.message,
    "rounded": _("Excel shortened this number. Make the column text and write it again, with all its digits."),
    "phone": BadPhone.message,
    "sex": _("Write “Mujer”, “Hombre” or “Otro”."),
    "sex_m": _("“M” alone can mean woman (mujer) or man (male). Write “Mujer” or “Hombre”."),
    "nationality": _("This country is not known. Write its name, or its ISO code of two or three letters."),
    "nationality_eoir_only": _(
        "This is a code of the US courts (EOIR), not ISO. Write the country, or name the column “EOIR”."
    ),
    "eoir": _("The US courts (EOIR) have no such nationality code."),
    "eoir_no_country": _("This EOIR code names no one country of today. Write the country in a column “Nacionalidad”."),
    "language": _("This language is not on the list. See the sheet of codes in the template."),
    "relation": _(
        "This relation is not on the list: head, partner, son or daughter, mother or father, brother or sister …"
    ),
    "phone_owner": _("Write whose phone it is: own, shared or somebody else's."),
    "number": _("Write a whole number."),
    "number_range": _("This number cannot be right."),
    "email": _("This e-mail address cannot be right."),
    "crossing": _("This crossing is not known in this city. See the sheet of codes in the template."),
    "no_name": _("This row has neither given names nor surnames."),
    "two_heads": _("This family has a head already. Only one person can be the head."),
    "a_number_twice": _("Somebody else on this sheet has the same A-number."),
    "too_many": _("This family has more than 40 people. Check the column that says who belongs together."),
    "family_twice": _("The same family stands further up on this sheet."),
}


class Unreadable(ValueError):
    """A cell that does not say what its column should hold. `code` is a key of MISTAKES; nothing of the cell is kept."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def words(self) -> str:
        """What is wrong, in the reader's language."""
        return str(MISTAKES[self.code])


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one cell: the row's number, the column's letters (empty for the row as a whole) and heading, a code."""

    row: int
    column: str
    heading: str
    code: str

    @property
    def words(self) -> str:
        """What is wrong, in the reader's language."""
        return str(MISTAKES[self.code])
