"""What one source states about a hearing, and keeping it as claims: one for each fact that it names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypedDict

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Household, Person
from core.errors import DomainError
from hearings import rules
from hearings.models import Claim, Hearing, Representation
from places import languages, zones
from places.models import Court, Crossing, HearingLocation

Source = Claim.Source
Fact = Claim.Fact
# Who states nothing: estimates and decisions are made here, never noted as a source's word.
NO_SOURCE = rules.ESTIMATED | {Source.DECISION.value}


class ReportWithoutCrossing(DomainError):
    """A time at the bridge means nothing without the bridge: the clock to read it on is unknown."""

    code = "report_without_crossing"
    message = _("Say which crossing the time at the bridge is for.")
    http_status = 422


class SourceCannotTell(DomainError):
    """A rule of the crossing is no source: estimates are made here, never noted."""

    code = "source_cannot_tell"
    message = _("Say who or which paper states this.")
    http_status = 422


class NotOfThisHousehold(DomainError):
    """Somebody on the summons belongs to another household."""

    code = "not_of_this_household"
    message = _("Somebody on this hearing belongs to another family. Choose again.")
    http_status = 422


class NothingSaid(DomainError):
    """A change names at least one fact."""

    code = "nothing_said"
    message = _("Write at least one thing that the new source says.")
    http_status = 422


class InterpreterUnknown(DomainError):
    """The language of the interpreter is none that the product knows."""

    code = "interpreter_unknown"
    message = _("Choose the language of the interpreter from the list.")
    http_status = 422


WORDS = "court_id location_id local_on local_time zone crossing_id kind judge language people representation_id".split()


class MoreFacts(TypedDict, total=False):
    """What a source may say besides court, date and time."""

    location: HearingLocation | None
    crossing: Crossing | None
    report_on: date | None
    report_time: time | None
    kind: str
    judge: str
    interpreter: str
    people: Iterable[Person] | None
    representation: Representation | None


class Facts(MoreFacts, total=False):
    """What a source may say of a hearing that is noted already, as keywords of a deed (see `Stated`)."""

    court: Court | None
    court_on: date | None
    court_time: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The facts that a paper or a person states; what it does not say is None or empty.

    Wall times are those of the paper: the court's on the court's clock, the bridge's on the crossing's. `interpreter` is ISO 639-3.
    `representation` is who says so, where the source is a lawyer.
    """

    court: Court | None = None
    location: HearingLocation | None = None
    court_on: date | None = None
    court_time: time | None = None
    crossing: Crossing | None = None
    report_on: date | None = None
    report_time: time | None = None
    kind: str = ""
    judge: str = ""
    interpreter: str = ""
    people: Iterable[Person] | None = None
    representation: Representation | None = None

    @property
    def says_court_time(self) -> bool:
        """Whether it gives the court's date or time."""
        return self.court_on is not None or self.court_time is not None

    @property
    def says_report_time(self) -> bool:
        """Whether it gives a day or time at the bridge."""
        return self.report_on is not None or self.report_time is not None

    @property
    def says_nothing(self) -> bool:
        """Whether it gives no fact at all."""
        return not (
            self.says_court_time
            or self.says_report_time
            or any((self.court, self.crossing, self.kind, self.judge, self.interpreter, self.people is not None))
        )

    def beside(self, hearing: Hearing) -> "Stated":
        """The same, where a date without its time keeps the time that `hearing` shows, and a time its date."""
        return replace(
            self,
            court_on=(self.court_on or hearing.court_on) if self.says_court_time else None,
            court_time=(self.court_time or hearing.court_time) if self.says_court_time else None,
            report_on=self.report_on or (None if self.says_court_time else hearing.report_on) or self.court_on,
            report_time=(self.report_time or hearing.report_time) if self.says_report_time else None,
        )


