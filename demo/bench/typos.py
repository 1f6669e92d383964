"""Names as the next form spells them: one slip of the pen, another order, no accents, one surname."""

import unicodedata
from collections.abc import Callable
from random import Random

from cases.models import Person

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST_SLIP = 4

Misspelling = Callable[[str, str, Random], str]


def one_typo(given: str, surnames: str, rng: Random) -> str:
    """One letter of one longer word left out, changed, doubled or swapped with its neighbour."""
    words = f"{given} {surnames}".split()
    long_ones = [place for place, word in enumerate(words) if len(word) >= SHORTEST_SLIP] or [0]
    place = rng.choice(long_ones)
    words[place] = _slip(words[place], rng)
    return " ".join(words)


def other_order(given: str, surnames: str, rng: Random) -> str:
    """Surnames first, as lists have them."""
    return f"{surnames} {given}"


def no_accents(given: str, surnames: str, rng: Random) -> str:
    """In capitals without accents, as the forms north of the bridge have them."""
    name = unicodedata.normalize("NFKD", f"{given} {surnames}")
    return "".join(letter for letter in name if not unicodedata.combining(letter)).upper()


def one_surname(given: str, surnames: str, rng: Random) -> str:
    """The given names and the first surname."""
    return f"{given} {surnames.split(maxsplit=1)[0]}" if surnames else given


def typo_in_other_order(given: str, surnames: str, rng: Random) -> str:
    """Surnames first, and one slip."""
    return one_typo(surnames, given, rng)


def typo_with_one_surname(given: str, surnames: str, rng: Random) -> str:
    """The second surname left out, and one slip."""
    return one_typo(one_surname(given, surnames, rng), "", rng)


MISSPELLINGS: dict[str, Misspelling] = {
    "one typo": one_typo,
    "other order": other_order,
    "no accents": no_accents,
    "one surname": one_surname,
    "one typo, other order": typo_in_other_order,
    "one typo, one surname": typo_with_one_surname,
}


def first_name_and_birth_date(person: Person) -> str:
    """What somebody tells whose surnames nobody caught. Empty where only an age is known."""
    if person.birth_date is None or person.birth_is_estimated:
        return ""
    return f"{person.given_names.split(maxsplit=1)[0]} {person.birth_date:%d/%m/%Y}" if person.given_names else ""


REMEMBERED: dict[str, Callable[[Person], str]] = {
    "A-number": lambda person: person.a_number,
    "phone": lambda person: person.phone,
    "case code": lambda person: person.household.code,
    "first name and birth date": first_name_and_birth_date,
}


def _slip(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word)) if len(word) > 1 else 0
    kind = rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + rng.choice(LETTERS) + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
