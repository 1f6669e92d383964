"""Whether every catalogue is complete and its compiled form says the same: a fresh machine has no msgfmt."""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def faults(source: Path) -> list[str]:
    """What is wrong with one catalogue, in words."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        return [f"{source} has never been compiled"]
    entries = [entry for entry in polib.pofile(str(source)) if not entry.obsolete]
    untranslated = [f"{source}: no translation of {entry.msgid!r}" for entry in entries if not entry.translated()]
    known = {(entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in polib.mofile(str(compiled))}
    stale = [
        f"{compiled}: compiled before {entry.msgid!r} was changed"
        for entry in entries
        if entry.translated() and known.get((entry.msgctxt, entry.msgid)) != (entry.msgstr, entry.msgstr_plural)
    ]
    return untranslated + stale


if __name__ == "__main__":
    found = [fault for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")) for fault in faults(source)]
    sys.exit("\n".join(found) if found else 0)
