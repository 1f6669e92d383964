"""What a cell says. No clock, no database.

A reader takes a cell and returns a plain value, None (or "") for an empty one, or raises Unreadable.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import override

from cases.models import PhoneOwner, Relation, Sex
from cases.rules import birth_from_age, normal_a_number
from core.phones import NoPhoneNumber, to_e164
from core.spreadsheets import unguarded
from core.typed_times import NoTime, typed_time
from places import languages, nationalities
from places.rules import folded
from sheets.mistakes import Unreadable
from sheets.reading import Cell
from sheets.words import (
    AGE_UNITS,
    DEMONYMS,
    MONTHS,
    NOTHING,
    PARTICLES,
    PHONE_OWNER_WORDS,
    RELATION_WORDS,
    SEX_WORDS,
)


def text_of(cell: Cell, *, longest: int = 200) -> str:
    """A cell as text on one line, numbers without a trailing .0. Raises Unreadable."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bool | int | float):
        return _plain_number(cell)
    text = " ".join(unguarded(cell.strip()).split())  # our own files are guarded
    if EXCEL_ERROR.fullmatch(text):
        raise Unreadable("error")
    if len(text) > longest:
        raise Unreadable("too_long")
    return text


def name_of(cell: Cell) -> str:
    """A name, as written; HTML in it is text like any other. Raises Unreadable for a formula."""
    text = text_of(cell, longest=120)
    if text.startswith(("=", "@", "+", "-")) and not text.strip("=@+-").isalpha() and re.search(r"[(!]|\d", text):
        raise Unreadable("formula")
    return "" if _is_nothing(text) and text.isascii() else text


def date_of(cell: Cell) -> date | None:
    """A day: a date cell, an Excel serial, 05/03/1990, 1990-03-05, "5 de marzo de 1990", 05031990. Day first. Raises Unreadable."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool | time):
        raise Unreadable("no_date")
    if isinstance(cell, int | float):
        return _day_of_number(cell)
    text = text_of(cell)
    return None if _is_nothing(text) else _day_of_text(text)


def birth_of(cell: Cell, *, today: date) -> tuple[date | None, bool]:
    """The birth date that a date or an age tells, and whether it was estimated from an age. Raises Unreadable."""
    age = _age(cell)
    if age is not None:
        return birth_from_age(age, today), True
    try:
        born = date_of(cell)
    except Unreadable as mistake:
        is_date = isinstance(cell, str) and re.search(r"\d[/.\-]\d", cell)
        raise Unreadable("no_age" if mistake.code == "no_date" and not is_date else mistake.code) from None
    if born is None:
        return None, False
    if born > today:
        raise Unreadable("future")
    if born < today - timedelta(days=366 * 121):
        raise Unreadable("too_long_ago")
    return born, False


def time_of(cell: Cell) -> time | None:
    """A wall time: a time cell, the part of a day that Excel keeps (0.1875), 04:30, 4:30 a. m., 0430. Raises Unreadable."""
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = text_of(cell)
    if _is_nothing(text):
        return None
    try:
        return typed_time(text)
    except NoTime:
        raise Unreadable("no_time") from None


def number_of(cell: Cell, *, least: int = 0, most: int = 10_000) -> int | None:
    """A whole number from `least` to `most`. Raises Unreadable."""
    text = text_of(cell)
    if _is_nothing(text):
        return None
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        raise Unreadable("number")
    if not least <= int(text) <= most:
        raise Unreadable("number_range")
    return int(text)


def a_number_of(cell: Cell) -> str:
    """Nine digits; an eight-digit one gets back the zero that Excel took. Empty for none, or "none yet". Raises Unreadable."""
    text = _digits_as_written(cell)
    if _is_nothing(text):
        return ""
    try:
        return normal_a_number(text)
    except ValueError:
        raise Unreadable("a_number") from None


def phone_of(cell: Cell) -> str:
    """E.164, also where Excel took the plus or made it a number. Empty for none. Raises Unreadable."""
    text = _digits_as_written(cell)
    if _is_nothing(text):
        return ""
    digits = "".join(letter for letter in text if letter.isdecimal())
    for way in (text, f"+{digits}") if len(digits) > 10 else (text,):
        try:
            return to_e164(way)
        except NoPhoneNumber:
            continue
    raise Unreadable("phone")


def lone_letters(cells: Collection[Cell]) -> frozenset[str]:
    """The one-letter entries of a column: what "M" means rests on whether "H" or "F" stands beside it."""
    return frozenset(folded(cell) for cell in cells if isinstance(cell, str) and len(folded(cell)) == 1)


def sex_of(cell: Cell, *, letters: Collection[str] = frozenset()) -> str:
    """ "F", "M" or "X", or empty. `letters` are those of the whole column (`lone_letters`). Raises Unreadable."""
    word = folded(text_of(cell))
    if word in NOTHING:
        return ""
    if word == "m":
        if ("h" in letters) == ("f" in letters):
            raise Unreadable("sex_m")
        return Sex.FEMALE if "h" in letters else Sex.MALE
    return _found(word, SEX_WORDS, "sex")


def nationality_of(cell: Cell) -> str:
    """ISO 3166-1 alpha-2, from that, from alpha-3, from a country's name or its people's in Spanish or English. Raises Unreadable."""
    text = text_of(cell)
    word = folded(text)
    if word in NOTHING and text != "NA":
        return ""
    code = _countries().get(word) or _demonym(word)
    if code is None:
        raise Unreadable("nationality_eoir_only" if word.upper() in nationalities.eoir_codes() else "nationality")
    return code


def eoir_nationality_of(cell: Cell) -> str:
    """ISO 3166-1 alpha-2 of a nationality code of the US immigration courts: `ES` is El Salvador. Raises Unreadable."""
    text = text_of(cell)
    if not text:
        return ""
    try:
        code = nationalities.from_eoir(text)
    except nationalities.UnknownNationality:
        raise Unreadable("eoir") from None
    if code is None:
        raise Unreadable("eoir_no_country")
    return code


def language_of(cell: Cell) -> str:
    """ISO 639-3, from that, from the tag, from the language's own, Spanish or English name. Raises Unreadable."""
    return _found(folded(text_of(cell)), _languages(), "language")


