"""What may leave: the one place that refuses a message whose words would give its reader away.

That someone is in the programme is confidential (8 CFR 208.6; domain.md, fact 8). A message may hold a weekday, a date, a time
and an office phone; it never says asylum, court, the programme, an agency or a country's name for it, and no number of a person.
"""

import re

from places.rules import folded

# Whole words, folded (no accents, lower case). The lists are one for all languages: phones are shared across them.
FORBIDDEN_WORDS = frozenset(
    "asilo asylum azil refugio refugiado refugiada refugiados refugee refugees refugiye refuge "
    "corte court courts tribunal tribinal juez jueza juiz juge judge jij fiscal audiencia audiencias hearing hearings odyans audience "
    "migracion migrante migrantes migrant migrants migran imigrasyon imigracao immigration migra frontera border bridge puente "
    "deportacion deportado deported deportation removal expulsion "
    "albergue albergues shelter shelters refij abrigo "
    "mpp iom oim acnur unhcr unicef uscis eoir cbp dhs usa eeuu "
    "gringo estadounidense".split()
)
FORBIDDEN_PHRASES = (
    "estados unidos",
    "united states",
    "etazini",
    "etats unis",
    "quedate en mexico",
    "remain in mexico",
    "ee uu",
)
# Acronyms that are ordinary words in lower case.
FORBIDDEN_CAPITALS = ("ICE", "US", "INM", "COMAR", "NTA", "TPS")
NUMBERS = {
    "a_number": re.compile(r"(?<![\d+])A[\s-]?\d{3}[\s-]?\d{3}[\s-]?\d{2,3}(?!\d)|\b\d{8,9}\b"),
    "case_code": re.compile(r"\b[A-Z]{2}-\d{3,}\b"),
}


def give_away(text: str) -> list[str]:
    """What in `text` would give its reader away: forbidden words as they are listed, and the kinds of forbidden numbers."""
    words = re.findall(r"[a-z]+", folded(text))
    line = f" {' '.join(words)} "
    found = sorted(FORBIDDEN_WORDS.intersection(words))
    found += [phrase for phrase in FORBIDDEN_PHRASES if f" {phrase} " in line]
    found += [word for word in FORBIDDEN_CAPITALS if re.search(rf"\b{word}\b", text)]
    found += [kind for kind, pattern in NUMBERS.items() if pattern.search(text)]
    return found
