"""One tap at the bridge: the usual next thing, for the whole household or for those ticked."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cases.actions.covid import take_tests
from cases.actions.papers import give_documents
from cases.actions.steps import take_step
from cases.kinds import ANTIGEN, FMM, paper_kind
from cases.models import Arrival, CovidTest, Household, Person
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError


class NothingLeftToDo(DomainError):
    """Somebody else did it first, or nobody of the household needs it."""

    code = "nothing_left_to_do"
    message = _("This was already done for everybody in this family.")


def document_all(*, household: Household, people: Iterable[Person] | None = None, actor: Actor, at: datetime) -> None:
    """Note that everybody without a document, or those told, were given the multiple migration form today, valid for its usual days.

    Raises NotAllowed, NothingLeftToDo.
    """
    today = household.day_at(at)
    given = give_documents(
        household=household,
        people=household.people.filter(documents=None) if people is None else people,
        kind=FMM,
        issued_on=today,
        valid_until=paper_kind(FMM).usual_end(today),
        actor=actor,
        at=at,
    )
    if not given:
        raise NothingLeftToDo()


def check_papers(*, household: Household, people: Iterable[Person] | None = None, actor: Actor, at: datetime) -> None:
    """Note that the papers that everybody brought count: who comes back from court still has those of the first time.

    Raises NotAllowed, NothingLeftToDo where somebody has none.
    """
    if household.people.filter(documents=None).exists():
        raise NothingLeftToDo()
    take_step(household=household, step=Step.DOCUMENTED, people=people, actor=actor, at=at)


def take_tests_of_adults(
    *, household: Household, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> None:
    """Note that every adult, or those told, took a rapid antigen test now; minors are tested only with symptoms.

    Who was tested since they last came over the bridge is not tested again. Raises NotAllowed, NothingLeftToDo.
    """
    arrived_at = Arrival.objects.last_of(household).occurred_at
    tested = CovidTest.objects.filter(person__household=household, taken_at__gte=arrived_at).values_list(
        "person_id", flat=True
    )
    if people is None:
        day = household.day_at(at)
        people = [person for person in household.people.exclude(pk__in=tested) if not person.is_minor_on(day)]
    if not take_tests(household=household, people=people, kind=ANTIGEN, taken_at=at, actor=actor, at=at):
        raise NothingLeftToDo()


def back_to_their_place(
    *, household: Household, people: Iterable[Person] | None = None, actor: Actor, at: datetime
) -> None:
    """Note that a household that kept its place while it was at court is back in it. Raises NotAllowed, NothingLeftToDo."""
    if household.guest_site_id is None or not household.is_without_place:
        raise NothingLeftToDo()
    take_step(household=household, step=Step.PLACED, people=people, actor=actor, at=at)
