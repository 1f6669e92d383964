"""Papers given by Mexican authorities."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.steps import move_with_deed
from cases.actions.taps import Move, note_tap
from cases.kinds import paper_kinds
from cases.models import Document, Household, Person, Tap
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations


class ExpiredBeforeIssue(DomainError):
    """The paper would be valid until a day before it was issued."""

    code = "expired_before_issue"
    message = _("The document would expire before the day it was given. Check the two dates.")
    http_status = 422


class UnknownPaper(DomainError):
    """The code stands for no kind of paper."""

    code = "unknown_paper"
    message = _("This kind of document is not known here. Choose one of the list.")
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
    issued that day, gets no second one. Raises NotAllowed, UnknownPaper, ExpiredBeforeIssue.
    """
    policies.check_can_edit(actor, household)
    if kind not in paper_kinds():
        raise UnknownPaper()
    before = Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # a second tap waits
    who = list(household.people.all()) if people is None else list(people)
    known = numbers or {}
    papers = _write({person: known.get(person.pk, "") for person in who}, kind, issued_on, valid_until)
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
    move = move_with_deed(household=household, step=Step.DOCUMENTED, people=who, actor=actor, at=at)
    if papers or move:
        note_tap(
            household=household,
            kind=Tap.Kind.DOCUMENTS,
            people=len(papers) or len(who),
            move=move or Move.none_of(before),
            documents=papers,
            actor=actor,
            at=at,
        )
    return papers


def _write(numbers: Mapping[Person, str], kind: str, issued_on: date, valid_until: date | None) -> list[Document]:
    """A paper for each person with its number; none for those who have one of this kind, issued that day."""
    same = Document.objects.filter(person__in=list(numbers), kind=kind, issued_on=issued_on)
    have = set(same.values_list("person_id", flat=True))
    papers = [
        Document(person=person, kind=kind, number=number, issued_on=issued_on, valid_until=valid_until)
        for person, number in numbers.items()
        if person.pk not in have
    ]
    with naming_violations({"cases_document_valid_from_its_issue": ExpiredBeforeIssue}):
        return Document.objects.bulk_create(papers)


@transaction.atomic
def correct_document(
    *, document: Document, issued_on: date, valid_until: date | None, actor: Actor, at: datetime
) -> Document:
    """Set the two dates of `document` to what the paper says. Raises NotAllowed, ExpiredBeforeIssue."""
    household = Household.objects.get(people=document.person_id)
    policies.check_can_edit(actor, household)
    document.issued_on, document.valid_until = issued_on, valid_until
    with naming_violations({"cases_document_valid_from_its_issue": ExpiredBeforeIssue}):
        document.save(update_fields=["issued_on", "valid_until"])
    record(
        EventType.DOCUMENT_CORRECTED,
        subject=document,
        actor=actor,
        at=at,
        household=household.uid,
        kind=document.kind,
    )
    return document
