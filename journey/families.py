"""A household as the pages of the journey know it: its people with papers, tests and places, and the hearing ahead.

Fifty households cost what one costs: three queries (people, hearings, what the hearings rest on). Whoever asks has fetched the
households through `visible_to`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from cases.kinds import PaperKind, TestKind, paper_kind, test_kind
from cases.kinship import TAKES_CARE, Flag, flags_of
from cases.models import (
    Absence,
    CovidTest,
    Document,
    Household,
    Kinship,
    Person,
    PersonQuerySet,
    Relation,
)
from cases.names import family_name
from core.actors import Actor, Capability
from core.questions import question
from hearings.models import Hearing
from journey.ahead import JUST_PASSED, all_of, next_of, off_among
from places import languages, zones
from places.models import City
from shelters.discretion import isolates_only, name_told
from shelters.models import GateOpening, Stay
from shelters.rules import Kind

MOST_OPENINGS = 20  # the newest: those of nights gone by say nothing


@dataclass(frozen=True, slots=True)
class Paper:
    """A document somebody holds; `valid_until` (the last day) is None where nobody noted it."""

    kind: PaperKind
    issued_on: date
    valid_until: date | None

    def covers(self, day: date) -> bool:
        """Whether it is known to be valid on `day`."""
        return self.valid_until is not None and self.issued_on <= day <= self.valid_until

    @property
    def short(self) -> str:
        """Its name without the explanation: "FMM"."""
        return self.kind.short


@dataclass(frozen=True, slots=True)
class Swab:
    """A COVID-19 test; no `result` means that it is awaited."""

    pk: int
    kind: TestKind
    taken_at: datetime
    result: CovidTest.Result | None


@dataclass(frozen=True, slots=True)
class Sleep:
    """Where somebody slept or sleeps (`ends_at` None), with the city for its clock.

    A room for isolation has no name here: why somebody sleeps apart is told by the step, to those who may see health. Nor has a
    shelter that only isolates, for the others.
    """

    unit_id: int
    unit: str
    shelter_id: int
    shelter: str
    shelter_uid: UUID
    city: City
    begins_at: datetime
    ends_at: datetime | None
    gate_opens: time | None = None
    gate_closes: time | None = None
    site_id: int | None = None

    @property
    def place(self) -> str:
        """Shelter and room in one line."""
        return f"{self.shelter}, {self.unit}" if self.unit else self.shelter


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the family with papers, tests and stays, newest first; who takes care of them by what was noted (`kin`, by key).

    `openings` are the hours at which somebody opens the gate where they sleep, besides its own.
    """

    person: Person
    papers: Sequence[Paper]
    swabs: Sequence[Swab]
    sleeps: Sequence[Sleep]
    kin: Mapping[int, str] = field(default_factory=dict)
    missing_since: datetime | None = None
    openings: Sequence[datetime] = ()

    @property
    def name(self) -> str:
        """The full name, or what to call someone whose name nobody wrote down."""
        return self.person.full_name or _("Person %(number)d") % {"number": self.person.position}

    @property
    def first_name(self) -> str:
        """The first given name, as people speak of each other."""
        return self.person.given_names.split(" ", maxsplit=1)[0] or self.name

    @property
    def sleep(self) -> Sleep | None:
        """Where they sleep now."""
        return next((sleep for sleep in self.sleeps if sleep.ends_at is None), None)

    @property
    def swab(self) -> Swab | None:
        """The last test."""
        return self.swabs[0] if self.swabs else None

    def is_minor_on(self, day: date) -> bool:
        """Whether under 18 on `day`; someone of unknown age counts as an adult."""
        return self.person.is_minor_on(day)

    def paper_on(self, day: date) -> Paper | None:
        """The paper to show for `day`: one that covers it, else the one that reaches furthest, else one without an end."""
        dated = sorted(
            (paper for paper in self.papers if paper.valid_until), key=lambda paper: paper.valid_until or day
        )
        covering = [paper for paper in dated if paper.covers(day)]
        best = covering or dated or list(self.papers)
        return best[-1] if best else None


