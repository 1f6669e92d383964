"""Noting who belongs to whom, and who is not with their family just now."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import FROM_THE_OTHER_END, Absence, Household, Kinship, Person
from core.actors import Actor
from core.errors import DomainError, NotAllowed, naming_violations

# A row is kept from the other end of these.
KEPT_FROM_THE_OTHER_END = (Kinship.Kind.CHILD, Kinship.Kind.GRANDCHILD, Kinship.Kind.WARD)


class KinOfOneself(DomainError):
    """A relation takes two people."""

    code = "kin_of_oneself"
    message = _("Choose two different people.")
    http_status = 422


class KinAlreadyNoted(DomainError):
    """The pair has a relation that stands."""

    code = "kin_already_noted"
    message = _("How these two belong together is already noted. Take that back first if it is wrong.")


class KinAlreadyWithdrawn(DomainError):
    """The relation was taken back before."""

    code = "kin_already_withdrawn"
    message = _("This relation was already taken back.")


@transaction.atomic
def note_kinship(*, person: Person, relative: Person, kind: Kinship.Kind, actor: Actor, at: datetime) -> Kinship:
    """Note that `relative`, of this household or another that `actor` may see, is the `kind` of `person`.

    It is kept from the younger end, so that a child's rows name who takes care of it. Raises NotAllowed, KinOfOneself, KinAlreadyNoted.
    """
    policies.check_can_edit(actor, person.household)
    if not Person.objects.visible_to(actor).filter(pk=relative.pk).exists():
        raise NotAllowed()
    refusals = {"cases_kinship_between_two": KinOfOneself, "cases_kinship_once_per_pair": KinAlreadyNoted}
    if kind in KEPT_FROM_THE_OTHER_END:
        person, relative, kind = relative, person, FROM_THE_OTHER_END[kind]
    with naming_violations(refusals):
        kinship = Kinship.objects.create(person=person, relative=relative, kind=kind, noted_at=at, noted_by=actor.id)
    _tell(EventType.KINSHIP_NOTED, kinship, actor, at)
    return kinship


@transaction.atomic
def withdraw_kinship(*, kinship: Kinship, actor: Actor, at: datetime) -> Kinship:
    """Take a relation back, from either end. Raises NotAllowed, KinAlreadyWithdrawn."""
    households = (kinship.person.household, kinship.relative.household)
    if not any(policies.can_edit(actor, household) for household in households):
        raise NotAllowed()
    if not Kinship.objects.standing().filter(pk=kinship.pk).update(withdrawn_at=at):
        raise KinAlreadyWithdrawn()
    _tell(EventType.KINSHIP_WITHDRAWN, kinship, actor, at)
    kinship.refresh_from_db()
    return kinship


@transaction.atomic
def note_missing(*, household: Household, people: Iterable[Person], actor: Actor, at: datetime) -> list[Absence]:
    """Note that `people` of `household` are not with it at `at`; of somebody already missing nothing new is noted.

    Returns what is new. Raises NotAllowed.
    """
    policies.check_can_say_who_is_there(actor, household)
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)  # a second tap waits, then finds it done
    who = [person for person in people if person.household_id == household.pk]
    known = set(Absence.objects.open().filter(person__in=who).values_list("person_id", flat=True))
    absences = Absence.objects.bulk_create(
        Absence(person=person, noted_at=at, noted_by=actor.id) for person in who if person.pk not in known
    )
    if absences:
        record(
            EventType.PERSON_MISSING,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            people=len(absences),
        )
    return absences


@transaction.atomic
def note_found(*, household: Household, people: Iterable[Person], actor: Actor, at: datetime) -> int:
    """Note that `people` are with `household` again; returns how many were missing. Raises NotAllowed."""
    policies.check_can_say_who_is_there(actor, household)
    who = [person.pk for person in people if person.household_id == household.pk]
    found = Absence.objects.open().filter(person__in=who).update(found_at=at, found_by=actor.id)
    if found:
        record(EventType.PERSON_FOUND, subject=household, actor=actor, at=at, household=household.uid, people=found)
    return found


def _tell(event: EventType, kinship: Kinship, actor: Actor, at: datetime) -> None:
    """Record it for the household at either end, once where it is the same."""
    for household in {kinship.person.household, kinship.relative.household}:
        record(event, subject=household, actor=actor, at=at, household=household.uid, kind=kinship.kind)
