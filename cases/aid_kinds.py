"""What is given at reception: a data file, so that another kind of aid is a line and no release.

A code that is no longer in the file keeps its rows readable: it is its own name.
"""

from dataclasses import dataclass
from functools import cache

from cases.kinds import in_reader_language, lines_of


@dataclass(frozen=True, slots=True)
class AidKind:
    """A kind of aid: its icon, its names, and whether it is given in a language."""

    code: str
    icon: str
    name_es: str
    name_en: str
    in_language: bool = False

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_es, self.name_en)


@cache
def aid_kinds() -> dict[str, AidKind]:
    """All kinds by code, in the order of the file."""
    return {
        line["code"]: AidKind(
            line["code"], line["icon"], line["name_es"], line["name_en"], line["in_language"] == "yes"
        )
        for line in lines_of("aid_kinds.csv")
    }


def aid_kind(code: str) -> AidKind:
    """The kind that `code` names."""
    return aid_kinds().get(code) or AidKind(code, "heart-handshake", code, code)