@dataclass(frozen=True)
class Family:
    """A household with its people, and the standing hearing that it must go to next.

    Of one that was asked for alone (`family_of`) also its `later` hearings, and those ahead that are `off`.
    """

    household: Household
    members: Sequence[Member]
    hearing: Hearing | None
    later: Sequence[Hearing] = ()
    off: Sequence[Hearing] = ()

    def summoned_to(self, hearing: Hearing) -> Sequence[Member]:
        """Those whom `hearing` (fetched `for_clocks`) names; everybody where it names nobody."""
        return [each for each in self.members if each.person.pk in hearing.summoned] or self.members

    def going_to(self, uid: UUID) -> "Family | None":
        """The same family on its way to the hearing of `uid`; None unless that one stands and is ahead."""
        ahead = next((each for each in (self.hearing, *self.later) if each and each.uid == uid), None)
        return replace(self, hearing=ahead) if ahead else None

    @property
    def language(self) -> str:
        """The language to speak with them when it is not Spanish, by its own name."""
        code = self.household.language
        return "" if code == "spa" else languages.autonym_of(code)

    @property
    def zone(self) -> str:
        """The zone of the clocks at its site."""
        return self.household.site.city.zone

    @cached_property
    def head(self) -> Member | None:
        """Who speaks for the family; the first one when nobody was named."""
        heads = [member for member in self.members if member.person.relation == Relation.HEAD]
        return next(iter(heads or self.members), None)

    @property
    def title(self) -> str:
        """What staff call it, as on the board."""
        return family_name([member.person for member in self.members])

    @property
    def called_out(self) -> str:
        """The surnames of who speaks for them, as a desk calls out."""
        head = self.head.person if self.head else None
        return (head.surnames or head.given_names if head else "") or _("Name not known")

    def called(self, member: Member) -> str:
        """The first name of `member`, or the full one where another of the family is called so too."""
        alike = [each for each in self.members if each.first_name == member.first_name]
        return member.first_name if len(alike) == 1 else member.name

    @property
    def sleep(self) -> Sleep | None:
        """Where the head sleeps, or whoever has a place."""
        places = [member.sleep for member in self.members if member.sleep]
        return (self.head.sleep if self.head else None) or (places[0] if places else None)

    @property
    def sleeps_in(self) -> City:
        """The city where they sleep; that of their site while they have no place."""
        return self.sleep.city if self.sleep else self.household.site.city

    @property
    def told_of(self) -> list[Hearing]:
        """The hearings of which they must know: the next one, those after it, and those that are off."""
        return [hearing for hearing in (self.hearing, *self.later, *self.off) if hearing]

    def flags_on(self, day: date) -> list[Flag]:
        """What stands out on `day` about who takes care of whom."""
        kin = {(member.person.pk, key): kind for member in self.members for key, kind in member.kin.items()}
        return flags_of([member.person for member in self.members], day=day, kin=kin)

    @property
    def missing(self) -> list[Member]:
        """Those who are not with the family just now."""
        return [member for member in self.members if member.missing_since]

    def minors_on(self, day: date) -> list[Member]:
        """Those under 18 on `day`."""
        return [member for member in self.members if member.is_minor_on(day)]

    def adults_on(self, day: date) -> list[Member]:
        """Those who are not."""
        return [member for member in self.members if not member.is_minor_on(day)]


def families_of(
    households: Sequence[Household],
    *,
    now: datetime,
    actor: Actor | None = None,
    with_numbers: bool = False,
    hearings: Mapping[int, Hearing] | None = None,
) -> list[Family]:
    """`households` (fetched with `site__city`) as families, in their order, as they stand at `now`.

    A-numbers, phones and mailboxes are decrypted, and the sources of hearings fetched, only `with_numbers`. Whoever has the hearings
    already (by the household's key, `for_clocks`) gives them and saves two queries. Without an `actor`, or for one who may not see
    health, a shelter that only isolates is not named.
    """
    keys = [household.pk for household in households]
    members: dict[int, list[Member]] = {key: [] for key in keys}
    sees_health = actor is not None and actor.can(Capability.SEE_HEALTH)
    for person in _people(with_numbers, households=keys):
        members[person.household_id].append(_member(person, sees_health))
    if hearings is None:
        found = next_of(with_numbers, households=keys, since=now - JUST_PASSED)
        hearings = {hearing.household_id: hearing for hearing in found}
    return [Family(each, tuple(members[each.pk]), hearings.get(each.pk)) for each in households]


def families_of_hearings(
    hearings: Iterable[Hearing], *, now: datetime, actor: Actor | None = None
) -> dict[int, Family]:
    """The families of `hearings` (`for_clocks`, with `household__site__city`) by the household's key, each with its hearing among them.

    Of several of one household the last given is the hearing of its family; a list of hearings draws each row from its own.
    """
    by_household = {hearing.household_id: hearing for hearing in hearings}
    households = [hearing.household for hearing in by_household.values()]
    families = families_of(households, now=now, actor=actor, hearings=by_household)
    return {family.household.pk: family for family in families}


def family_of(household: Household, *, now: datetime, actor: Actor | None = None) -> Family:
    """One household as a family, with its numbers and all that is ahead of it."""
    hearings = all_of(households=[household.pk], since=now - JUST_PASSED)
    for hearing in hearings:
        hearing.household = household
    standing = [hearing for hearing in hearings if hearing.stands]
    ahead = {hearing.household_id: hearing for hearing in reversed(standing)}
    (family,) = families_of([household], now=now, actor=actor, with_numbers=True, hearings=ahead)
    return replace(family, later=standing[1:], off=off_among(hearings, now))


