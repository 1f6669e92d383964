"""The reception board: households by what they wait for, the longest wait first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.models import CovidTest, Household, HouseholdQuerySet, Person
from cases.names import family_name
from cases.states import Step
from core.actors import Actor, Capability
from core.look import Tag
from places import languages

ISOLATION_DAYS = 14
LONG_WAIT = timedelta(hours=2)
CARDS_PER_LANE = 50
# Far beyond any real day (280 people over one bridge); whoever waits beyond it is counted by `waiting`, not shown.
MOST_FAMILIES = 300


class Lane(models.TextChoices):
    """What a household waits for: the lanes of the board, left to right."""

    RECEIVED = "received", gettext_lazy("Received")
    DOCUMENTED = "documented", gettext_lazy("Documented")
    TESTING = "testing", gettext_lazy("Being tested")
    ISOLATED = "isolated", gettext_lazy("In isolation")
    TO_PLACE = "to_place", gettext_lazy("To be placed")


class Only(models.TextChoices):
    """The filters over the board."""

    MINORS = "minors", gettext_lazy("With minors")
    INTERPRETER = "interpreter", gettext_lazy("Interpreter")
    LONG_WAIT = "long_wait", gettext_lazy("Over 2 h")


# Who waits for a result or is isolated is health: those who may not see it find these households by their step before.
HEALTH_LANES = (Lane.TESTING, Lane.ISOLATED)

ONLY_ICONS = {Only.MINORS: "mood-kid", Only.INTERPRETER: "language", Only.LONG_WAIT: "clock-exclamation"}


@dataclass(frozen=True, slots=True)
class Card:
    """One household on the board."""

    household: Household
    lane: Lane
    name: str
    since: datetime
    adults: int
    minors: int
    missing: tuple[Tag, ...]
    isolation_day: int | None

    @property
    def size(self) -> int:
        """How many people."""
        return self.adults + self.minors

    def answers(self, only: Only, now: datetime) -> bool:
        """Whether the card passes a filter."""
        return {
            Only.MINORS: self.minors > 0,
            Only.INTERPRETER: self.household.language != "spa",
            Only.LONG_WAIT: now - self.since > LONG_WAIT,
        }[only]


@dataclass(frozen=True, slots=True)
class BoardLane:
    """A lane with its cards, and how many more there are."""

    lane: Lane
    cards: list[Card]
    people: int
    hidden: int


def waiting(actor: Actor) -> HouseholdQuerySet:
    """Every household visible to `actor` that waits at reception or for a place to sleep."""
    return Household.objects.visible_to(actor).at_reception()


def cards(*, actor: Actor, now: datetime) -> list[Card]:
    """Those who have waited longest, the longest first, at most `MOST_FAMILIES`. Four queries."""
    sees_health = actor.can(Capability.SEE_HEALTH)
    households = waiting(actor).for_board().order_by("step_at", "pk")[:MOST_FAMILIES]
    return [_card(household, now, sees_health) for household in households]


def lanes_open_to(actor: Actor) -> list[Lane]:
    """The lanes that `actor` may know of, left to right."""
    return [lane for lane in Lane if lane not in HEALTH_LANES or actor.can(Capability.SEE_HEALTH)]


def lanes(found: Iterable[Card], *, actor: Actor) -> list[BoardLane]:
    """`found`, cards made for `actor`, by lane, each with at most `CARDS_PER_LANE` cards to show."""
    by_lane: dict[Lane, list[Card]] = {lane: [] for lane in lanes_open_to(actor)}
    for card in found:
        by_lane[card.lane].append(card)
    return [
        BoardLane(
            lane=lane,
            cards=here[:CARDS_PER_LANE],
            people=sum(card.size for card in here),
            hidden=max(0, len(here) - CARDS_PER_LANE),
        )
        for lane, here in by_lane.items()
    ]


def _card(household: Household, now: datetime, sees_health: bool) -> Card:
    people = list(household.people.all())
    today = now.date()
    minors = sum(person.is_minor_on(today) for person in people)
    lane = _lane(household, people, sees_health)
    day = (now - household.step_at).days + 1 if lane == Lane.ISOLATED else None
    return Card(
        household=household,
        lane=lane,
        name=family_name(people),
        since=household.step_at,
        adults=len(people) - minors,
        minors=minors,
        missing=tuple(_missing(household, people, now, sees_health)),
        isolation_day=day,
    )


def _lane(household: Household, people: list[Person], sees_health: bool) -> Lane:
    if household.step == Step.ISOLATED:
        return Lane.ISOLATED if sees_health else Lane.DOCUMENTED
    if household.is_without_place:
        return Lane.TO_PLACE
    if sees_health and any(not test.result for person in people for test in person.tests.all()):
        return Lane.TESTING
    return Lane.DOCUMENTED if household.step == Step.DOCUMENTED else Lane.RECEIVED


def _missing(household: Household, people: list[Person], now: datetime, sees_health: bool) -> Iterable[Tag]:
    undocumented = sum(not person.documents.all() for person in people)
    if undocumented:
        yield Tag(
            "file-off", ngettext("%(n)d without document", "%(n)d without document", undocumented) % {"n": undocumented}
        )
    if sees_health:
        tests = [test for person in people for test in person.tests.all()]
        waiting = sum(not test.result for test in tests)
        untested = sum(not person.tests.all() and not person.is_minor_on(now.date()) for person in people)
        if waiting:
            yield Tag("test-pipe", ngettext("%(n)d result missing", "%(n)d results missing", waiting) % {"n": waiting})
        elif untested and not household.is_without_place:
            yield Tag(
                "test-pipe",
                ngettext("%(n)d adult without test", "%(n)d adults without test", untested) % {"n": untested},
            )
        if any(test.result == CovidTest.Result.DETECTED for test in tests) and household.step != Step.ISOLATED:
            yield Tag("virus", _("positive test"))
    if not any(person.phone for person in people):
        yield Tag("phone-off", _("no phone"))
    if household.language != "spa":
        yield Tag("language", languages.autonym_of(household.language))
