"""Who may be the same person: candidates from the blind index, compared in memory, with reasons that a clerk can check.

The machine only points; `actions.merging` does what a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cases.finding import candidates
from cases.models import Likeness, Person
from cases.rules import normal_a_number
from core.actors import Actor
from core.phones import NoPhoneNumber, to_e164
from privacy.blind_index import Kind, NoNumber, Token, token_of_number, tokens_of_date, tokens_of_name
from privacy.names import words_of_name
from privacy.ranking import Ranking

Reason = Likeness.Reason

COMPARED = 80
COMPARED_BY = frozenset({Kind.EXACT, Kind.SOUND, Kind.NUMBER, Kind.DATE})
LIKELY = 60
HINTED = 33  # while somebody types, a misspelt name alone is worth a look: docs/measures.md says at what cost
SURE_ELSEWHERE = 80
CERTAIN = 100
A_WHOLE_NAME = 4  # words: two given names and two surnames are one person's more often than "Juan García" is
TWINS_APART = 85  # within a household names and phones are shared


class Somebody(Protocol):
    """Who can be told from others at all: a person on file, on a list, or not yet written down."""

    @property
    def given_names(self) -> str: ...
    @property
    def surnames(self) -> str: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def birth_is_estimated(self) -> bool: ...
    @property
    def a_number(self) -> str: ...


class Described(Somebody, Protocol):
    """What is compared: a `Person`, or a `PersonEntry` that is still being typed."""

    @property
    def sex(self) -> str: ...
    @property
    def nationality(self) -> str: ...
    @property
    def phone(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two people are, from 0 to 100, and what speaks for and against it."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """A person who may be the one described."""

    person: Person
    alike: Alike

    @property
    def score(self) -> int:
        """From `LIKELY` to 100."""
        return self.alike.score


@dataclass(frozen=True, slots=True)
class Seen:
    """Who may be the one described: those whom the actor may see, best first, and whether somebody stands elsewhere.

    `elsewhere` is for `actions.access` alone: nothing of it may be shown.
    """

    here: list[Likely]
    elsewhere: Person | None


# What each finding is worth; the sum is the score. By hand, so that a clerk can follow it: name and birth date, or name and number.
WORTH = {
    Reason.A_NUMBER: 100,
    Reason.NAME: 45,
    Reason.NAME_ALIKE: 33,
    Reason.BIRTH: 35,
    Reason.BIRTH_TURNED: 28,
    Reason.AGE_ALIKE: 15,
    Reason.PHONE: 20,
    Reason.NATIONALITY: 5,
    Reason.OTHER_A_NUMBER: -40,
    Reason.OTHER_NAME: -20,
    Reason.OTHER_BIRTH: -25,
    Reason.OTHER_SEX: -12,
    Reason.OTHER_NATIONALITY: -10,
}
BONUS_WHOLE_NAME = 10
BONUS_SEX = 3
SAME_NAME, LIKE_NAME, UNLIKE_NAME = 97.0, 88.0, 70.0
EXACT, ESTIMATED = 1, 3  # years apart that still count as about the same age


def alike(one: Described, other: Described, ranking: Ranking | None = None) -> Alike:
    """Compare two people field by field. A field that one of them lacks says nothing. `ranking` of `one` saves work in a loop."""
    reasons = [
        *_by_a_number(one, other),
        *_by_name(one, other, ranking or Ranking(_name(one))),
        *_by_birth(one, other),
        *_by_equals(one, other),
    ]
    score = sum(WORTH[reason] for reason in reasons)
    if Reason.NAME in reasons and len(words_of_name(_name(one))) >= A_WHOLE_NAME <= len(words_of_name(_name(other))):
        score += BONUS_WHOLE_NAME
    if one.sex and one.sex == other.sex:
        score += BONUS_SEX
    if Reason.A_NUMBER in reasons:
        score = CERTAIN
    order = list(Reason)
    return Alike(max(0, min(score, CERTAIN)), tuple(sorted(reasons, key=order.index)))


def likely_same(entry: Described, *, actor: Actor, besides: Iterable[int] = (), limit: int = 5) -> list[Likely]:
    """Those visible to `actor` who may be the one described, best first; people with keys in `besides` are left out."""
    return look_for(entry, actor=actor, besides=besides, limit=limit).here


def look_for(
    entry: Described, *, actor: Actor, besides: Iterable[int] = (), limit: int = 5, least: int = LIKELY
) -> Seen:
    """As `likely_same`, from a score of `least` on, and whether somebody surely the same stands elsewhere. Three queries."""
    tokens = _tokens(entry)
    keys = [key for key in candidates(tokens, limit=COMPARED * 2) if key not in set(besides)][:COMPARED]
    if not keys:
        return Seen([], None)
    visible = set(Person.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))
    people = Person.objects.filter(pk__in=keys).defer("email", "notes").select_related("household__site__city")
    ranking = Ranking(_name(entry))
    found = [Likely(person, alike(entry, person, ranking)) for person in people]
    found.sort(key=lambda one: (-one.score, one.person.pk))
    here = [one for one in found if one.person.pk in visible and one.score >= least]
    others = (one.person for one in found if one.person.pk not in visible and one.score >= SURE_ELSEWHERE)
    return Seen(here[:limit], next(others, None))


def are_likely(one: Person, other: Person, found: Alike) -> bool:
    """Whether a pair is worth asking about; within one household only what twins do not share counts."""
    return found.score >= (TWINS_APART if one.household_id == other.household_id else LIKELY)


def _name(one: Described) -> str:
    return f"{one.given_names} {one.surnames}"


def _tokens(entry: Described) -> list[Token]:
    """Whole words and their sounds, numbers, the birth date: enough for two files, and a third of what find looks up."""
    tokens = [token for token in tokens_of_name(entry.given_names, entry.surnames) if token.kind in COMPARED_BY]
    for value, purpose in ((entry.a_number, "a_number"), (entry.phone, "phone")):
        if value:
            try:
                tokens.append(token_of_number(value, purpose))
            except NoNumber:
                continue
    if entry.birth_date and not entry.birth_is_estimated:
        tokens += [token for token in tokens_of_date(entry.birth_date) if token.kind in COMPARED_BY]
    return tokens


def _by_a_number(one: Described, other: Described) -> list[Reason]:
    if not (one.a_number and other.a_number):
        return []
    try:
        same = normal_a_number(one.a_number) == normal_a_number(other.a_number)
    except ValueError:
        return []
    return [Reason.A_NUMBER if same else Reason.OTHER_A_NUMBER]


def _by_name(one: Described, other: Described, ranking: Ranking) -> list[Reason]:
    """Whichever name is shorter is looked for in the other, for forms leave a surname out. One word alone says nothing."""
    first, second = words_of_name(_name(one)), words_of_name(_name(other))
    if min(len(first), len(second)) < 2:
        return []
    shorter = ranking if len(first) <= len(second) else Ranking(_name(other))
    likeness = shorter.score(_name(other) if shorter is ranking else _name(one))
    if likeness >= SAME_NAME or (likeness >= 93 and len(first) != len(second)):
        return [Reason.NAME]
    if likeness >= LIKE_NAME:
        return [Reason.NAME_ALIKE]
    return [Reason.OTHER_NAME] if likeness < UNLIKE_NAME else []


def _by_birth(one: Described, other: Described) -> list[Reason]:
    a, b = one.birth_date, other.birth_date
    if a is None or b is None:
        return []
    is_told = not (one.birth_is_estimated or other.birth_is_estimated)
    if is_told and a == b:
        return [Reason.BIRTH]
    if is_told and (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return [Reason.BIRTH_TURNED]
    apart = abs(a.toordinal() - b.toordinal()) / 365.25
    if apart <= (EXACT if is_told else ESTIMATED):
        return [Reason.AGE_ALIKE]
    return [Reason.OTHER_BIRTH]


def _by_equals(one: Described, other: Described) -> list[Reason]:
    reasons = []
    if one.phone and other.phone and _phone(one.phone) == _phone(other.phone):
        reasons.append(Reason.PHONE)
    if one.nationality and other.nationality:
        same = one.nationality == other.nationality
        reasons.append(Reason.NATIONALITY if same else Reason.OTHER_NATIONALITY)
    if one.sex and other.sex and one.sex != other.sex:
        reasons.append(Reason.OTHER_SEX)
    return reasons


def _phone(text: str) -> str:
    try:
        return to_e164(text)
    except NoPhoneNumber:
        return text
