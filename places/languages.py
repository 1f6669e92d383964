"""The languages that returnees speak or sign: ISO 639-3, with the name that their speakers use.

Codes from EOIR's pending cases (TRAC, January 2021) and later cohorts. Chalchiteko has no code of its own that we could
verify.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its code, its own name, the name in the reader's language, its BCP 47 tag for `lang` attributes."""

    code: str
    autonym: str
    name: str | Promise
    tag: str
    is_signed: bool = False


_ALL = (
    Language("spa", "español", pgettext_lazy("language", "Spanish"), "es"),
    Language("hat", "kreyòl ayisyen", pgettext_lazy("language", "Haitian Creole"), "ht"),
    Language("por", "português", pgettext_lazy("language", "Portuguese"), "pt"),
    Language("eng", "English", pgettext_lazy("language", "English"), "en"),
    Language("fra", "français", pgettext_lazy("language", "French"), "fr"),
    Language("rus", "русский", pgettext_lazy("language", "Russian"), "ru"),
    Language("mam", "Mam", pgettext_lazy("language", "Mam"), "mam"),
    Language("quc", "K'iche'", pgettext_lazy("language", "K'iche'"), "quc"),
    Language("kek", "Q'eqchi'", pgettext_lazy("language", "Q'eqchi'"), "kek"),
    Language("kjb", "Q'anjob'al", pgettext_lazy("language", "Q'anjob'al"), "kjb"),
    Language("knj", "Akateko", pgettext_lazy("language", "Akateko"), "knj"),
    Language("acr", "Achi", pgettext_lazy("language", "Achi"), "acr"),
    Language("cac", "Chuj", pgettext_lazy("language", "Chuj"), "cac"),
    Language("jac", "Popti'", pgettext_lazy("language", "Popti'"), "jac"),
    Language("cak", "Kaqchikel", pgettext_lazy("language", "Kaqchikel"), "cak"),
    Language("que", "Runa Simi", pgettext_lazy("language", "Quechua"), "qu"),
    Language("mfs", "lengua de señas mexicana", pgettext_lazy("language", "Mexican Sign Language"), "mfs", True),
    Language("gsm", "lengua de señas guatemalteca", pgettext_lazy("language", "Guatemalan Sign Language"), "gsm", True),
    Language("hds", "lengua de señas hondureña", pgettext_lazy("language", "Honduran Sign Language"), "hds", True),
)

LANGUAGES = {language.code: language for language in _ALL}

# What most people of a country speak, where forms may begin with it; anybody may prefer another one.
USUAL = {
    **dict.fromkeys(("AR", "BO", "CL", "CO", "CR", "CU", "DO", "EC", "ES", "GT", "HN", "MX", "NI"), "spa"),
    **dict.fromkeys(("PA", "PE", "PR", "PY", "SV", "UY", "VE"), "spa"),
    **dict.fromkeys(("AO", "BR", "PT"), "por"),
    **dict.fromkeys(("BZ", "GH", "JM", "NG", "US"), "eng"),
    **dict.fromkeys(("CD", "CG", "FR", "SN"), "fra"),
    "HT": "hat",
    "RU": "rus",
}


def choices() -> list[tuple[str, str]]:
    """(code, name) of each language in the order of this file; the own name stands beside where it differs."""
    return [(language.code, _label(language)) for language in _ALL]


def name_of(code: str) -> str:
    """The language's name in the reader's language; the code itself for one that is not on the list."""
    language = LANGUAGES.get(code)
    return str(language.name) if language else code


def within_a_line(code: str) -> str:
    """The name as it stands inside a line: Spanish writes languages small, English does not."""
    name = name_of(code)
    return name if (get_language() or "").startswith("en") else name[:1].lower() + name[1:]


def autonym_of(code: str) -> str:
    """The language's own name; the code itself for one that is not on the list."""
    language = LANGUAGES.get(code)
    return language.autonym if language else code


def _label(language: Language) -> str:
    name = str(language.name)
    return name if name.casefold() == language.autonym.casefold() else f"{name} · {language.autonym}"
