"""What a household may need of the place where it sleeps: a data file, so that another need is a line and no release.

A code that is no longer in the file keeps its rows readable: it is its own name.
"""

from dataclasses import dataclass
from functools import cache

from cases.kinds import in_reader_language, lines_of

# Those that rules of placing know by their code (`shelters.rules`); a test holds that the file has them.
RAMP = "ramp"
PET = "pet"
LGBTQ_SAFE = "lgbtq_safe"


@dataclass(frozen=True, slots=True)
class NeedKind:
    """A need: its icon, its names, and whether whoever has it should not wait long for a place."""

    code: str
    icon: str
    name_es: str
    name_en: str
    is_urgent: bool = False

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self.name_es, self.name_en)


@cache
def need_kinds() -> dict[str, NeedKind]:
    """All kinds by code, in the order of the file."""
    return {
        line["code"]: NeedKind(line["code"], line["icon"], line["name_es"], line["name_en"], line["is_urgent"] == "yes")
        for line in lines_of("needs.csv")
    }


def need_kind(code: str) -> NeedKind:
    """The kind that `code` names."""
    return need_kinds().get(code) or NeedKind(code, "info-circle", code, code)
