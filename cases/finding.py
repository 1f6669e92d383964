"""Finding people by what is remembered of them: a misspelt name, a number, a birth date, a case code.

The blind index narrows 100,000 encrypted people to a few hundred, those are decrypted and ranked in memory.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from cases.cards import household_of, looks_like_card
from cases.models import Household, Person, PersonQuerySet
from core.actors import Actor, ActorKind
from core.questions import question
from privacy.blind_index import NUMBER_WEIGHT, Kind, Token, name_in_query, tokens_of_query
from privacy.ranking import Ranking

INDEXED = 2000
DECRYPTED = 200
ENOUGH = 100
NEAR = 0.6  # of 300 people looked for misspelt the right one always bore the greatest weight
LIKELY = 60.0
SURE = 95.0
BORN_THEN = 25.0  # a first name and the birth date together say more than a first name and nothing else
WHOLE_NAME = 3  # words
CODE = re.compile(r"^\s*([A-Za-z]{2,4})\s*-?\s*(\d{1,7})\s*$")

_CANDIDATES_SQL = """
    WITH asked(value, weight) AS (SELECT * FROM unnest(%s::bigint[], %s::real[])),
    merged AS (SELECT id, merged_into_id FROM cases_person WHERE merged_into_id IS NOT NULL),
    best AS (
        SELECT token.person_id AS id, sum(asked.weight) AS weight
        FROM asked JOIN cases_searchtoken token USING (value)
        GROUP BY token.person_id
        ORDER BY 2 DESC, 1 DESC
        LIMIT %s
    )
    SELECT best.id, best.weight, coalesce(merged.merged_into_id, best.id)
    FROM best LEFT JOIN merged USING (id)
    ORDER BY 2 DESC, 1 DESC
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A person who may be the one asked for, and how well they answer, from 0 to 100."""

    person: Person
    likeness: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What `look` found: people, best first, and whether somebody who surely answers stands where the actor may not look.

    `elsewhere` is for `actions.access` alone: nothing of it may be shown.
    """

    found: list[Found]
    elsewhere: Person | None = None


def find(query: str, *, actor: Actor, limit: int = 20) -> list[Found]:
    """The people visible to `actor` that best answer `query`, best first. A case code or a card finds its household's people.

    What was merged is found by all its spellings and its codes, and answers with the file that was kept.
    """
    return look(query, actor=actor, limit=limit).found


def look(query: str, *, actor: Actor, limit: int = 20, told: Collection[int] = ()) -> Answer:
    """As `find`, and whether somebody stands elsewhere.

    Where somebody here surely answers, that is only asked of the households `told`: those of which the actor knows already that
    there may be a record, and has written down the same people meanwhile.
    """
    visible = Person.objects.visible_to(actor)
    if looks_like_card(query) and (household := household_of(query, actor)):
        family = visible.filter(household=household).in_order()
        return Answer([Found(person, 100.0) for person in _whole(family)[:limit]])
    if code := CODE.match(query):
        called = Household.with_merged.filter(pk=int(code[2]), prefix=code[1].upper())
        family = visible.filter(household_id__in=called.stands_as()).in_order()
        return Answer([Found(person, 100.0) for person in _whole(family)[:limit]])
    return _by_words(query, actor=actor, limit=limit, told=told)


def _by_words(query: str, *, actor: Actor, limit: int, told: Collection[int]) -> Answer:
    """The answer to names, numbers and birth dates. Five queries at the most, and one more for a birth date."""
    tokens = tokens_of_query(query)
    dates = [token for token in tokens if token.kind == Kind.DATE]
    born_then = candidates(dates) if dates else {}
    is_year = all(token.kind == Kind.YEAR for token in tokens)
    files = _files(tokens)
    weights: dict[int, float] = {}
    for _file, weight, kept in files:
        weights.setdefault(kept, weight)
    seen = _seen(list(weights), actor)
    near = [key for key in seen if weights[key] >= NEAR * weights[seen[0]]]
    ranking = Ranking(name_in_query(query))
    likeness: dict[int, float] = {}
    for key, spellings in _spellings(near, files, actor).items():
        by_name = max(_likeness(ranking, name, weights[key], is_year=is_year) for name in spellings)
        likeness[key] = min(100.0, by_name + (BORN_THEN if key in born_then else 0.0))
    likely = sorted(
        (key for key in likeness if likeness[key] >= LIKELY), key=lambda key: (-likeness[key], -weights[key], key)
    )[:limit]
    people = {person.pk: person for person in _shown(actor=actor, keys=likely)}
    found = [Found(people[key], likeness[key]) for key in likely if key in people]
    is_sure = bool(found) and found[0].likeness >= SURE
    # A partner is told of nobody elsewhere, and must not hear it from how long the answer takes.
    if actor.everywhere or actor.kind is ActorKind.PARTNER or (is_sure and not told):
        return Answer(found)
    return Answer(found, _elsewhere(ranking, weights, set(seen), told if is_sure else None))


