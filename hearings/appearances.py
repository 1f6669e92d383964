"""Forms by which a lawyer or accredited representative appears: a data file, so that a new form is a line and no release.

A code that is no longer in the file keeps its rows readable: it is its own name.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cases.kinds import in_reader_language
from places.sources import lines

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class FormOfAppearance:
    """A form, before whom it is filed, and which edition of it this line was written for."""

    code: str
    before_es: str
    before_en: str
    version: str = ""

    @property
    def before(self) -> str:
        """Before whom, in the reader's language."""
        return in_reader_language(self.before_es, self.before_en)

    @property
    def label(self) -> str:
        """The code with before whom, for those who choose."""
        return f"{self.code}, {self.before}" if self.before else self.code


@cache
def appearances() -> dict[str, FormOfAppearance]:
    """All forms by code, in the order of the file."""
    return {
        line["code"]: FormOfAppearance(line["code"], line["before_es"], line["before_en"], line["version"])
        for line in lines("appearances.csv", DATA)
    }


def form_of_appearance(code: str) -> FormOfAppearance:
    """The form that `code` names."""
    return appearances().get(code) or FormOfAppearance(code, "", "")
