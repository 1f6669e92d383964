"""Names as the field writes them, brought to a form that can be compared.

The same person is José Ángel Muñoz de la Cruz on one sheet, MUNOZ CRUZ JOSE ANGEL on the next and Jose Anjel Munos on a
third. Nothing here reads keys or the database.
"""

from __future__ import annotations

import re
import unicodedata

PARTICLES = frozenset(("de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "das", "van", "von"))

# Short forms that Mexican officials write in lists.
SHORT_FORMS = {
    "ma": "maria",
    "gpe": "guadalupe",
    "fco": "francisco",
    "fca": "francisca",
    "hdez": "hernandez",
    "hdz": "hernandez",
    "rdz": "rodriguez",
    "rdguez": "rodriguez",
    "rguez": "rodriguez",
    "glez": "gonzalez",
    "gzz": "gonzalez",
    "mtz": "martinez",
    "mtnez": "martinez",
    "fdez": "fernandez",
    "fdz": "fernandez",
    "dguez": "dominguez",
    "vzqz": "vazquez",
    "jmz": "jimenez",
}

LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)
# Glottal stops and elisions (Q'eqchi', D'Angelo) in all the signs that keyboards offer; they do not split a word.
APOSTROPHES = dict.fromkeys(map(ord, "'’‘`´ʼʻʹ′＇"))
NO_LETTER = re.compile(r"[\W\d_]+")


def words_of_name(*parts: str) -> list[str]:
    """The words of a name in lower case without accents, particles, hyphens and apostrophes, in order, each once.

    ñ becomes n, for forms and keyboards north of the bridge have none and both spellings reach us for one person. A
    name made of nothing but particles keeps them.
    """
    bare = _bare(_bare(" ".join(parts).translate(APOSTROPHES)).casefold().translate(LETTERS_WITHOUT_PARTS))
    words = [SHORT_FORMS.get(word, word) for word in NO_LETTER.split(bare) if word]
    return list(dict.fromkeys([word for word in words if word not in PARTICLES] or words))


def _bare(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]+", ""),  # scripts that Spanish ears cannot judge have no sound key
        (r"ph", "f"),
        (r"eau", "o"),  # Haitian and French: Beaubrun
        (r"ou", "u"),  # Louis, Luis; Moussa, Musa
        (r"[cs]h|tch", "9"),  # ch; French and Haitian ch, English sh
        (r"^x", "j"),  # Ximena, Jimena; Xavier, Javier
        (r"[cks]*x|[ck]s", "s"),  # Alexis, Alecsis; Félix, Felis
        (r"h?u(?=[aeo])|^gu(?=[ao])|w", "u"),  # Huerta, Werta; Guadalupe
        (r"h", ""),  # silent; Portuguese nh and lh become n and l
        (r"qu(?=[ei])|q|ck", "k"),
        (r"gu(?=[ei])", "g"),
        (r"g(?=[eiy])", "j"),
        (r"sc(?=[eiy])|c(?=[eiy])|z", "s"),
        (r"c", "k"),
        (r"v", "b"),
        (r"ll", "j"),
        (r"y(?=[aeou])|^i(?=[aeou])", "j"),  # Yesenia, Jesenia, Llesenia
        (r"y", "i"),
        (r"gn|ni(?=[aeou])", "n"),  # Muñoz, Munioz; French gn
        (r"n(?=[bpm])", "m"),  # Canpos
        (r"(.)\1+", r"\1"),
    )
)


def sound_of(word: str) -> str:
    """How a word from `words_of_name` sounds in Latin American Spanish, spelt one way: Vázquez, Basques -> "baskes".

    b/v, c/s/z, g/j/ll/y/x, k/qu and silent h fall together, doubled letters count once. Serves Portuguese and Haitian
    names passably. Empty for a word without Latin letters.
    """
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return word
