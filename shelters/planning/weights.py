"""What each reason for or against a place weighs: a data file, explained in docs/adr/placing.md.

Points are per person; a household of five who would sleep far away weigh five times as much as one person.
"""

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "placing_weights.csv"

# From this part of its places on, each further guest of a shelter costs `crowded`.
COMFORTABLE = 0.9


@cache
def weights() -> dict[str, int]:
    """Points by code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {line["code"]: int(line["points"]) for line in csv.DictReader(file)}


def weight(code: str) -> int:
    """The points of `code`."""
    return weights()[code]