def state(hearing: Hearing, stated: Stated, *, source: str, said_on: date) -> list[Claim]:
    """Keep what one source says of `hearing`, as it says it, and return what is new. A time that the clocks skip is refused here.

    Raises ReportWithoutCrossing, SourceCannotTell, NotOfThisHousehold, InterpreterUnknown, zones.NonexistentTime.
    """
    if source in NO_SOURCE:
        raise SourceCannotTell()
    claims = [*_of_court(hearing, stated), *_of_bridge(hearing, stated), *_of_the_rest(hearing, stated)]
    lawyer = stated.representation if source == Source.LAWYER else None
    if lawyer is not None and lawyer.household_id != hearing.household_id:
        raise NotOfThisHousehold()
    for claim in claims:
        claim.hearing, claim.source, claim.said_on = hearing, source, said_on
        claim.representation = lawyer
    return Claim.objects.bulk_create(_that_are_new(claims, hearing, source, said_on))


def _that_are_new(claims: Iterable[Claim], hearing: Hearing, source: str, said_on: date) -> list[Claim]:
    """`claims` without what is, word for word, the last that the same source said of it on the same day: a form sent twice.

    What was set aside by a decision since is said anew: it is no longer weighed.
    """
    same = Q(source=source, said_on=said_on) | Q(source=Source.DECISION)
    before = Claim.objects.counting().filter(same, hearing=hearing).order_by("pk")
    last = {claim.fact: None if claim.is_decision else _words(claim) for claim in before}
    return [claim for claim in claims if last.get(claim.fact) != _words(claim)]


def _words(claim: Claim) -> tuple[object, ...]:
    """All that a claim says, and who says it."""
    return tuple(getattr(claim, name) for name in WORDS)


def _of_court(hearing: Hearing, stated: Stated) -> Iterable[Claim]:
    if stated.court is not None:
        yield Claim(fact=Fact.COURT, court=stated.court, location=stated.location)
    if stated.court_on is not None and stated.court_time is not None:
        zone = stated.court.zone if stated.court else hearing.court_zone
        yield _time_claim(Fact.COURT_TIME, stated.court_on, stated.court_time, zone)


def _of_bridge(hearing: Hearing, stated: Stated) -> Iterable[Claim]:
    if stated.crossing is not None:
        yield Claim(fact=Fact.CROSSING, crossing=stated.crossing)
    if stated.report_time is not None:
        at_bridge = stated.crossing or hearing.report_crossing
        if at_bridge is None:
            raise ReportWithoutCrossing()
        day = stated.report_on or stated.court_on or hearing.court_on
        yield _time_claim(Fact.REPORT_TIME, day, stated.report_time, at_bridge.zone)


def _of_the_rest(hearing: Hearing, stated: Stated) -> Iterable[Claim]:
    if stated.kind:
        yield Claim(fact=Fact.KIND, kind=Hearing.Kind(stated.kind).value)
    if stated.judge:
        yield Claim(fact=Fact.JUDGE, judge=stated.judge)
    if stated.interpreter:
        if stated.interpreter not in languages.LANGUAGES:
            raise InterpreterUnknown()
        yield Claim(fact=Fact.INTERPRETER, language=stated.interpreter)
    if stated.people is not None:
        people = summoned(hearing.household, stated.people)
        yield Claim(fact=Fact.PEOPLE, people=sorted(person.pk for person in people))


def _time_claim(fact: str, day: date, clock: time, zone: str) -> Claim:
    """A claim about a wall time, once that time is known to exist."""
    zones.wall_to_utc(rules.wall(day, clock), zone)
    return Claim(fact=fact, local_on=day, local_time=clock, zone=zone)


def summoned(household: Household, people: Iterable[Person] | None) -> list[Person]:
    """Who must appear: those named, or the whole household where nobody is. Raises NotOfThisHousehold."""
    if people is None:
        return list(Person.objects.filter(household=household).in_order())
    chosen = list(people)
    if any(person.household_id != household.pk for person in chosen):
        raise NotOfThisHousehold()
    return chosen
