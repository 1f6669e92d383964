"""The privacy notice by language: its words stand in `templates/journey/notices/<version>/`, since they are read to people, not to staff.

A new wording is a new version and a new folder; the old one stays, because somebody agreed after hearing it. Drafts await a native
speaker, as the reminders' words do, and are marked. For every other language the Spanish is told through an interpreter.
"""

from dataclasses import dataclass

from cases.actions.consent import NOTICE_VERSION
from places import languages

FALLBACK = "spa"
DRAFT_OF = {"spa": False, "eng": False, "hat": True, "por": True, "fra": True}


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice in one language: where its words stand, and whether a speaker has signed them."""

    language: str
    is_draft: bool

    @property
    def name(self) -> str:
        """The language's own name, for those who choose on a foreign screen."""
        return languages.autonym_of(self.language)

    @property
    def tag(self) -> str:
        """For the `lang` attribute."""
        return languages.LANGUAGES[self.language].tag

    @property
    def template(self) -> str:
        """Where its words stand."""
        return f"journey/notices/{NOTICE_VERSION}/{self.language}.html"


NOTICES = tuple(Notice(code, is_draft) for code, is_draft in DRAFT_OF.items())
