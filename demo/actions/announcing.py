"""The list that authorities sent this morning, as such lists are: most who came are on it, some respelt, some have yet to come."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from cases.actions.people import PersonEntry
from cases.models import Arrival, Person
from core.actors import Actor
from core.policies import check_can_administer
from demo.field import PRESENT_NATIONALITIES
from demo.names import Namer
from expected.actions.lists import FamilyEntry, receive_list
from expected.models import ExpectedList
from places import zones
from places.models import Site

MOST_CAME, STILL_TO_COME = 40, 12
UNANNOUNCED_EVERY, RESPELT_EVERY = 6, 5


def announce(*, seed: int, actor: Actor, at: datetime) -> list[ExpectedList]:
    """Bring in today's list of every field site where somebody came today (by the clocks of `at`), made by `seed`.

    Raises NotAllowed.
    """
    check_can_administer(actor)
    found = []
    for site in Site.objects.field().active().select_related("city").order_by("code"):
        day = zones.local(at, site.city.zone).date()
        came = _came(site, day, at)
        if came:
            families = [*_listed(came), *_to_come(day, Random(f"{seed}:{site.code}:list"))]
            taken, _is_new = receive_list(
                site=site, day=day, source=ExpectedList.Source.INM, families=families, actor=actor, at=at
            )
            found.append(taken)
    return found


def _came(site: Site, day: date, at: datetime) -> list[list[Person]]:
    """The people of each household that came on `day` until `at`."""
    begins = zones.day_begins(day, site.city.zone)
    arrivals = Arrival.objects.filter(site=site, kind=Arrival.Kind.FIRST_RETURN, occurred_at__range=(begins, at))
    households = arrivals.select_related("household").prefetch_related("household__people").order_by("occurred_at")
    return [list(arrival.household.people.all()) for arrival in households[:MOST_CAME]]


def _listed(came: list[list[Person]]) -> Iterator[FamilyEntry]:
    """Those who came, without every sixth family; every fifth one is respelt and without dates."""
    for number, people in enumerate(came, start=1):
        if number % UNANNOUNCED_EVERY:
            entries = [_entry(person) for person in people]
            if number % RESPELT_EVERY == 0:
                entries = [_respelt(entry) for entry in entries]
            yield FamilyEntry(people=tuple(entries), size=len(entries), key=str(number))


def _entry(person: Person) -> PersonEntry:
    names = ("given_names", "surnames", "birth_date", "birth_is_estimated", "sex", "nationality", "a_number")
    return PersonEntry(**{name: getattr(person, name) for name in names})


def _respelt(entry: PersonEntry) -> PersonEntry:
    """As somebody heard it across the bridge: z for s, one surname, no birth date, no number."""
    surname = entry.surnames.split(" ", maxsplit=1)[0]
    given = entry.given_names.replace("s", "z", 1)
    return replace(entry, given_names=given, surnames=surname, birth_date=None, a_number="")


def _to_come(day: date, rng: Random) -> Iterator[FamilyEntry]:
    for number in range(1, STILL_TO_COME + 1):
        nationality = rng.choice(sorted(PRESENT_NATIONALITIES))
        namer = Namer(rng, nationality, "spa")
        surnames = " ".join(name for name in namer.surnames() if name)
        ages = [rng.randint(19, 46), *(rng.randint(1, 16) for _child in range(rng.choice((0, 0, 1, 2))))]
        people = tuple(_stranger(namer, surnames, day - timedelta(days=age * 365 + 170)) for age in ages)
        yield FamilyEntry(people=people, size=len(people), key=f"P{number}")


def _stranger(namer: Namer, surnames: str, born: date) -> PersonEntry:
    sex = namer.rng.choice("FM")
    return PersonEntry(
        given_names=namer.given(sex), surnames=surnames, birth_date=born, sex=sex, nationality=namer.nationality
    )