def relation_of(cell: Cell) -> str:
    """A Relation to the head of household, or empty. Raises Unreadable."""
    return _found(folded(text_of(cell)), _relations(), "relation")


def phone_owner_of(cell: Cell) -> str:
    """A PhoneOwner, or empty. Raises Unreadable."""
    return _found(folded(text_of(cell)), _phone_owners(), "phone_owner")


def parted_name(whole: str) -> tuple[str, str]:
    """Given names and surnames of a name in one cell: "MUÑOZ CRUZ, José Ángel", else the last two words are surnames.

    A particle stays with the word after it ("de la Cruz"); somebody with two words has one of each.
    """
    if "," in whole:
        surnames, _comma, given = whole.partition(",")
        return given.strip(), surnames.strip()
    parts = _with_particles(whole.split())
    surnames_from = max(len(parts) - 2, 1)
    return " ".join(parts[:surnames_from]), " ".join(parts[surnames_from:])


EXCEL_ERROR = re.compile(
    r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|¡REF|¿NOMBRE|¡VALOR|¡DIV/0|¡NUM|N/D|SPILL|CALC)[!?]?", re.I
)
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.I)
DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[/.\- ](\d{1,2})[/.\- ](\d{1,2})")
DAY_WORD_YEAR = re.compile(r"(\d{1,2}) (?:de |of )?([a-z]+) (?:de |del |of )?(\d{4}|\d{2})")
WORD_DAY_YEAR = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)? (\d{4})")
AGE = re.compile(r"(\d{1,3}) ?([a-z]*)(?: old)?")
LONGEST_NOTHING = max(map(len, NOTHING)) + 2
FIRST_SERIAL, LAST_SERIAL = 121, 73_050  # below are ages, above is the year 2100
EXCEL_EPOCH = date(1899, 12, 30)


def _is_nothing(text: str) -> bool:
    """Whether people wrote that there is nothing to write."""
    return len(text) <= LONGEST_NOTHING and not any(map(str.isdigit, text)) and folded(text) in NOTHING


def _plain_number(number: float) -> str:
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e16:
        return str(int(number))
    return str(number)


def _digits_as_written(cell: Cell) -> str:
    if isinstance(cell, float) and not cell.is_integer():
        raise Unreadable("rounded")
    text = text_of(cell)
    if SCIENTIFIC.fullmatch(text):
        raise Unreadable("rounded")
    return re.sub(r"\.0$", "", text)


