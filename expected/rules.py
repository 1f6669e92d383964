"""How sure one can be that those who came are those who were announced; no database, no clock.

A list from across the bridge spells names its own way, swaps surnames and writes ages for birth dates. So: an A-number settles it,
else every name must answer and a birth date must agree for the machine to be sure; what is merely likely is offered to a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from django.db import models
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import Levenshtein

from privacy.ranking import Ranking

LIKELY = 72.0
NAME_IS_THE_SAME = 92.0
MOST_OFFERS = 3
NAME_WEIGHT = 0.75
DATE_WEIGHT = 0.25
YEARS_AGO = 2  # how far an age that somebody told may be off
SLIPS = 2  # how many digits of an A-number a tired hand gets wrong
FAMILY_GREW = {0: 1.0, 1: 0.95}
FAMILY_IS_ANOTHER_SIZE = 0.85
OTHER_NUMBER = 0.8


class Reason(models.TextChoices):
    """What a pairing rests on."""

    A_NUMBER = "a_number", _("same A-number")
    NAME_DATE = "name_date", _("same names and birth date")
    LIKENESS = "likeness", _("names and ages are alike")
    OPENED = "opened", _("logged from the list")
    TOLD = "told", _("somebody at reception said so")


@dataclass(frozen=True, kw_only=True)
class Face:
    """What is known of somebody, on the list or at the bridge. `is_estimated` speaks of the birth date."""

    name: str
    a_number: str = ""
    born: date | None = None
    is_estimated: bool = False

    @cached_property
    def ranking(self) -> Ranking:
        """Compares this name with others; it keeps each word it has met, and the same few surnames come all day."""
        return Ranking(self.name)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two families are, from 0 to 100, and whether the machine may settle it."""

    score: float
    reason: Reason
    is_sure: bool


def likeness(announced: Sequence[Face], came: Sequence[Face], *, size: int | None = None) -> Likeness:
    """How alike the family `announced` and the one that `came` are; each has at least one person.

    `size` is how many are announced, where the list does not name them all.
    """
    announced_size = size or len(announced)
    if _numbers(announced) & _numbers(came):
        return Likeness(100.0, Reason.A_NUMBER, is_sure=True)
    pairs = _best_pairs(announced, came)
    score = sum(pair.score for pair in pairs) / len(pairs)
    score *= FAMILY_GREW.get(abs(announced_size - len(came)), FAMILY_IS_ANOTHER_SIZE)
    if any(pair.has_other_number for pair in pairs):
        score *= OTHER_NUMBER
    is_sure = (
        announced_size == len(came)
        and all(pair.name >= NAME_IS_THE_SAME and pair.date > 0 for pair in pairs)
        and any(pair.date == 1 for pair in pairs)
        and not any(pair.numbers_differ for pair in pairs)
    )
    return Likeness(score, Reason.NAME_DATE if is_sure else Reason.LIKENESS, is_sure=is_sure)


def settled(found: Mapping[int, Likeness]) -> int | None:
    """The key of the one that the machine may settle among those `found`; None where nobody is sure, or two are."""
    sure = [key for key, each in found.items() if each.is_sure]
    numbered = [key for key in sure if found[key].reason == Reason.A_NUMBER]
    if len(numbered) == 1:
        return numbered[0]
    return sure[0] if len(sure) == 1 else None


def worth_asking(found: Mapping[int, Likeness]) -> list[int]:
    """The keys of those likely enough to be offered to a person, the likest first."""
    likely = (key for key in sorted(found, key=lambda key: -found[key].score) if found[key].score >= LIKELY)
    return list(islice(likely, MOST_OFFERS))


@dataclass(frozen=True, slots=True)
class _Pair:
    name: float
    date: float
    numbers_differ: bool
    has_other_number: bool

    @property
    def score(self) -> float:
        return self.name * NAME_WEIGHT + self.date * 100 * DATE_WEIGHT


def _numbers(faces: Iterable[Face]) -> set[str]:
    return {face.a_number for face in faces if face.a_number}


def _best_pairs(announced: Sequence[Face], came: Sequence[Face]) -> list[_Pair]:
    """Everybody of the smaller family with their likest partner of the other, each partner once."""
    every = sorted(
        (
            (pair, first, second)
            for first, face in enumerate(announced)
            for second, pair in enumerate(_pairs(face, came))
        ),
        key=lambda row: -row[0].score,
    )
    found: list[_Pair] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    for pair, first, second in every:
        if first not in taken[0] and second not in taken[1]:
            found.append(pair)
            taken[0].add(first)
            taken[1].add(second)
    return found


def _pairs(face: Face, came: Sequence[Face]) -> list[_Pair]:
    return [_pair(face, other, face.ranking.score(other.name)) for other in came]


def _pair(face: Face, other: Face, name: float) -> _Pair:
    differ = bool(face.a_number and other.a_number and face.a_number != other.a_number)
    is_another = differ and Levenshtein.distance(face.a_number, other.a_number) > SLIPS
    return _Pair(name, _dates_agree(face, other), differ, is_another)


def _dates_agree(face: Face, other: Face) -> float:
    """1 for the same birth date, less for what may be the same, 0 for what cannot be."""
    if face.born is None or other.born is None:
        return 0.6
    if face.is_estimated or other.is_estimated:
        return 0.8 if abs(face.born.year - other.born.year) <= YEARS_AGO else 0.0
    if face.born == other.born:
        return 1.0
    is_swapped = (face.born.year, face.born.month, face.born.day) == (other.born.year, other.born.day, other.born.month)
    return 0.8 if is_swapped else 0.0
