"""Countries: ISO 3166-1 alpha-2 inside, EOIR's own codes translated at the door.

Names come from pycountry, which carries Debian's iso-codes, in Spanish and English; nothing is typed by hand. EOIR's
codes look like ISO and are not: `ES` is El Salvador, `NI` Nigeria (`data/eoir_nationality_vs_iso3166.csv`).
"""

import gettext
from functools import cache

import pycountry
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from places.rules import folded
from places.sources import lines

# By returns of fiscal years 2019 to 2022 (OHSS; Nicaragua is most of its "other" of 2022): offered first in forms.
FREQUENT = ("HN", "GT", "CU", "SV", "NI", "EC", "VE", "CO", "PE")

# EOIR code -> alpha-2, where EOIR's name is not one that ISO 3166 knows: old names, short names, misspellings.
EXCEPTIONS = {
    "BI": "BA",
    "BM": "MM",
    "BS": "BY",
    "BX": "BN",
    "CB": "KH",
    "CG": "CD",  # Zaire
    "CK": "CC",
    "CN": "KM",
    "CV": "CV",
    "DC": "CD",
    "DM": "BJ",  # People's Republic of Benin
    "FA": "FK",
    "FO": "FO",
    "FS": "TF",
    "GC": "DE",  # East Germany: its citizens are Germany's
    "GZ": "PS",
    "HL": "NL",
    "HM": "HM",
    "IV": "CI",
    "KG": "KG",
    "KT": "CX",
    "MC": "MO",
    "MD": "MD",
    "MM": "MK",
    "MQ": "UM",  # Midway Islands
    "PC": "PN",
    "PN": "PS",
    "PS": "PW",
    "RE": "RE",
    "RM": "MH",
    "RU": "RU",
    "SB": "PM",
    "SC": "KN",
    "SH": "SH",
    "SK": "KN",
    "ST": "LC",
    "TA": "TJ",
    "TM": "TL",
    "TU": "TR",
    "UV": "BF",
    "UZ": "UZ",
    "VC": "VC",
    "WZ": "SZ",
}

# EOIR codes that name no one country of today: unknown, stateless, several islands at once, or states that fell apart.
UNMAPPED = frozenset(["??", "BW", "CZ", "FW", "IU", "KV", "NA", "NN", "SS", "UN", "UR", "XX", "YO", "YS"])


class UnknownNationality(DomainError):
    """A code that neither ISO 3166-1 nor EOIR's list holds."""

    code = "unknown_nationality"
    message = _("This nationality code is not known.")
    http_status = 422


def is_known(alpha2: str) -> bool:
    """Whether ISO 3166-1 has the alpha-2 code."""
    return alpha2 in _names("en")


def name_of(alpha2: str, language: str | None = None) -> str:
    """The country's name in `language` (`es`, `en`; None: the reader's). Raises UnknownNationality."""
    try:
        return _names(_short(language))[alpha2]
    except KeyError:
        raise UnknownNationality() from None


def choices(language: str | None = None) -> list[tuple[str, str]]:
    """All countries as (alpha-2, name): the frequent ones first, then the rest by name."""
    names = _names(_short(language))
    rest = sorted((code for code in names if code not in FREQUENT), key=lambda code: folded(names[code]))
    return [(code, names[code]) for code in (*FREQUENT, *rest)]


def alpha3_codes() -> dict[str, str]:
    """The alpha-3 code of each alpha-2 code of ISO 3166-1."""
    return {country.alpha_2: country.alpha_3 for country in pycountry.countries}


def from_eoir(code: str) -> str | None:
    """The alpha-2 code of an EOIR nationality code; None where EOIR's names no one country of today.

    Raises UnknownNationality for a code that EOIR does not have.
    """
    try:
        return _eoir()[code.strip().upper()]
    except KeyError:
        raise UnknownNationality() from None


def to_eoir(alpha2: str) -> str:
    """EOIR's own code for a country of ISO 3166, which its line asks for; empty where it has none."""
    return _to_eoir().get(alpha2, "")


def eoir_codes() -> dict[str, str]:
    """EOIR's codes with EOIR's names. "NaN" in the file is `NA` as a program misread it."""
    return {
        "NA" if line["eoir_code"] == "NaN" else line["eoir_code"]: line["eoir_name"]
        for line in lines("eoir_nationality_vs_iso3166.csv")
    }


@cache
def _eoir() -> dict[str, str | None]:
    by_name = {
        folded(spelling): country.alpha_2
        for country in pycountry.countries
        for attribute in ("official_name", "common_name", "name")
        for spelling in _spellings(getattr(country, attribute, ""))
    }
    return {
        code: None if code in UNMAPPED else EXCEPTIONS.get(code) or by_name[folded(name)]
        for code, name in eoir_codes().items()
    }


def _spellings(name: str) -> tuple[str, str]:
    """A name as it stands and turned round at its comma: "Tanzania, United Republic of"."""
    return name, " ".join(reversed(name.split(", ", 1)))


@cache
def _to_eoir() -> dict[str, str]:
    """By country: where EOIR has several codes, the one that goes by the country's present name."""
    by_age = sorted(_eoir().items(), key=lambda pair: pair[0] not in EXCEPTIONS)
    return {alpha2: code for code, alpha2 in by_age if alpha2 is not None}


@cache
def _names(language: str) -> dict[str, str]:
    translation = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
    return {
        country.alpha_2: translation.gettext(getattr(country, "common_name", country.name))
        for country in pycountry.countries
    }


def _short(language: str | None) -> str:
    return (language or get_language() or "en").partition("-")[0]