@question
def _people(with_numbers: bool, *, households: Sequence[int]) -> PersonQuerySet:
    """People in order with their papers, tests, stays, carers and absence, in one query."""
    of_person = OuterRef("pk")
    papers = Document.objects.filter(person=of_person).values(
        row=JSONObject(kind="kind", issued_on="issued_on", valid_until="valid_until")
    )
    swabs = CovidTest.objects.filter(person=of_person).values(
        row=JSONObject(pk="pk", kind="kind", taken_at="taken_at", result="result")
    )
    carers = Kinship.objects.standing().filter(person=of_person, kind__in=sorted(TAKES_CARE))
    openings = GateOpening.objects.standing().filter(
        shelter__units__stays__person=of_person, shelter__units__stays__ends_at=None
    )
    absence = Absence.objects.open().filter(person=of_person).values("noted_at")[:1]
    hidden = ("notes",) if with_numbers else ("email", "notes", "phone", "a_number")
    return (
        Person.objects.filter(household__any_of=households)
        .in_order()
        .defer(*hidden)
        .annotate(
            papers=ArraySubquery(papers.order_by("-issued_on", "-pk")),
            swabs=ArraySubquery(swabs.order_by("-taken_at", "-pk")),
            sleeps=ArraySubquery(_sleeps(of_person)),
            carers=ArraySubquery(carers.order_by("pk").values(row=JSONObject(relative="relative_id", kind="kind"))),
            missing_since=Subquery(absence),
            openings=ArraySubquery(openings.order_by("-opens_at").values("opens_at")[:MOST_OPENINGS]),
        )
    )


def _sleeps(of_person: OuterRef) -> QuerySet[Stay, Any]:
    """The stays of a person with the rooms and cities they are in, newest first."""
    return (
        Stay.objects.filter(person=of_person)
        .order_by("-begins_at", "-pk")
        .values(
            row=JSONObject(
                unit_id="unit_id",
                unit="unit__name",
                kind="unit__kind",
                shelter_id="unit__shelter_id",
                shelter="unit__shelter__name",
                shelter_uid="unit__shelter__uid",
                isolates=isolates_only(shelter=OuterRef("unit__shelter")),
                city_id="unit__shelter__site__city_id",
                city="unit__shelter__site__city__name",
                zone="unit__shelter__site__city__zone",
                state="unit__shelter__site__city__iso3166_2",
                latitude="unit__shelter__site__city__latitude",
                longitude="unit__shelter__site__city__longitude",
                begins_at="begins_at",
                ends_at="ends_at",
                site_id="unit__shelter__site_id",
                gate_opens="unit__shelter__gate_opens",
                gate_closes="unit__shelter__gate_closes",
            )
        )
    )


def _member(person: Any, sees_health: bool) -> Member:
    """`person`, annotated by `_people`, with the rows of its sub-selects as values."""
    return Member(
        person=person,
        papers=tuple(_paper(row) for row in person.papers),
        swabs=tuple(_swab(row) for row in person.swabs),
        sleeps=tuple(_sleep(row, sees_health) for row in person.sleeps),
        kin={row["relative"]: row["kind"] for row in person.carers},
        missing_since=person.missing_since,
        openings=person.openings or (),
    )


def _paper(row: dict[str, Any]) -> Paper:
    ends = row["valid_until"]
    return Paper(
        paper_kind(row["kind"]), date.fromisoformat(row["issued_on"]), date.fromisoformat(ends) if ends else None
    )


def _swab(row: dict[str, Any]) -> Swab:
    result = CovidTest.Result(row["result"]) if row["result"] else None
    return Swab(row["pk"], test_kind(row["kind"]), datetime.fromisoformat(row["taken_at"]), result)


def _sleep(row: dict[str, Any], sees_health: bool) -> Sleep:
    facts = {name: row[name] for name in ("zone", "latitude", "longitude")}
    city = City(pk=row["city_id"], name=row["city"], iso3166_2=row["state"], **facts)
    return Sleep(
        unit_id=row["unit_id"],
        unit="" if row["kind"] == Kind.ISOLATION else row["unit"],
        shelter_id=row["shelter_id"],
        shelter=name_told(row["shelter"], city.name, is_isolation=row["isolates"], sees_health=sees_health),
        shelter_uid=UUID(row["shelter_uid"]),
        city=city,
        begins_at=datetime.fromisoformat(row["begins_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]) if row["ends_at"] else None,
        site_id=row["site_id"],
        gate_opens=_hour(row["gate_opens"]),
        gate_closes=_hour(row["gate_closes"]),
    )


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def today_of(family: Family, now: datetime) -> date:
    """The date at the family's site."""
    return zones.local(now, family.zone).date()
