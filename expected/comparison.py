"""The announced list of a day against who came: who is to be decided, who is still to come, who came, whom nobody announced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases import rules as people_rules
from cases.models import Arrival, Person, Sex
from core.actors import Actor
from expected.candidates import with_people
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedList, ExpectedPerson, Pairing
from expected.rules import Reason
from places import nationalities
from places.models import Site

ROWS = 40
MOST_NAMES = 4


class Show(models.TextChoices):
    """The parts of the page, one at a time."""

    DOUBTFUL = "doubtful", gettext_lazy("To decide")
    MISSING = "missing", gettext_lazy("Still to come")
    CAME = "came", gettext_lazy("Came")
    UNANNOUNCED = "unannounced", gettext_lazy("Not on the list")
    TAKEN_OFF = "taken_off", gettext_lazy("Taken off the list")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as two lines are compared: name, then sex, age and country."""

    name: str
    details: str


@dataclass(frozen=True, slots=True)
class Party:
    """A family of either side: what it is called, how many, and the first of its people."""

    title: str
    size: int
    members: Sequence[Member]

    @property
    def is_alone(self) -> bool:
        """Whether it is one person, whose name is the title."""
        return self.size == 1 and bool(self.members)

    @property
    def more(self) -> int:
        """How many of them are not named."""
        return max(0, self.size - len(self.members))


@dataclass(frozen=True, slots=True)
class Came:
    """A family that came: its file, and when."""

    uid: UUID
    code: str
    at: datetime
    party: Party