def _day_of_number(number: float) -> date:
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return EXCEL_EPOCH + timedelta(days=int(number))
    return _day_of_text(f"{int(number):08d}") if 1_011_000 <= number <= 99_999_999 else _no_date()


def _day_of_text(text: str) -> date:
    """The day that a text tells; a time after it is left out."""
    bare = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text.strip())
    if re.fullmatch(r"\d{8}", bare):
        year_last = int(bare[4:]) > 1231
        return _day(bare[4:], bare[2:4], bare[:2]) if year_last else _day(bare[:4], bare[4:6], bare[6:])
    if re.fullmatch(r"\d{5}(?:\.\d+)?", bare):
        return _day_of_number(float(bare))
    for pattern, (year, month, day) in DATE_ORDERS:
        if match := pattern.fullmatch(bare) or pattern.fullmatch(folded(bare)):
            return _day(match[year], match[month], match[day])
    return _no_date()


DATE_ORDERS = (
    (DAY_FIRST, (3, 2, 1)),
    (YEAR_FIRST, (1, 2, 3)),
    (DAY_WORD_YEAR, (3, 2, 1)),
    (WORD_DAY_YEAR, (3, 1, 2)),
)


def _day(year: str, month: str, day: str) -> date:
    number = int(month) if month.isdecimal() else MONTHS.get(month[:3], 0)
    if 12 < number <= 31 and int(day) <= 12:
        raise Unreadable("month_first")
    try:
        return date(int(year) if len(year) == 4 else _whole_year(int(year)), number, int(day))
    except ValueError:
        return _no_date()


def _whole_year(two_digits: int) -> int:
    """1990 for 90, 2019 for 19: no one reads a sheet of the future."""
    return 2000 + two_digits if two_digits < 50 else 1900 + two_digits


def _no_date() -> date:
    raise Unreadable("no_date")


def _age(cell: Cell) -> int | None:
    """The age that a cell tells, in whole years; None where it tells none."""
    if cell is None or isinstance(cell, bool | datetime | date | time):
        return None
    if isinstance(cell, int | float):
        return int(cell) if 0 <= cell < FIRST_SERIAL else None
    match = AGE.fullmatch(folded(text_of(cell)))
    if not match or match[2] not in AGE_UNITS:
        return None
    years = int(match[1]) // AGE_UNITS[match[2]]
    return years if years < FIRST_SERIAL else None


def _found(word: str, words: Mapping[str, str], mistake: str) -> str:
    if not word:
        return ""
    if word not in words:
        raise Unreadable(mistake)
    return str(words[word])


def _demonym(word: str) -> str | None:
    return next((code for stem, code in DEMONYMS.items() if word.startswith(stem) and len(word) <= len(stem) + 4), None)


def _with_particles(words: list[str]) -> list[str]:
    """The words with particles joined to what follows: de la Cruz is one."""
    parts: list[str] = []
    waiting: list[str] = []
    for word in words:
        waiting.append(word)
        if word.casefold().rstrip(".") not in PARTICLES or len(words) == 1:
            parts.append(" ".join(waiting))
            waiting = []
    return [*parts, *([" ".join(waiting)] if waiting else [])]


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "es"):
        for code, name in nationalities.choices(language):
            found[folded(name)] = code
            found[folded(name.partition(",")[0])] = found.get(folded(name.partition(",")[0]), code)
    for code, alpha3 in nationalities.alpha3_codes().items():
        found[alpha3.casefold()] = code
        found[code.casefold()] = code
    return found


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in languages.LANGUAGES.values():
        words = {language.code, language.tag, language.autonym, *_in_both(language.name)}
        found.update({folded(word): language.code for word in words})
    return found


@cache
def _relations() -> dict[str, str]:
    return {**_labels(Relation.choices), **RELATION_WORDS}


@cache
def _phone_owners() -> dict[str, str]:
    return {**_labels(PhoneOwner.choices), **PHONE_OWNER_WORDS}


def _labels(choices: Collection[tuple[str, str | Promise]]) -> dict[str, str]:
    return {folded(word): code for code, label in choices for word in (code, *_in_both(label))}


def _in_both(words: str | Promise) -> set[str]:
    """The words in Spanish and in English."""
    found = set()
    for language in ("es", "en"):
        with override(language):
            found.add(str(words))
    return found
