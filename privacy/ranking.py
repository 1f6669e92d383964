"""How well decrypted names answer a query, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from rapidfuzz import fuzz

from privacy.names import sound_of, words_of_name

T = TypeVar("T")

SOUNDS_ALIKE = 95.0
BEGINS_ALIKE = 90.0
WORTH_HEARING = 50.0


def score(query: str, name: str) -> float:
    """Likeness of `name` to `query` from 0 to 100, whatever the order of the words; 100 is the same name."""
    return Ranking(query).score(name)


def ranked(query: str, candidates: Iterable[tuple[T, str]]) -> list[tuple[float, T]]:
    """The candidates (anything, with its name) with their scores, the likest first; equals keep their order."""
    ranking = Ranking(query)
    return sorted(((ranking.score(name), candidate) for candidate, name in candidates), key=lambda pair: -pair[0])


class Ranking:
    """Scores many names against one query; words that come again (there are many García) are compared once.

    Each word counts by its best partner on the other side. That the query is answered weighs four times as much as that
    the name is used up: who typed one surname of two finds the person, after those who bear just that one.
    """

    def __init__(self, query: str) -> None:
        self.asked = words_of_name(query)
        self._sounds = [sound_of(word) for word in self.asked]
        self._compared: dict[str, list[float]] = {}

    def score(self, name: str) -> float:
        """From 0 to 100."""
        borne = words_of_name(name)
        if not self.asked or not borne:
            return 0.0
        columns = [self._likenesses(word) for word in borne]
        answered = sum(max(column[i] for column in columns) for i in range(len(self.asked))) / len(self.asked)
        used_up = sum(max(column) for column in columns) / len(borne)
        return answered * 0.8 + used_up * 0.2

    def _likenesses(self, word: str) -> list[float]:
        """Of a borne word to each asked one."""
        found = self._compared.get(word)
        if found is None:
            found = self._compared[word] = [self._likeness(i, word) for i in range(len(self.asked))]
        return found

    def _likeness(self, i: int, word: str) -> float:
        asked = self.asked[i]
        alike = fuzz.ratio(asked, word)
        if WORTH_HEARING <= alike < SOUNDS_ALIKE and self._sounds[i] and self._sounds[i] == sound_of(word):
            return SOUNDS_ALIKE
        if alike < BEGINS_ALIKE and len(asked) >= 3 and word.startswith(asked):
            return BEGINS_ALIKE
        return alike
