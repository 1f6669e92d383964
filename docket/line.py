"""What a caller of the EOIR line sees: one number and a nationality at a time, while the list lasts. Never what we believe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.models import Person
from core.actors import Actor
from core.look import ClockFace
from hearings import line
from hearings.models import CheckBatch, CheckCall, CheckCallQuerySet
from places import nationalities


@dataclass(frozen=True)
class Question:
    """The call to make now: nine digits in threes, the country with EOIR's own code for it."""

    call: CheckCall
    digits: Sequence[str]
    country: str
    code: str

    @property
    def household(self) -> UUID:
        """Whose number it is, for the read log."""
        return self.call.hearing.household.uid


@dataclass(frozen=True)
class CallerList:
    """The list of a caller as it stands: what to ask next (None: all asked), how far it is, until when it lasts."""

    batch: CheckBatch
    question: Question | None
    done: int
    all: int

    @property
    def number(self) -> str:
        """The number of the line."""
        return line.NUMBER

    @property
    def dialled(self) -> str:
        """The same as a phone dials it."""
        return line.NUMBER.replace(" ", "")

    @property
    def until(self) -> ClockFace:
        """When it runs out, on the clocks of its site."""
        city = self.batch.site.city
        return ClockFace(moment=self.batch.expires_at, zone=city.zone, city=city.name)


def open_calls(actor: Actor, now: datetime) -> CheckCallQuerySet:
    """The calls that `actor` may still make of the list that is open at `now`, in their order."""
    calls = _calls_of(actor, now).to_make()
    return calls.select_related("batch__site__city", "hearing__household", "person")


def answered_calls(actor: Actor, now: datetime) -> CheckCallQuerySet:
    """The calls of that list to which `actor` noted an answer."""
    return _calls_of(actor, now).answered()


def _calls_of(actor: Actor, now: datetime) -> CheckCallQuerySet:
    mine = CheckBatch.objects.open_at(now).of_caller(actor)
    return CheckCall.objects.visible_to(actor).filter(batch__in=mine)


def list_of(*, actor: Actor, now: datetime) -> CallerList | None:
    """The list that `actor` has at `now`; None without one."""
    batch = CheckBatch.objects.visible_to(actor).open_at(now).of_caller(actor).select_related("site__city").first()
    if batch is None:
        return None
    calls = list(batch.calls.select_related("hearing__household", "person").order_by("tries", "position"))
    to_make = [call for call in calls if call.answered_at is None and call.lapsed_at is None]
    return CallerList(batch, _question(to_make[0]) if to_make else None, len(calls) - len(to_make), len(calls))


def _question(call: CheckCall) -> Question:
    person: Person = call.person
    digits = [person.a_number[start : start + 3] for start in (0, 3, 6)]
    country = nationalities.name_of(person.nationality) if person.nationality else ""
    return Question(call, digits, country, nationalities.to_eoir(person.nationality))