def _elsewhere(
    ranking: Ranking, weights: dict[int, float], seen: set[int], among: Collection[int] | None
) -> Person | None:
    """Somebody out of sight with the number that was asked for, or with a whole name so like that it is hardly chance.

    Only of the households `among`, where they are given.
    """
    hidden = Person.objects.filter(pk__in=[key for key in list(weights)[:DECRYPTED] if key not in seen])
    if among is not None:
        hidden = hidden.filter(household__in=among)
    for person in hidden.only("household_id", "given_names", "surnames").order_by("pk"):
        has_number = weights[person.pk] >= NUMBER_WEIGHT
        if has_number or (len(ranking.asked) >= WHOLE_NAME and ranking.score(person.full_name) >= SURE):
            return person
    return None


def _whole(people: PersonQuerySet) -> PersonQuerySet:
    return people.select_related("household__site__city")


@question
def _shown(*, actor: Actor, keys: Collection[int]) -> PersonQuerySet:
    return _whole(Person.objects.visible_to(actor).filter(pk__any_of=keys))


def _seen(keys: list[int], actor: Actor) -> list[int]:
    """The visible ones among the first of `keys`, in their order; where those are few, later ones come along too."""
    first, rest = keys[:DECRYPTED], keys[DECRYPTED:]
    seen = set(_visible(actor=actor, keys=first))
    chosen = [key for key in first if key in seen]
    if rest and len(chosen) < ENOUGH:
        later = set(_visible(actor=actor, keys=rest))
        chosen += [key for key in rest if key in later][:DECRYPTED]
    return chosen


@question
def _visible(*, actor: Actor, keys: Collection[int]) -> QuerySet[Person, int]:
    return Person.objects.visible_to(actor).filter(pk__any_of=keys).values_list("pk", flat=True)


@question
def _spelt(*, actor: Actor, keys: Collection[int]) -> QuerySet[Person, tuple[int, str, str]]:
    return Person.objects.visible_to(actor).filter(pk__any_of=keys).values_list("pk", "given_names", "surnames")


def _spellings(keys: Collection[int], files: Sequence[tuple[int, float, int]], actor: Actor) -> dict[int, list[str]]:
    """How the people `keys` are spelt, in their own files and in those merged into them. A query, and one more where there are such."""
    names = {key: [f"{given} {surnames}"] for key, given, surnames in _spelt(actor=actor, keys=keys)}
    stands_as = {file: kept for file, _weight, kept in files if file != kept and kept in names}
    if stands_as:
        merged = Person.with_merged.filter(pk__in=stands_as).order_by("pk")
        for file, given, surnames in merged.values_list("pk", "given_names", "surnames"):
            names[stands_as[file]].append(f"{given} {surnames}")
    return names


def candidates(tokens: Sequence[Token], *, limit: int = INDEXED) -> dict[int, float]:
    """Person keys, those of merged files among them, and the weight of the tokens they share with the query, heaviest first."""
    return {file: weight for file, weight, _kept in _files(tokens, limit=limit)}


def _files(tokens: Sequence[Token], *, limit: int = INDEXED) -> list[tuple[int, float, int]]:
    """As `candidates`, each with the key under which it stands now."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES_SQL, [[token.value for token in tokens], [token.weight for token in tokens], limit])
        return list(cursor.fetchall())


def _likeness(ranking: Ranking, name: str, weight: float, *, is_year: bool) -> float:
    """A shared number settles it; names go by `privacy.ranking`; a birth date alone is good.

    A year says nothing beside anything else, and is just enough where it is all that was asked.
    """
    if weight >= NUMBER_WEIGHT:
        return 100.0
    if ranking.asked:
        return ranking.score(name)
    return min(90.0, LIKELY if is_year else weight * 20)
