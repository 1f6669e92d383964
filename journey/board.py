"""The reception board: households by what they wait for, the longest wait first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audit.models import Event, EventType
from cases.models import Arrival, CovidTest, Household, HouseholdQuerySet, Isolation
from cases.names import family_name
from cases.rules import ISOLATION_DAYS, isolation_day
from cases.states import Step
from core.actors import Actor, Capability
from core.look import Tag, short_day
from journey.belonging import care_tags, with_care
from places import languages
from shelters.discretion import isolates_only, name_told

LONG_WAIT = timedelta(hours=2)
CARDS_PER_LANE = 30
# Far beyond any real day (280 people over one bridge); whoever waits beyond it stands on the next board.
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
    UNDOCUMENTED = "undocumented", gettext_lazy("Without document")
    FROM_COURT = "from_court", gettext_lazy("Back from court")


# Who waits for a result or is isolated is health: those who may not see it find these households by their step before.
HEALTH_LANES = (Lane.TESTING, Lane.ISOLATED)

ONLY_ICONS = {
    Only.MINORS: "mood-kid",
    Only.INTERPRETER: "language",
    Only.LONG_WAIT: "clock-exclamation",
    Only.UNDOCUMENTED: "file-off",
    Only.FROM_COURT: "gavel",
}

# What changes the board; the newest of these is its version.
BOARD_EVENTS = (
    EventType.ARRIVAL_RECORDED,
    EventType.ARRIVAL_WITHDRAWN,
    EventType.RETURN_RECORDED,
    EventType.PERSON_MISSING,
    EventType.PERSON_FOUND,
    EventType.PERSON_CORRECTED,
    EventType.STEP_TAKEN,
    EventType.DOCUMENT_GIVEN,
    EventType.TEST_TAKEN,
    EventType.TEST_RESULTED,
    EventType.TEST_CORRECTED,
    EventType.ISOLATION_PLANNED,
    EventType.ISOLATION_ENDED,
    EventType.TAKEN_BACK,
    EventType.GUEST_SITE_CHANGED,
    EventType.STAY_ENDED,
    EventType.PEOPLE_MERGED,
    EventType.MERGE_UNDONE,
    EventType.HOUSEHOLD_SPLIT,
    EventType.HOUSEHOLDS_JOINED,
    EventType.REGROUPING_UNDONE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A person on a card: what to call them, whether the card's deed is usually for them, whether it is done."""

    pk: int
    name: str
    age: int | None
    is_asked: bool
    is_done: bool


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
    undocumented: int = 0
    crossing: tuple[int, str] | None = None
    is_from_court: bool = False
    people: tuple[Line, ...] = ()
    isolation_days: int = ISOLATION_DAYS

    @property
    def size(self) -> int:
        """How many people."""
        return self.adults + self.minors

    @property
    def deed(self) -> str:
        """The usual next thing, by its name on the button; empty where it needs a page of its own."""
        if self.lane == Lane.RECEIVED:
            return "documents" if self.undocumented else "papers"
        if self.lane == Lane.DOCUMENTED:
            return "tests"
        return "placed" if self.keeps_its_place else ""

    @property
    def keeps_its_place(self) -> bool:
        """Whether they have a place to sleep and only need to go back to it."""
        return self.lane == Lane.TO_PLACE and self.household.guest_site_id is not None

    def answers(self, only: Only, now: datetime) -> bool:
        """Whether the card passes a filter."""
        return {
            Only.MINORS: self.minors > 0,
            Only.INTERPRETER: self.household.language != "spa",
            Only.LONG_WAIT: self.lane != Lane.ISOLATED and now - self.since > LONG_WAIT,
            Only.UNDOCUMENTED: self.undocumented > 0,
            Only.FROM_COURT: self.is_from_court,
        }[only]


@dataclass(frozen=True, slots=True)
class BoardLane:
    """A lane with the cards of one page of it, how many stand before these and after, and how many households and people it holds."""

    lane: Lane
    cards: list[Card]
    families: int
    people: int
    before: int
    hidden: int

    @property
    def next_from(self) -> int:
        """Where the next page of the lane begins."""
        return self.before + len(self.cards)


def waiting(actor: Actor) -> HouseholdQuerySet:
    """Every household that `actor` works with and that waits at reception or for a place to sleep."""
    return Household.objects.visible_to(actor).worked_by(actor).at_reception()


