"""What happened to one fictional household, told as plain values; `demo.rows` turns it into rows."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from random import Random
from uuid import UUID

from cases.models import CovidTest, PhoneOwner, Relation, Sex
from cases.states import Step
from demo.names import Namer
from hearings.models import Claim, Hearing
from shelters.models import LeavingReason

MINORS_UNTIL = 18
DAYS_OF_YEAR = 365.25
FICTIONAL_A_NUMBERS = 900_000_000  # EOIR's own numbers are far lower


@dataclass(slots=True, kw_only=True)
class PersonStory:
    """One person."""

    uid: UUID
    given_names: str
    surnames: str
    birth_date: date | None
    birth_is_estimated: bool
    sex: str
    nationality: str
    relation: str
    a_number: str = ""
    has_no_a_number_yet: bool = False
    phone: str = ""
    phone_owner: str = ""
    email: str = ""
    is_minor: bool = False


class Report(StrEnum):
    """How the time at the bridge is known."""

    DOCUMENTED = "documented"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


@dataclass(slots=True, kw_only=True)
class HearingStory:
    """One hearing, by the court's wall clock; `contradicts` is what the notice says where the sheet says otherwise."""

    uid: UUID
    court: str
    court_zone: str
    court_on: date
    court_time: time
    crossing: str
    noted_at: datetime
    report: Report = Report.DOCUMENTED
    kind: str = Hearing.Kind.INITIAL_MASTER
    status: str = Hearing.Status.SCHEDULED
    source: str = Claim.Source.MPP_SHEET
    verified_at: datetime | None = None
    contradicts: time | None = None
    missed: bool = False


@dataclass(slots=True, kw_only=True)
class TestStory:
    """A COVID-19 test of all adults."""

    taken_at: datetime
    resulted_at: datetime | None
    result: str = CovidTest.Result.NOT_DETECTED


@dataclass(slots=True, kw_only=True)
class StayStory:
    """A place given at `begins_at`; which one is chosen when it is written. Open without an end."""

    begins_at: datetime
    ends_at: datetime | None = None
    reason: str = LeavingReason.LEFT


@dataclass(slots=True, kw_only=True)
class HouseholdStory:
    """One household from the bridge on. `steps` are those of reception, in order; `ends` what closed the case."""

    uid: UUID
    arrival_uid: UUID
    site: str
    crossing: str
    arrived_at: datetime
    language: str
    people: list[PersonStory]
    steps: list[tuple[Step, datetime]] = field(default_factory=list)
    documented_on: date | None = None
    tests: list[TestStory] = field(default_factory=list)
    stay: StayStory | None = None
    held_at: datetime | None = None
    hearings: list[HearingStory] = field(default_factory=list)
    ends: list[tuple[Step, datetime]] = field(default_factory=list)
    agrees_to_messages: bool = True
    agrees_to_partners: bool = True

    @property
    def last_step(self) -> tuple[Step, datetime]:
        """Where the household stands, and since when."""
        return (self.ends or self.steps)[-1]


@dataclass(slots=True)
class Maker:
    """Makes the people of one batch; `number` counts people over all batches, so that A-numbers never repeat."""

    rng: Random
    number: int

    def uid(self) -> UUID:
        """A random identifier of version 4 that the seed decides."""
        return UUID(int=self.rng.getrandbits(128), version=4)

    def family(
        self, *, size: int, nationality: str, language: str, arrived_on: date, area_code: str
    ) -> list[PersonStory]:
        """A household of `size`: adults first, then children, as they would be logged."""
        rng = self.rng
        adults = 1 if size == 1 else self._adults_of(size)
        namer = Namer(rng, nationality, language)
        fathers, mothers = namer.surnames(), namer.surnames()
        head_sex = Sex.FEMALE if rng.random() < (0.24 if size == 1 else 0.6) else Sex.MALE
        people = []
        for place in range(size):
            is_minor = place >= adults
            sex = head_sex if place == 0 else self._sex_of(is_minor, head_sex)
            own = fathers if place == 0 else mothers if not is_minor else (fathers[0], mothers[0])
            people.append(self._person(namer, sex, own, place=place, is_minor=is_minor, arrived_on=arrived_on))
        self._give_contact(people, area_code)
        return people

    def _adults_of(self, size: int) -> int:
        if size == 2:
            return 1 if self.rng.random() < 0.78 else 2
        return 2 if self.rng.random() < 0.55 else 1

    def _sex_of(self, is_minor: bool, head_sex: str) -> str:
        if is_minor:
            return Sex.FEMALE if self.rng.random() < 0.48 else Sex.MALE
        return Sex.MALE if head_sex == Sex.FEMALE else Sex.FEMALE

    def _person(
        self, namer: Namer, sex: str, surnames: tuple[str, str], *, place: int, is_minor: bool, arrived_on: date
    ) -> PersonStory:
        rng = self.rng
        age = rng.triangular(0, MINORS_UNTIL - 0.1, 6) if is_minor else rng.triangular(18.1, 62, 27)
        born = date.fromordinal(arrived_on.toordinal() - int(age * DAYS_OF_YEAR) - 1)
        estimated = rng.random() < 0.03
        if estimated:  # someone who only knows an age, as `cases.rules.birth_from_age` keeps it
            born = date(born.year, 7, 1)
        has_number = rng.random() < 0.94
        number = FICTIONAL_A_NUMBERS + (self.number * 7919) % 99_999_989  # a prime: each number once
        self.number += 1
        return PersonStory(
            uid=self.uid(),
            given_names=namer.given(sex),
            surnames=" ".join(filter(None, surnames)),
            birth_date=born,
            birth_is_estimated=estimated,
            sex=sex,
            nationality=namer.nationality,
            relation=Relation.HEAD if place == 0 else Relation.CHILD if is_minor else Relation.PARTNER,
            a_number=str(number) if has_number else "",
            has_no_a_number_yet=not has_number,
            is_minor=is_minor,
        )

    def _give_contact(self, people: list[PersonStory], area_code: str) -> None:
        """Phones: own, shared with others in the house, or none. No Mexican number goes on with a 0: nobody's phone rings."""
        head, chance = people[0], self.rng.random()
        if chance < 0.82:
            digits = 10 - len(area_code) - 1
            head.phone = f"+52{area_code}0{self.rng.randrange(10**digits):0{digits}d}"
            head.phone_owner = PhoneOwner.OWN if chance < 0.56 else PhoneOwner.SHARED
        elif chance < 0.94:
            head.phone_owner = PhoneOwner.NONE
        if chance > 0.95:
            head.email = f"persona.{self.number}@example.org"
