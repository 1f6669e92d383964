"""Logging that a household came over the bridge."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.people import PersonEntry, add_people
from cases.models import Arrival, Cohort, Household, StepTaken
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations
from places.models import Crossing, Site


class NobodyArrived(DomainError):
    """A household has at least one person."""

    code = "nobody_arrived"
    message = _("Nobody is on this entry. Add at least one person.")
    http_status = 422


class AlreadyLogged(DomainError):
    """Another request with the same client-made id came first; the door answers with its household."""

    code = "already_logged"
    message = _("This arrival was already received.")


class PersonAlreadyLogged(DomainError):
    """The client-made id of a person is taken, by another arrival or twice in this one."""

    code = "person_already_logged"
    message = _("Somebody on this entry was already received. Give each person an id of their own.")


def record_arrival(
    *,
    uid: UUID,
    site: Site,
    crossing: Crossing | None,
    people: Sequence[PersonEntry],
    language: str,
    occurred_at: datetime,
    actor: Actor,
    at: datetime,
) -> tuple[Household, bool]:
    """Log a household that crossed at `occurred_at` (aware, by the device's clock), once per client-made `uid`.

    Returns the household and whether it is new: the same `uid` again, even at the same moment, writes nothing and returns the
    household that is there. Raises NotAllowed, NobodyArrived, PersonAlreadyLogged, BadANumber, BadPhone.
    """
    policies.check_can_log_arrival(actor, site)
    if not people:
        raise NobodyArrived()
    known = _household_of(uid, actor)
    if known is not None:
        return known, False
    try:
        with naming_violations({"cases_arrival_uid_key": AlreadyLogged, "cases_person_uid_key": PersonAlreadyLogged}):
            household = _write(
                uid=uid,
                site=site,
                crossing=crossing,
                people=people,
                language=language,
                occurred_at=occurred_at,
                actor=actor,
                at=at,
            )
            return household, True
    except AlreadyLogged:
        known = _household_of(uid, actor)
        if known is None:
            raise
        return known, False


def _household_of(uid: UUID, actor: Actor) -> Household | None:
    return Household.objects.visible_to(actor).filter(arrivals__uid=uid).select_related("site").first()


@transaction.atomic
def _write(
    *,
    uid: UUID,
    site: Site,
    crossing: Crossing | None,
    people: Sequence[PersonEntry],
    language: str,
    occurred_at: datetime,
    actor: Actor,
    at: datetime,
) -> Household:
    household = Household.objects.create(
        prefix=site.code[:4],
        site=site,
        cohort=Cohort.objects.on(occurred_at.date()),
        language=language,
        step=Step.RECEIVED,
        step_at=occurred_at,
        arrived_at=occurred_at,
    )
    arrival = Arrival.objects.create(
        uid=uid, household=household, site=site, crossing=crossing, occurred_at=occurred_at
    )
    members = add_people(household=household, entries=people, actor=actor, at=at)
    StepTaken.objects.bulk_create(
        StepTaken(person=person, arrival=arrival, step=Step.RECEIVED, occurred_at=occurred_at) for person in members
    )
    record(
        EventType.ARRIVAL_RECORDED,
        subject=arrival,
        actor=actor,
        at=occurred_at,
        household=household.uid,
        people=len(members),
        crossing=crossing.pk if crossing else None,
    )
    return household
