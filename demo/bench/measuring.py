"""The rows of `make bench`: each page beside its floor, asked in turn, so that both meet the same machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import median

from django.db.models import Max

from cases.finding import find
from cases.models import Household, Person
from core.actors import Actor
from core.keyset import keyset_page
from demo.bench.http import Browser
from demo.bench.typos import MISSPELLINGS, REMEMBERED

WARM_UP = 5
SEED = 7
DEEP = 0.9

Ask = Callable[[Browser, Browser], tuple[tuple[float, int], tuple[float, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A line of the table: medians in milliseconds, bytes of the page on the wire, and the target in words."""

    what: str
    page_ms: float
    floor_ms: float
    page_bytes: int
    target: str
    keeps: bool

    @property
    def ratio(self) -> float:
        """How many floors the page costs."""
        return self.page_ms / self.floor_ms


def within(times: float) -> tuple[str, Callable[[float, float], bool]]:
    """A target relative to the floor."""
    return f"<= {times:g} x floor", lambda page, floor: page <= times * floor


def at_most(milliseconds: float) -> tuple[str, Callable[[float, float], bool]]:
    """A target in milliseconds."""
    return f"<= {milliseconds:g} ms", lambda page, floor: page <= milliseconds


SHOWN: tuple[str, Callable[[float, float], bool]] = ("shown", lambda page, floor: True)


@dataclass(frozen=True, slots=True)
class Bench:
    """Two browsers signed in as the same person, at the product and at its floor."""

    product: Browser
    floor: Browser
    rounds: int

    def rest(self) -> None:
        """Something long is done between two rows."""
        self.product.hang_up()
        self.floor.hang_up()

    def row(self, what: str, asks: Sequence[Ask], target: tuple[str, Callable[[float, float], bool]]) -> Measured:
        """The medians over `rounds` of `asks`, taken in turn."""
        page_ms, floor_ms, sizes = [], [], []
        for number in range(WARM_UP + self.rounds):
            page, floor = asks[number % len(asks)](self.product, self.floor)
            if number >= WARM_UP:
                page_ms.append(page[0])
                floor_ms.append(floor[0])
                sizes.append(page[1])
        words, keeps = target
        mid_page, mid_floor = median(page_ms), median(floor_ms)
        return Measured(
            what=what,
            page_ms=mid_page,
            floor_ms=mid_floor,
            page_bytes=max(sizes),
            target=words,
            keeps=keeps(mid_page, mid_floor),
        )


def get(path: str, floor_path: str | None = None) -> Ask:
    """Ask both for a page."""
    return lambda product, floor: (product.get(path), floor.get(floor_path or path))


def after(deed: Callable[[], object], ask: Ask) -> Ask:
    """Ask both when something has just happened."""

    def asked(product: Browser, floor: Browser) -> tuple[tuple[float, int], tuple[float, int]]:
        deed()
        return ask(product, floor)

    return asked


def post(path: str, query: str) -> Ask:
    """Ask both to find `query`."""
    return lambda product, floor: (product.post(path, {"q": query}), floor.post(path, {"q": query}))


def deep_pages() -> tuple[str, str]:
    """Addresses of the page of people nine tenths down the list: the product's cursor, and the floor's moment."""
    place = int(Household.objects.count() * DEEP)
    ordered = Household.objects.order_by("-arrived_at", "-pk")
    last = ordered[place]
    older = ordered.filter(arrived_at__lte=last.arrived_at)
    cursor = keyset_page(older, by="arrived_at", size=1).next_cursor
    return f"/people/?after={cursor}", f"/people/?after={last.arrived_at.isoformat().replace('+', '%2B')}"


def some_people(number: int, *, seed: int = SEED) -> list[Person]:
    """People drawn at random, the same for the same seed."""
    highest = Person.objects.aggregate(highest=Max("pk"))["highest"]
    rng = Random(seed)
    wanted = [rng.randint(1, highest) for _ in range(number * 2)]
    return list(Person.objects.filter(pk__in=wanted).select_related("household").order_by("pk"))[:number]


def misspelt(people: Sequence[Person], kind: str) -> list[tuple[Person, str]]:
    """What somebody types who looks for each of `people`: a name misspelt, or a number; those who have none are left out."""
    if kind in REMEMBERED:
        return [(person, told) for person in people if (told := REMEMBERED[kind](person))]
    rng = Random(f"{SEED}:{kind}")
    return [(person, MISSPELLINGS[kind](person.given_names, person.surnames, rng)) for person in people]


def recall(people: Sequence[Person], kind: str, *, actor: Actor) -> float:
    """The share of `people` who stand on the first page when they are looked for misspelt."""
    asked = misspelt(people, kind)
    if not asked:
        return 1.0
    hits = sum(person.pk in {one.person.pk for one in find(query, actor=actor)} for person, query in asked)
    return hits / len(asked)
