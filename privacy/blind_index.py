"""The blind index: keyed fingerprints by which an encrypted name, number or birth date is found.

A person has one row per token. To find people, add up the weights of the tokens they share with the query in SQL, take
the best 200, decrypt those and rank them with `privacy.ranking`. Tokens are HMAC-SHA256 under the keyring's index key,
a key of its own per kind, cut to 64 bits: without the keyring nobody can tell what a token stands for, or try names.

Measured on 100,000 fictional people, `docs/adr/blind-index.md`.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from core.phones import NoPhoneNumber, to_e164
from privacy import keyring as keyrings
from privacy.names import sound_of, words_of_name

SHORTEST_PREFIX = 3
LONGEST_PREFIX = 6
ENDING = 3
NUMBER_WEIGHT = 100.0  # more than any name: whoever shares a number comes first


class Kind(IntEnum):
    """What of a person a token stands for. Names are part of the fingerprint, numbers are stored: never change one."""

    EXACT = 1
    PREFIX = 2
    ENDING = 3
    SOUND = 4
    NUMBER = 5
    DATE = 6
    YEAR = 7


class NoNumber(ValueError):
    """The text cannot be a number of that purpose. Its message does not repeat the text."""


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """One fingerprint: a signed 64-bit `value`, other for each kind; `weight` is what it counts for to share it."""

    kind: Kind
    value: int
    weight: float = field(default=1.0, compare=False)


def tokens_of_name(*parts: str) -> list[Token]:
    """The tokens of a name given in any parts and any order: each word whole, its beginnings, its ending, its sound.

    About 23 for a person with two given names and two surnames. A slip of the pen in a word leaves its beginning, its
    ending or its sound standing; the other words vouch for the rest.
    """
    return _unique(token for word in words_of_name(*parts) for token in _tokens_of_word(word))


def token_of_number(value: str, purpose: str) -> Token:
    """The token of a number, for `purpose` "a_number", "phone" or any other name ("passport").

    A number written in two ways ("A 12 345 678", "012345678") has one token. Raises NoNumber.
    """
    return Token(Kind.NUMBER, _fingerprint(Kind.NUMBER, normal_number(value, purpose), purpose), NUMBER_WEIGHT)


def tokens_of_date(value: date) -> list[Token]:
    """The tokens of a birth date: the day, and the year for those who know only that."""
    return [
        Token(Kind.DATE, _fingerprint(Kind.DATE, value.isoformat()), 4.0),
        Token(Kind.YEAR, _fingerprint(Kind.YEAR, str(value.year)), 0.5),
    ]


def tokens_of_query(text: str) -> list[Token]:
    """The tokens of what a person typed: names, an A-number, a phone, a birth date (2019-12-08, 8/12/2019, 8 de diciembre de 2019)
    or a year.

    A token that nobody bears costs nothing, so a number that could be of two kinds yields both.
    """
    rest, found = _read(text)
    return _unique([*tokens_of_name(rest), *found])


def name_in_query(text: str) -> str:
    """What is left of a query once its numbers and dates were read: the words of a name."""
    return _read(text)[0]


def _read(text: str) -> tuple[str, list[Token]]:
    found: list[Token] = []
    for pattern, read in READINGS:
        for match in pattern.finditer(text):
            found += read(match)
        text = pattern.sub(" ", text)
    return text, found


def normal_number(value: str, purpose: str) -> str:
    """One spelling of a number: A-numbers as nine digits, phones as E.164, others as capitals and digits.

    Raises NoNumber.
    """
    if purpose == "phone":
        try:
            return to_e164(value)
        except NoPhoneNumber as error:
            raise NoNumber(str(error)) from None
    bare = "".join(c for c in value.upper() if c.isalnum())
    if purpose == "a_number":
        if not A_NUMBER.fullmatch(bare):
            raise NoNumber("no A-number: eight or nine digits")
        bare = bare.removeprefix("A").zfill(9)
    if not bare:
        raise NoNumber("no number")
    return bare


A_NUMBER = re.compile(r"A?[0-9]{8,9}")
MONTHS = (
    *("ene(?:ro)?|jan(?:uary)?", "feb(?:rero|ruary)?", "mar(?:zo|ch)?", "abr(?:il)?|apr(?:il)?", "mayo?"),
    *("jun(?:io|e)?", "jul(?:io|y)?", "ago(?:sto)?|aug(?:ust)?", "sep(?:t|tiembre|tember)?|set(?:iembre)?"),
    *("oct(?:ubre|ober)?", "nov(?:iembre|ember)?", "dic(?:iembre)?|dec(?:ember)?"),
)
MONTH = "|".join(f"(?P<m{number}>{words})" for number, words in enumerate(MONTHS, start=1))
DAY = r"(?P<day>\d{1,2})(?:º|°|st|nd|rd|th)?"
WRITTEN = re.compile(rf"\b{DAY}[ .-]+(?:de +)?(?:{MONTH})[ .,-]+(?:del? +)?(?P<year>\d{{4}})\b", re.IGNORECASE)
WRITTEN_NORTH = re.compile(rf"\b(?:{MONTH})\.? +{DAY},? +(?P<year>\d{{4}})\b", re.IGNORECASE)
DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b|\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
NUMBER = re.compile(r"\+?\(?\b[aA]?[- ]?\d(?:[ ().-]{0,2}\d){7,14}\b")
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def _tokens_of_word(word: str) -> Iterator[Token]:
    yield Token(Kind.EXACT, _fingerprint(Kind.EXACT, word), 2.0)
    for length in range(SHORTEST_PREFIX, min(LONGEST_PREFIX, len(word)) + 1):
        yield Token(Kind.PREFIX, _fingerprint(Kind.PREFIX, word[:length]), length / 8)
    if len(word) > ENDING:
        yield Token(Kind.ENDING, _fingerprint(Kind.ENDING, word[-ENDING:]), 0.375)
    if sound := sound_of(word):
        yield Token(Kind.SOUND, _fingerprint(Kind.SOUND, sound), 1.0)


def _dates(match: re.Match[str]) -> Iterator[Token]:
    """A date with its year last is read both ways, for forms from north of the bridge put the month first."""
    ways = [(1, 2, 3)] if match[1] else [(6, 5, 4), (6, 4, 5)]
    for year, month, day in ways:
        with suppress(ValueError):
            yield from tokens_of_date(date(int(match[year]), int(match[month]), int(match[day])))


def _written_dates(match: re.Match[str]) -> Iterator[Token]:
    """A date whose month is a word, in Spanish or English: "5 de julio de 1999", "5 July 1999", "July 5, 1999"."""
    month = next(number for number in range(1, 13) if match[f"m{number}"])
    with suppress(ValueError):
        yield from tokens_of_date(date(int(match["year"]), month, int(match["day"])))


def _numbers(match: re.Match[str]) -> Iterator[Token]:
    for purpose in ("a_number", "phone"):
        with suppress(NoNumber):
            yield token_of_number(match[0], purpose)


def _years(match: re.Match[str]) -> Iterator[Token]:
    yield Token(Kind.YEAR, _fingerprint(Kind.YEAR, match[0]), 0.5)


READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Token]]], ...] = (
    (DATE, _dates),
    (WRITTEN, _written_dates),
    (WRITTEN_NORTH, _written_dates),
    (NUMBER, _numbers),
    (YEAR, _years),
)


def _unique(tokens: Iterable[Token]) -> list[Token]:
    return list(dict.fromkeys(tokens))


def _fingerprint(kind: Kind, text: str, purpose: str = "") -> int:
    key = keyrings.current().index_key_for(f"{kind.name.lower()}:{purpose}")
    return int.from_bytes(hmac.digest(key, text.encode(), "sha256")[:8], "big", signed=True)
