"""Whom of a list somebody may be: announced households, decrypted, found by the tokens they share.

Only families that share a whole word, a sound, a number or a birth date are compared, so that a day of 280 families costs a
fraction of 280 times 280 comparisons.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from django.db.models import Prefetch

from cases.likeness import Somebody
from expected.models import ExpectedHousehold, ExpectedHouseholdQuerySet, ExpectedPerson
from expected.rules import Face, Likeness, likeness
from privacy.blind_index import Kind, NoNumber, token_of_number, tokens_of_date, tokens_of_name

KINDS = (Kind.EXACT, Kind.SOUND, Kind.DATE)


def face_of(person: Somebody) -> Face:
    """What two people are compared by."""
    return Face(
        name=f"{person.given_names} {person.surnames}".strip(),
        a_number=person.a_number,
        born=person.birth_date,
        is_estimated=person.birth_is_estimated,
    )


def tokens_of(person: Somebody) -> list[int]:
    """The tokens by which somebody on a list is found: words, sounds, the A-number, the birth date."""
    tokens = tokens_of_name(person.given_names, person.surnames)
    if person.birth_date and not person.birth_is_estimated:
        tokens += tokens_of_date(person.birth_date)
    values = [token.value for token in tokens if token.kind in KINDS]
    if person.a_number:
        with suppress(NoNumber):
            values.append(token_of_number(person.a_number, "a_number").value)
    return values


class Candidates:
    """Announced households that somebody may be. `households` come with their people (`with_people`)."""

    def __init__(self, households: Iterable[ExpectedHousehold]) -> None:
        self.households = {household.pk: household for household in households}
        self._left = set(self.households)
        self._by_token: Mapping[int, set[int]] = defaultdict(set)
        self._faces: dict[int, list[Face]] = {}
        for key, household in self.households.items():
            for person in household.people.all():
                for token in person.tokens:
                    self._by_token[token].add(key)

    def like(self, people: Sequence[Somebody]) -> dict[int, Likeness]:
        """How alike each household that shares a token with `people` is to them, by its key."""
        came = [face_of(person) for person in people]
        shared = {key for person in people for token in tokens_of(person) for key in self._by_token.get(token, ())}
        shared &= self._left
        return {key: likeness(self._faces_of(key), came, size=self.households[key].size) for key in shared}

    def take(self, key: int) -> ExpectedHousehold:
        """The household with that key, which is nobody else's from now on."""
        self._left.discard(key)
        return self.households[key]

    @property
    def left(self) -> frozenset[int]:
        """The keys of those that nobody took."""
        return frozenset(self._left)

    def _faces_of(self, key: int) -> list[Face]:
        if key not in self._faces:
            self._faces[key] = [face_of(person) for person in self.households[key].people.all()]
        return self._faces[key]


def with_people(households: ExpectedHouseholdQuerySet) -> ExpectedHouseholdQuerySet:
    """`households` with their people in order, in two queries."""
    return households.prefetch_related(Prefetch("people", ExpectedPerson.objects.order_by("position")))