def version(actor: Actor) -> str:
    """What the board of `actor` is made from, in one word: another word means that there is something new. One query.

    It says nothing of anybody, so nobody is recorded as seen.
    """
    events = Event.objects.filter(type__in=BOARD_EVENTS)
    if not actor.everywhere:
        events = events.filter(site_id__any_of=actor.site_ids)
    return str(events.order_by("-recorded_at", "-pk").values_list("pk", flat=True).first() or 0)


def cards(*, actor: Actor, now: datetime, past: int = 0) -> list[Card]:
    """Those who have waited longest, the longest first, at most `MOST_FAMILIES` after the first `past`. Four queries."""
    sees_health = actor.can(Capability.SEE_HEALTH)
    households = with_care(with_last_arrival(waiting(actor).for_board())).select_related("guest_site__city")
    if sees_health:
        isolation = Isolation.objects.open().filter(household=OuterRef("pk"))
        row = JSONObject(begun_at="begun_at", retest_on="retest_on", way="way")
        households = households.annotate(isolation_row=Subquery(isolation.values(row=row)[:1]))
    else:
        households = households.annotate(guest_isolates=isolates_only(shelter__site=OuterRef("guest_site")))
    longest_first = households.order_by("step_at", "pk")[past : past + MOST_FAMILIES]
    return [_card(household, now, sees_health) for household in longest_first]


def total(found: Sequence[Card], *, actor: Actor, past: int) -> int:
    """How many families wait in all, where `found` were shown after the first `past`. A query only where that is not all of them."""
    return past + len(found) if len(found) < MOST_FAMILIES and not past else waiting(actor).count()