@dataclass(frozen=True, slots=True)
class Announced:
    """A family of the list, whoever came as it, and whether a corrected list brought or changed it.

    `arrival` is the one about which it is asked whether it is this family.
    """

    uid: UUID
    position: int
    crossing: str
    party: Party
    mark: str
    came: Came | None = None
    reason: str = ""
    arrival: UUID | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Somebody who came, and those of the list that they may be, the likest first."""

    came: Came
    offers: Sequence[Announced]


@dataclass(frozen=True)
class Comparison:
    """One day at one site. `day` is None while no list came for it."""

    site: Site
    on: date
    now: datetime
    day: ExpectedDay | None
    last: "LastList | None"
    show: Show
    page: int
    questions: Sequence[Question] = field(default_factory=tuple)
    announced: Sequence[Announced] = field(default_factory=tuple)
    unannounced: Sequence[Came] = field(default_factory=tuple)

    @property
    def is_over(self) -> bool:
        """Whether the day has ended on the clocks of the site: who is missing did not arrive."""
        return self.day is not None and self.now >= self.day.ends_at

    @cached_property
    def counts(self) -> dict[Show, int]:
        """How many families stand in each part."""
        day = self.day
        if day is None:
            return dict.fromkeys(Show, 0)
        return {
            Show.DOUBTFUL: day.families_doubtful,
            Show.MISSING: day.families_missing,
            Show.CAME: day.families_came,
            Show.UNANNOUNCED: day.unannounced,
            Show.TAKEN_OFF: day.taken_off,
        }

    @property
    def parts(self) -> list[tuple[Show, str, int]]:
        """The parts with their names and counts; a list that nobody corrected took nobody off."""
        words = {Show.MISSING: _("Did not arrive")} if self.is_over else {}
        return [
            (show, words.get(show, str(show.label)), count)
            for show, count in self.counts.items()
            if count or show not in (Show.DOUBTFUL, Show.TAKEN_OFF) or show == self.show
        ]

    @property
    def bar(self) -> list[tuple[str, str, str]]:
        """Announced families to scale: class, begin and width of who came and of who is to be decided; the rest is the track."""
        if self.day is None or not self.day.families:
            return []
        share = 100 / self.day.families
        came, doubtful = self.day.families_came * share, self.day.families_doubtful * share
        return [("ok", "0%", f"{came:.1f}%"), ("warn", f"{came:.1f}%", f"{doubtful:.1f}%")]

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        return self.counts[self.show] > self.page * ROWS

    @property
    def seen(self) -> set[UUID]:
        """Whoever is shown, for the record of reads."""
        rows = [*self.announced, *(offer for question in self.questions for offer in question.offers)]
        came = [*self.unannounced, *(question.came for question in self.questions)]
        came += [row.came for row in rows if row.came]
        return {row.uid for row in rows} | {each.uid for each in came}


@dataclass(frozen=True, slots=True)
class LastList:
    """The list in force: which of the day, from whom, when, and what it changed."""

    number: int
    source: ExpectedList.Source
    received_at: datetime
    added: int
    changed: int
    taken_off: int


def comparison(*, site: Site, on: date, show: str, page: int, actor: Actor, now: datetime) -> Comparison:
    """The day `on` at `site` as it stands at `now`, with the part `show` (what needs a person first, unless told). At most 4 queries."""
    last = ExpectedList.objects.filter(day=OuterRef("pk")).order_by("-number")
    facts = JSONObject(**{name: name for name in ("number", "source", "received_at", "added", "changed", "taken_off")})
    days: QuerySet[Any] = ExpectedDay.objects.visible_to(actor).filter(site=site, day=on).with_counts()
    day = days.annotate(last=Subquery(last.values(row=facts)[:1])).first()
    page = max(1, page)
    if day is None:
        return Comparison(site, on, now, None, None, Show.MISSING, page)
    first = Show.DOUBTFUL if day.families_doubtful else Show.MISSING
    chosen = Show(show) if show in Show.values else first
    return Comparison(site, on, now, day, _last(day), chosen, page, **_rows(day, chosen, (page - 1) * ROWS))


def _last(day: Any) -> LastList | None:
    if day is None or day.last is None:
        return None
    facts = day.last
    return LastList(
        number=facts["number"],
        source=ExpectedList.Source(facts["source"]),
        received_at=datetime.fromisoformat(facts["received_at"]),
        added=facts["added"],
        changed=facts["changed"],
        taken_off=facts["taken_off"],
    )


def _rows(day: ExpectedDay, show: Show, begins: int) -> dict[str, Any]:
    """The rows of one part, as fields of `Comparison`."""
    if show == Show.DOUBTFUL:
        return {"questions": _questions(day, begins)}
    if show == Show.UNANNOUNCED:
        return {"unannounced": [_came(arrival, day.day) for arrival in _unannounced(day)[begins : begins + ROWS]]}
    households = ExpectedHousehold.objects.filter(day=day)
    parts = {
        Show.MISSING: households.standing().unmatched().exclude(pk__in=households.offered().values("pk")),
        Show.CAME: households.standing().matched(),
        Show.TAKEN_OFF: households.filter(withdrawn_in__isnull=False),
    }
    rows = parts[show].select_related("crossing", "announced_in").order_by("position", "pk")
    shown = with_people(rows)[begins : begins + ROWS]
    pairings = _pairings(shown) if show == Show.CAME else {}
    return {"announced": [_announced(row, day.day, pairings.get(row.pk)) for row in shown]}


def _people_of(household: str) -> "Prefetch[str, Any, str]":
    """The people of the households that came, by the path to these, without their numbers."""
    people = Person.objects.defer("a_number", "phone", "email", "notes").order_by("position", "pk")
    return Prefetch(f"{household}__people", people)


def _with_who_came(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """`pairings` with the households that came, as `_came` needs them: the file that stands, where theirs was merged since."""
    households = ("arrival__household", "arrival__household__merged_into")
    return pairings.select_related(*households).prefetch_related(*(_people_of(path) for path in households))


def _pairings(households: Iterable[ExpectedHousehold]) -> dict[int, Pairing]:
    keys = [household.pk for household in households]
    matched = _with_who_came(Pairing.objects.matched().filter(household__in=keys))
    return {pairing.household_id: pairing for pairing in matched}


def _unannounced(day: ExpectedDay) -> QuerySet[Arrival]:
    decided = Pairing.objects.of_coming().exclude(standing=Pairing.Standing.REFUSED)
    return (
        Arrival.objects.filter(
            ~Exists(decided),
            household__merged_into=None,
            site=day.site_id,
            kind=Arrival.Kind.FIRST_RETURN,
            occurred_at__gte=day.begins_at,
            occurred_at__lt=day.ends_at,
        )
        .select_related("household__merged_into")
        .prefetch_related(_people_of("household"))
        .order_by("occurred_at", "pk")
    )


def _questions(day: ExpectedDay, begins: int) -> list[Question]:
    open_ones = Pairing.objects.offered().filter(household__day=day, household__withdrawn_in__isnull=True)
    offers = (
        _with_who_came(open_ones)
        .select_related("household__crossing")
        .prefetch_related(Prefetch("household__people", ExpectedPerson.objects.order_by("position")))
        .order_by("arrival__occurred_at", "arrival", "-likeness")
    )
    # A file that was merged or joined brought its own arrival along: a family is asked about once, and once of each on the list.
    by_family: Mapping[int, dict[int, Pairing]] = defaultdict(dict)
    for offer in offers:
        came = offer.arrival.household
        by_family[came.merged_into_id or came.pk].setdefault(offer.household_id, offer)
    rows = [list(theirs.values()) for theirs in by_family.values()][begins : begins + ROWS]
    return [
        Question(_came(theirs[0].arrival, day.day), [_offered(offer, day.day) for offer in theirs]) for theirs in rows
    ]


def _came(arrival: Arrival, on: date) -> Came:
    household = arrival.household.merged_into or arrival.household
    people = list(household.people.all())
    party = _party(people, len(people), on)
    return Came(household.uid, household.code, arrival.occurred_at, party)


def _offered(offer: Pairing, on: date) -> Announced:
    household = offer.household
    crossing = household.crossing.label if household.crossing else ""
    party = _party(household.people.all(), household.size, on)
    reason = str(Reason(offer.reason).label)
    return Announced(household.uid, household.position, crossing, party, "", reason=reason, arrival=offer.arrival.uid)


def _announced(household: ExpectedHousehold, on: date, pairing: Pairing | None) -> Announced:
    return Announced(
        uid=household.uid,
        position=household.position,
        crossing=household.crossing.label if household.crossing else "",
        party=_party(household.people.all(), household.size, on),
        mark=_mark(household),
        came=_came(pairing.arrival, on) if pairing else None,
        reason=str(Reason(pairing.reason).label) if pairing else "",
    )


def _mark(household: ExpectedHousehold) -> str:
    """What a later list did to it: announced in it, or changed by it. The first list of a day marks nobody."""
    if household.changed_in_id:
        return _("corrected")
    return _("added later") if household.announced_in.number > 1 else ""


def _party(people: Iterable[Person | ExpectedPerson], size: int, on: date) -> Party:
    listed = list(people)
    return Party(_title(listed, size), size, [_member(person, on) for person in listed[:MOST_NAMES]])


def _title(people: Sequence[Person | ExpectedPerson], size: int) -> str:
    if not people:
        return _("Names no longer kept")
    head = people[0]
    if size == 1 or not head.surnames:
        return head.full_name or _("Name not known")
    return _("Family %(surnames)s") % {"surnames": head.surnames}


def _member(person: Person | ExpectedPerson, on: date) -> Member:
    facts = [str(Sex(person.sex).label)] if person.sex else []
    if person.birth_date:
        years = people_rules.age_on(person.birth_date, on)
        facts.append(ngettext("%(n)d year", "%(n)d years", years) % {"n": years})
    if person.nationality and nationalities.is_known(person.nationality):
        facts.append(nationalities.name_of(person.nationality))
    return Member(person.full_name or _("Name not known"), " · ".join(facts))
