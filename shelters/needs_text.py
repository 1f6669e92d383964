"""What somebody means who types "familia de 5, silla de ruedas, cerca de Paso del Norte": a need, and the words left over.

No grammar and no guessing: known phrases of two languages, numbers beside people, and names of bridges and cities, all
without accents. What is not known is given back, so that nobody thinks it was heard.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from places import languages
from places.models import Crossing
from places.rules import folded
from shelters.needs import MOST_PEOPLE, Need
from shelters.rules import Kind

LONGEST_TEXT, LONGEST_PHRASE = 300, 6
Meaning = TypeVar("Meaning")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = {
    "un una uno one a an": 1,
    "dos two": 2,
    "tres three": 3,
    "cuatro four": 4,
    "cinco five": 5,
    "seis six": 6,
    "siete seven": 7,
    "ocho eight": 8,
    "nueve nine": 9,
    "diez ten": 10,
    "once eleven": 11,
    "doce twelve": 12,
}
NUMBER_WORDS = {word: number for words, number in NUMBERS.items() for word in words.split()}
WOMAN = _words("mujer woman madre mother mama mom senora abuela grandmother embarazada")
MAN = _words("hombre man senor abuelo grandfather padre father papa dad")
WOMEN, MEN = _words("mujeres women madres mothers senoras"), _words("hombres men senores")
SOMEBODY = (
    WOMAN
    | MAN
    | _words("persona person adulto adult adulta nino nina child kid hijo hija son daughter bebe baby menor minor")
)
SEVERAL = (
    WOMEN
    | MEN
    | _words(
        "personas people adultos adultas adults ninos ninas children kids hijos hijas sons daughters bebes babies menores"
    )
    | _words("minors integrantes miembros members lugares plazas camas places beds")
)
PAIR, FAMILY = _words("pareja couple matrimonio"), _words("familia family grupo group party somos")

RAMP = (
    *("silla de ruedas", "rampa", "accesible", "muletas", "andadera", "no puede subir escaleras"),
    *("wheelchair", "ramp", "accessible", "crutches", "walker", "step free"),
)
PETS = ("perro", "perros", "gato", "gatos", "mascota", "mascotas", "dog", "dogs", "cat", "cats", "pet", "pets")
MINORS = (
    *("menor no acompanado", "menores no acompanados", "menor solo", "menores solos"),
    *("unaccompanied minor", "unaccompanied minors", "minors alone"),
)
ISOLATION = ("aislamiento", "aislar", "positivo", "positiva", "isolation", "isolate", "positive")
PHRASES: dict[str, dict[str, Any]] = {
    **{phrase: {"ramp": True} for phrase in RAMP},
    **{phrase: {"pets": True} for phrase in PETS},
    **{phrase: {"kind": Kind.MINORS} for phrase in MINORS},
    **{phrase: {"kind": Kind.FAMILY} for phrase in ("familias", "families")},
}
# How languages are asked for, beside the names that the lists say.
SPOKEN = {
    "hat": "creole criollo kreyol haitiano",
    "quc": "kiche quiche",
    "kek": "qeqchi kekchi",
    "que": "quechua quichua",
    "por": "portugues portuguese",
    "eng": "ingles english",
    "fra": "frances french",
    "rus": "ruso russian",
    "mam": "mam",
    "spa": "espanol spanish",
}
# Words that join what is said and say nothing themselves.
SILENT = _words(
    "de del la las el los y e con and with of the for para que es esta in en al su sus their his her need needs necesita necesitan "
    "busca buscan buscamos tiene tienen has have habla hablan speaks speak speaking cuarto room lugar place sola solo solas solos "
    "alone viaja viajan traveling cerca near to close by junto puente bridge lengua idioma language usa usan uses use cruce "
    "crossing un una uno one a an hay quiere looking"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood; `city` is the key of the city that was named or of the bridge's, `rest` says nothing to us."""

    need: Need
    city: int | None
    rest: str


