"""What leaves as CSV is opened by spreadsheets, which work out any cell that looks like a formula."""

import re

# What begins a formula (OWASP, CSV injection), also as an East Asian keyboard writes it. A spreadsheet that parts columns at
# semicolons finds a cell of its own behind each that a text holds, and behind each new line.
SIGNS = "=+@\t\r\n＝＋－＠-"
CELL = r"(^|[;\r\n]\s*\"?)"
FORMULA = re.compile(rf"{CELL}(?=[{SIGNS}])")
GUARDED = re.compile(rf"{CELL}'(?=[{SIGNS}])")


def guarded(text: str) -> str:
    """`text` as no spreadsheet works it out: what it would take for a formula begins with an apostrophe."""
    return FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """`text` as it was before it was guarded."""
    return GUARDED.sub(r"\1", text)
