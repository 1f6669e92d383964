"""One tap at the bridge: the usual next thing, for the whole household."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cases.actions.covid import take_tests
from cases.actions.papers import give_documents
from cases.kinds import ANTIGEN, FMM
from cases.models import Arrival, CovidTest, Household
from core.actors import Actor
from core.errors import DomainError
from places import zones

# INM stamps the multiple migration form "por 120 días" (domain.md, "The way through").
FMM_VALID_FOR = timedelta(days=120)


class NothingLeftToDo(DomainError):
    """Somebody else did it first, or nobody of the household needs it."""

    code = "nothing_left_to_do"
    message = _("This was already done for everybody in this family.")


def document_all(*, household: Household, actor: Actor, at: datetime) -> None:
    """Note that everybody without a document was given the multiple migration form today, valid for its 120 days.

    Raises NotAllowed, NothingLeftToDo.
    """
    today = zones.local(at, household.site.city.zone).date()
    given = give_documents(
        household=household,
        people=household.people.filter(documents=None),
        kind=FMM,
        issued_on=today,
        valid_until=today + FMM_VALID_FOR,
        actor=actor,
        at=at,
    )
    if not given:
        raise NothingLeftToDo()


def take_tests_of_adults(*, household: Household, actor: Actor, at: datetime) -> None:
    """Note that every adult took a rapid antigen test now; minors are tested only with symptoms, from the household's page.

    Raises NotAllowed, NothingLeftToDo.
    """
    arrived_at = Arrival.objects.last_of(household).occurred_at
    tested = CovidTest.objects.filter(person__household=household, taken_at__gte=arrived_at).values_list(
        "person_id", flat=True
    )
    adults = [
        person
        for person in household.people.exclude(pk__in=tested)
        if not person.is_minor_on(zones.local(at, household.site.city.zone).date())
    ]
    if not take_tests(household=household, people=adults, kind=ANTIGEN, taken_at=at, actor=actor, at=at):
        raise NothingLeftToDo()