def with_last_arrival(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with how they came last, also as part of another: over which crossing, when, and whether from court."""
    newest = Arrival.objects.order_by("-occurred_at", "-pk")
    row = JSONObject(crossing_id="crossing_id", crossing="crossing__name", kind="kind", occurred_at="occurred_at")
    own = newest.filter(household=OuterRef("pk")).values(row=row)[:1]
    with_another = newest.filter(steps__person__household=OuterRef("pk")).values(row=row)[:1]
    return households.annotate(arrival_row=Coalesce(Subquery(own), Subquery(with_another)))


def lanes_open_to(actor: Actor) -> list[Lane]:
    """The lanes that `actor` may know of, left to right."""
    return [lane for lane in Lane if lane not in HEALTH_LANES or actor.can(Capability.SEE_HEALTH)]


def lanes(found: Iterable[Card], *, actor: Actor, current: str = "", start: int = 0) -> list[BoardLane]:
    """`found`, cards made for `actor`, by lane, each with at most `CARDS_PER_LANE` cards: the `current` one from `start` on."""
    by_lane: dict[Lane, list[Card]] = {lane: [] for lane in lanes_open_to(actor)}
    for card in found:
        by_lane[card.lane].append(card)
    return [_lane_of_board(lane, here, start if lane == current else 0) for lane, here in by_lane.items()]


def crossings_of(found: Iterable[Card]) -> list[tuple[int, str, int]]:
    """The crossings over which `found` came, with how many households came over each, most first; none where it is one."""
    counts: dict[tuple[int, str], int] = {}
    for card in found:
        if card.crossing:
            counts[card.crossing] = counts.get(card.crossing, 0) + 1
    if len(counts) < len(("this one", "another one")):
        return []
    return [(key, name, count) for (key, name), count in sorted(counts.items(), key=lambda each: -each[1])]


def _lane_of_board(lane: Lane, here: list[Card], start: int) -> BoardLane:
    begin = start if start < len(here) else 0
    shown = here[begin : begin + CARDS_PER_LANE]
    return BoardLane(
        lane=lane,
        cards=shown,
        families=len(here),
        people=sum(card.size for card in here),
        before=begin,
        hidden=len(here) - begin - len(shown),
    )


def _card(household: Any, now: datetime, sees_health: bool) -> Card:
    people = household.members
    today = household.day_at(now)
    minors = sum(person.is_minor_on(today) for person in people)
    lane = _lane(household, people, sees_health)
    arrival = household.arrival_row or {}
    is_from_court = arrival.get("kind") == Arrival.Kind.COURT_RETURN
    since = datetime.fromisoformat(arrival["occurred_at"]) if is_from_court else None
    return Card(
        household=household,
        lane=lane,
        name=family_name(people),
        since=household.step_at,
        adults=len(people) - minors,
        minors=minors,
        missing=tuple(_tags(_Seen(household, people, today, sees_health, since), lane)),
        isolation_day=isolation_day(today, household.day_at(household.step_at)) if lane == Lane.ISOLATED else None,
        undocumented=sum(not person.papers for person in people),
        crossing=(arrival["crossing_id"], arrival["crossing"]) if arrival.get("crossing_id") else None,
        is_from_court=is_from_court,
        people=_lines(people, lane, today, since)
        if len(people) > 1 and (sees_health or lane != Lane.DOCUMENTED)
        else (),
    )


def _lane(household: Household, people: list[Any], sees_health: bool) -> Lane:
    if household.step == Step.ISOLATED:
        return Lane.ISOLATED if sees_health else Lane.DOCUMENTED
    if household.is_without_place:
        return Lane.TO_PLACE
    if sees_health and any(not test.result for person in people for test in person.swabs):
        return Lane.TESTING
    return Lane.DOCUMENTED if household.step == Step.DOCUMENTED else Lane.RECEIVED


def _lines(people: list[Any], lane: Lane, today: date, since: datetime | None) -> tuple[Line, ...]:
    """The people of a card whose button notes a paper or a test, so that some of them can be left out."""
    if lane == Lane.RECEIVED and any(not person.papers for person in people):
        done = {person.pk for person in people if person.papers}
        asked = {person.pk for person in people}
    elif lane == Lane.DOCUMENTED:
        done = {person.pk for person in people if tests_since(person, since)}
        asked = {person.pk for person in people if not person.is_minor_on(today)}
    else:
        return ()
    return tuple(
        Line(
            pk=person.pk,
            name=person.full_name or _("Person %(number)d") % {"number": person.position},
            age=person.age_on(today),
            is_asked=person.pk in asked,
            is_done=person.pk in done,
        )
        for person in people
    )


def tests_since(person: Any, since: datetime | None) -> list[CovidTest]:
    """The tests of `person`, newest first, since they came back from court (`since`), or all of them."""
    return [test for test in person.swabs if since is None or test.taken_at >= since]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A household as its card is made: on which day, for eyes that see health or not, with tests since `since` counting."""

    household: Any
    people: list[Any]
    today: date
    sees_health: bool
    since: datetime | None


def _tags(seen: _Seen, lane: Lane) -> Iterable[Tag]:
    household = seen.household
    if seen.since is not None:
        yield Tag("gavel", _("back from court"))
    yield from care_tags(household, seen.people, seen.today)
    if lane == Lane.ISOLATED:
        yield from _isolation_tags(household)
        return
    undocumented = sum(not person.papers for person in seen.people)
    if undocumented:
        yield Tag(
            "file-off", ngettext("%(n)d without document", "%(n)d without document", undocumented) % {"n": undocumented}
        )
    if seen.sees_health:
        yield from _test_tags(seen)
    if household.guest_site_id and lane == Lane.TO_PLACE:
        yield Tag("bed", _("bed kept: %(place)s") % {"place": _host_told(seen)})
    if not any(person.phone for person in seen.people):
        yield Tag("phone-off", _("no phone"))
    if household.language != "spa":
        yield Tag("language", languages.autonym_of(household.language))


def _host_told(seen: _Seen) -> str:
    """What the shelter where the household slept is called."""
    host, isolates = seen.household.guest_site, getattr(seen.household, "guest_isolates", False)
    return name_told(host.name, host.city.name, is_isolation=isolates, sees_health=seen.sees_health)


def _test_tags(seen: _Seen) -> Iterable[Tag]:
    tests = {person.pk: tests_since(person, seen.since) for person in seen.people}
    waiting = sum(not test.result for found in tests.values() for test in found)
    untested = sum(not tests[person.pk] and not person.is_minor_on(seen.today) for person in seen.people)
    if waiting:
        yield Tag("test-pipe", ngettext("%(n)d result missing", "%(n)d results missing", waiting) % {"n": waiting})
    elif untested and not seen.household.is_without_place:
        yield Tag(
            "test-pipe",
            ngettext("%(n)d adult without test", "%(n)d adults without test", untested) % {"n": untested},
        )


def _isolation_tags(household: Any) -> Iterable[Tag]:
    row = getattr(household, "isolation_row", None) or {}
    if household.guest_site_id:
        yield Tag("bed", household.guest_site.name)
    if row.get("way"):
        yield Tag("calendar", _("retest %(day)s") % {"day": short_day(date.fromisoformat(row["retest_on"]))})
    else:
        yield Tag("users", _("ask how they isolate"))
