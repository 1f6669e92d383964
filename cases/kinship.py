"""Who is what to whom, worked out from what is known; and which children are not with those who should take care of them.

No database, no clock. Nothing here is stored: a relation that is corrected changes what follows from it at once.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from cases.models import Kinship, Person, Relation

R = Relation

# Read: when b is the first to a, and p is the second to b, then p is the third to a. What is not here is "other relative".
_COMPOSED: Mapping[tuple[Relation, Relation], Relation] = {
    (R.PARTNER, R.CHILD): R.CHILD,
    (R.CHILD, R.SIBLING): R.CHILD,
    (R.CHILD, R.PARENT): R.PARTNER,
    (R.PARENT, R.PARTNER): R.PARENT,
    (R.PARENT, R.CHILD): R.SIBLING,
    (R.PARENT, R.PARENT): R.GRANDPARENT,
    (R.SIBLING, R.SIBLING): R.SIBLING,
    (R.SIBLING, R.PARENT): R.PARENT,
    (R.SIBLING, R.GRANDPARENT): R.GRANDPARENT,
}
_INVERSE: Mapping[Relation, Relation] = {
    R.HEAD: R.HEAD,
    R.PARTNER: R.PARTNER,
    R.CHILD: R.PARENT,
    R.PARENT: R.CHILD,
    R.SIBLING: R.SIBLING,
    R.UNRELATED: R.UNRELATED,
}
# Close enough to be worth keeping between any two people whom a parting separates.
CLOSE = frozenset({R.PARTNER, R.CHILD, R.PARENT, R.SIBLING})
TAKES_CARE = frozenset({Kinship.Kind.PARENT, Kinship.Kind.CAREGIVER})


def composed(first: Relation, second: Relation) -> Relation:
    """What somebody is to a, who is `second` to b, when b is `first` to a. HEAD stands for "the same person"."""
    if first == R.HEAD:
        return second
    if second == R.HEAD:
        return first
    if R.UNRELATED in (first, second):
        return R.UNRELATED
    return _COMPOSED.get((first, second), R.RELATIVE)


def seen_from(viewer: Relation, other: Relation) -> Relation:
    """What somebody who is `other` to the head is to somebody who is `viewer` to the head."""
    return composed(_INVERSE.get(viewer, R.RELATIVE), other)


class Flag(StrEnum):
    """What a family's make-up says about who takes care of whom."""

    CHILD_HEADED = "child_headed"
    UNACCOMPANIED = "unaccompanied"
    SEPARATED = "separated"
    SINGLE_CAREGIVER = "single_caregiver"


@dataclass(frozen=True, slots=True)
class Need:
    """A row of `data/care_flags.csv`: the code of UNHCR's specific needs, and how sure it is."""

    flag: Flag
    code: str
    certainty: str
    version: str


@cache
def needs() -> Mapping[Flag, Need]:
    """The codes by flag, from the versioned data file: they change, and are no business of the code's."""
    path = Path(__file__).resolve().parent / "data" / "care_flags.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {Flag(row["flag"]): Need(Flag(row["flag"]), row["code"], row["certainty"], row["version"]) for row in rows}


def flags_of(people: Sequence[Person], *, day: date, kin: Mapping[tuple[int, int], str] | None = None) -> list[Flag]:
    """What stands out about `people`, one household, on `day`. Someone of unknown age counts as an adult.

    `kin` maps (person, relative) keys to what the relative is to the person, where that was noted. A household of minors alone is
    unaccompanied, and child-headed where there is more than one. A minor among adults of whom none is parent or legal caregiver
    is separated where one is kin, else unaccompanied.
    """
    minors = [person for person in people if person.is_minor_on(day)]
    adults = [person for person in people if not person.is_minor_on(day)]
    if not minors:
        return []
    if not adults:
        return [Flag.CHILD_HEADED, Flag.UNACCOMPANIED] if len(minors) > 1 else [Flag.UNACCOMPANIED]
    found = {care_of(minor, adults, kin or {}) for minor in minors}
    flags: list[Flag] = [flag for flag in (Flag.UNACCOMPANIED, Flag.SEPARATED) if flag in found]
    return [*flags, Flag.SINGLE_CAREGIVER] if len(adults) == 1 else flags


def care_of(minor: Person, adults: Sequence[Person], kin: Mapping[tuple[int, int], str]) -> Flag | None:
    """Whether `minor` is without parent or legal caregiver among `adults`: separated, unaccompanied, or None."""
    if any(kin.get((minor.pk, adult.pk)) in TAKES_CARE for adult in adults):
        return None
    seen = {seen_from(Relation(minor.relation), Relation(adult.relation)) for adult in adults}
    if R.PARENT in seen:
        return None
    is_among_kin = seen != {R.UNRELATED} or any((minor.pk, adult.pk) in kin for adult in adults)
    return Flag.SEPARATED if is_among_kin else Flag.UNACCOMPANIED
