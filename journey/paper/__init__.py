"""What is printed: set by typst from JSON, never from source that data formats; its font is ours, the same on every machine."""

import json
from enum import StrEnum
from pathlib import Path

import typst

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "cards" / "fonts"


class Paper(StrEnum):
    """The paper of the printer. Mexico prints on letter."""

    LETTER = "us-letter"
    A4 = "a4"


def paper_asked(text: str) -> Paper | None:
    """The paper that an address asks for, letter unless told; None for one that no printer takes."""
    try:
        return Paper(text or Paper.LETTER)
    except ValueError:
        return None


def set_in_type(form: Path, given: dict[str, object]) -> bytes:
    """The typst `form` as PDF with what is `given`; it reads nothing but files beside it."""
    return bytes(
        typst.compile(
            str(form),
            root=str(form.parent),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"given": json.dumps(given)},
        )
    )
