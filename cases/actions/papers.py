"""Papers given by Mexican authorities."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.steps import take_step_with_deed
from cases.models import Document, Household, Person
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations


class ExpiredBeforeIssue(DomainError):
    """The paper would be valid until a day before it was issued."""

    code = "expired_before_issue"
    message = _("The document would expire before the day it was given. Check the two dates.")
    http_status = 422


@transaction.atomic
def give_documents(
    *,
    household: Household,
    kind: str,
    issued_on: date,
    valid_until: date | None,
    people: Iterable[Person] | None = None,
    numbers: Mapping[int, str] | None = None,
    actor: Actor,
    at: datetime,
) -> list[Document]:
    """Note that `people` of `household` (all of them unless told) were given a paper of `kind`, and that they are documented.

    `numbers` maps a person's key to the number on the paper, where it is known. Someone who already has a paper of this kind,
    issued that day, gets no second one. Raises NotAllowed, ExpiredBeforeIssue.
    """
    policies.check_can_edit(actor, household)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # a second tap waits, then finds it done
    who = list(household.people.all()) if people is None else list(people)
    have = set(
        Document.objects.filter(person__in=who, kind=kind, issued_on=issued_on).values_list("person_id", flat=True)
    )
    papers = [
        Document(
            person=person,
            kind=kind,
            number=(numbers or {}).get(person.pk, ""),
            issued_on=issued_on,
            valid_until=valid_until,
        )
        for person in who
        if person.pk not in have
    ]
    with naming_violations({"cases_document_valid_from_its_issue": ExpiredBeforeIssue}):
        Document.objects.bulk_create(papers)
    if papers:
        record(
            EventType.DOCUMENT_GIVEN,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            kind=kind,
            people=len(papers),
        )
    take_step_with_deed(household=household, step=Step.DOCUMENTED, people=who, actor=actor, at=at)
    return papers