def hear(text: str, *, crossings: Iterable[Crossing], cities: Mapping[str, int], may_isolate: bool) -> Heard:
    """Read `text`. `cities` are names and keys of cities that have a board; `may_isolate` whether this reader may look for
    isolation.
    """
    said = _Said(text[:LONGEST_TEXT])
    near = said.take({name: crossing for crossing in crossings for name in _names(crossing)})
    city = said.take({folded(name): key for name, key in cities.items()})
    language = said.take(_tongues())
    phrases = PHRASES | ({phrase: {"kind": Kind.ISOLATION} for phrase in ISOLATION} if may_isolate else {})
    facts: dict[str, Any] = {}
    while (found := said.take(phrases)) is not None:
        facts |= found
    people, kind = said.take_people()
    facts.setdefault("kind", kind)
    need = Need(near=near, language=language or "", people=min(people, MOST_PEOPLE), **facts)
    return Heard(need, city or (near.city_id if near else None), said.rest)


def _names(crossing: Crossing) -> Iterable[str]:
    """ "Paso del Norte" and both of "Puente Córdova (Libre)"."""
    for name in (crossing.name, *crossing.also_called.replace(")", "").split("(")):
        words = folded(name).removeprefix("puente ").split()
        if words and not words[0].isdecimal() and " ".join(words) not in ("i", "ii", "iii", "nuevo", "viejo", "libre"):
            yield " ".join(words)


def _tongues() -> dict[str, str]:
    names = {
        folded(str(name)): each.code for each in languages.LANGUAGES.values() for name in (each.autonym, each.name)
    }
    names.pop("", None)
    return names | {word: code for code, words in SPOKEN.items() for word in words.split()}


class _Said:
    """The words of a text, folded, from which what is understood is taken out."""

    def __init__(self, text: str) -> None:
        self.typed = text.replace(",", " ").replace(";", " ").split()
        self.words = [folded(word).replace(" ", "") for word in self.typed]
        self.taken = [not word for word in self.words]

    @property
    def rest(self) -> str:
        """What nobody took, as it was typed."""
        left = zip(self.typed, self.words, self.taken, strict=True)
        return " ".join(typed for typed, word, taken in left if not taken and word not in SILENT)

    def take(self, phrases: Mapping[str, Meaning]) -> Meaning | None:
        """Take the longest of `phrases` that stands in it, and return what it means."""
        for length in range(LONGEST_PHRASE, 0, -1):
            for start in range(len(self.words) - length + 1):
                span = slice(start, start + length)
                if any(self.taken[span]) or " ".join(self.words[span]) not in phrases:
                    continue
                self.taken[span] = [True] * length
                return phrases[" ".join(self.words[span])]
        return None

    def take_people(self) -> tuple[int, str]:
        """How many people are named, and the kind of room that only they can mean."""
        named: list[tuple[str, int]] = []
        total, number, place_of_number, is_family = 0, None, 0, False
        for place, word in enumerate(self.words):
            if self.taken[place]:
                continue
            if (value := _number(word)) is not None:
                number, place_of_number = value, place
                if is_family and not total and value > 1:
                    total, number, self.taken[place] = value, None, True
                continue
            counted = _counted(word, number)
            if word in FAMILY:
                is_family = self.taken[place] = True
            elif counted is not None:
                named.append((word, counted))
                self.taken[place] = True
                if number is not None:
                    self.taken[place_of_number] = True
                number = None
        return total or sum(counted for _word, counted in named), _kind(named, is_family=is_family)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 4 else NUMBER_WORDS.get(word)


def _counted(word: str, number: int | None) -> int | None:
    """How many people `word` is after `number`; None where it is nobody, or several and nobody said how many."""
    if word in PAIR:
        return 2 * (number or 1)
    if word in SOMEBODY:
        return number or 1
    if word in SEVERAL:
        return number if number is not None else 0 if word in WOMEN | MEN else None
    return None


def _kind(named: list[tuple[str, int]], *, is_family: bool) -> str:
    words = {word for word, _counted in named}
    if is_family:
        return Kind.FAMILY
    if words and words <= WOMAN | WOMEN:
        return Kind.WOMEN
    return Kind.MEN if words and words <= MAN | MEN else ""
