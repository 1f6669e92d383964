"""Logging that a household came over the bridge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _

from audit.actions import Happening, record_all
from audit.models import Event, EventType
from cases import policies
from cases.actions.people import PersonEntry, add_people
from cases.intake import owed_of
from cases.models import Arrival, Cohort, Household, Person, SearchToken, StepTaken
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations
from places import zones
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivalEntry:
    """A household that crossed at `occurred_at` (aware), with the id that its device or sheet made for it."""

    uid: UUID
    crossing: Crossing | None
    people: Sequence[PersonEntry]
    language: str
    occurred_at: datetime


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
            entry = ArrivalEntry(uid=uid, crossing=crossing, people=people, language=language, occurred_at=occurred_at)
            return _write([entry], site, actor, at)[0], True
    except AlreadyLogged:
        known = _household_of(uid, actor)
        if known is None:
            raise
        return known, False


def record_arrivals(
    *, site: Site, entries: Sequence[ArrivalEntry], actor: Actor, at: datetime
) -> dict[UUID, Household]:
    """Log many households of `site` at once, each once per its `uid`; what a sheet of thousands needs.

    Returns the new ones by their `uid`: one that is there already is left as it is and is not among them. Policy is checked once.
    All or nothing: raises NotAllowed, NobodyArrived, AlreadyLogged, PersonAlreadyLogged, BadANumber, BadPhone.
    """
    policies.check_can_log_arrival(actor, site)
    if not all(entry.people for entry in entries):
        raise NobodyArrived()
    there = set(Arrival.objects.filter(uid__in=[entry.uid for entry in entries]).values_list("uid", flat=True))
    new = [entry for entry in entries if entry.uid not in there]
    with naming_violations({"cases_arrival_uid_key": AlreadyLogged, "cases_person_uid_key": PersonAlreadyLogged}):
        households = _write(new, site, actor, at) if new else []
    return {entry.uid: household for entry, household in zip(new, households, strict=True)}


@transaction.atomic
def withdraw_arrivals(*, site: Site, households: Sequence[UUID], actor: Actor, at: datetime) -> set[UUID]:
    """Take back households of `site` that were logged by mistake and that nothing has happened to since; returns whom it took back.

    Whoever has any other deed on record, or anything that hangs on them, stays. Raises NotAllowed.
    """
    policies.check_can_log_arrival(actor, site)
    found = Household.objects.select_for_update().filter(uid__in=households, site=site).order_by("pk")
    moved_on = Event.objects.filter(household__in=households).exclude(type=EventType.ARRIVAL_RECORDED)
    stays = set(moved_on.values_list("household", flat=True))
    untouched = [household for household in found if household.uid not in stays]
    try:
        with transaction.atomic():
            _remove(untouched, actor, at)
        return {household.uid for household in untouched}
    except (ProtectedError, RestrictedError, IntegrityError):  # something hangs on one of them: find out on whom
        return {household.uid for household in untouched if _could_remove(household, actor, at)}


def _could_remove(household: Household, actor: Actor, at: datetime) -> bool:
    try:
        with transaction.atomic():
            _remove([household], actor, at)
    except (ProtectedError, RestrictedError, IntegrityError):
        return False
    return True


def _remove(households: Sequence[Household], actor: Actor, at: datetime) -> None:
    keys = [household.pk for household in households]
    happenings = [Happening(household, at, household.uid, {}) for household in households]
    StepTaken.objects.filter(arrival__household__in=keys).delete()
    SearchToken.objects.filter(person__household__in=keys).delete()
    Person.objects.filter(household__in=keys).delete()
    Arrival.objects.filter(household__in=keys).delete()
    Household.objects.filter(pk__in=keys).delete()
    record_all(EventType.ARRIVAL_WITHDRAWN, happenings, actor=actor)


def _household_of(uid: UUID, actor: Actor) -> Household | None:
    """The household of an arrival; the kept one where its own was merged since."""
    logged = Household.with_merged.filter(arrivals__uid=uid).stands_as()
    return Household.objects.visible_to(actor).filter(pk__in=logged).select_related("site").first()


@transaction.atomic
def _write(entries: Sequence[ArrivalEntry], site: Site, actor: Actor, at: datetime) -> list[Household]:
    """The rows of new households, in the order of `entries`, with one statement a table."""
    households = _write_households(entries, site)
    arrivals = Arrival.objects.bulk_create(
        Arrival(uid=entry.uid, household=household, site=site, crossing=entry.crossing, occurred_at=entry.occurred_at)
        for household, entry in zip(households, entries, strict=True)
    )
    families = {household: entry.people for household, entry in zip(households, entries, strict=True)}
    members = add_people(families=families, actor=actor, at=at)
    _write_first_steps(members, arrivals)
    record_all(
        EventType.ARRIVAL_RECORDED,
        [
            Happening(
                arrival,
                arrival.occurred_at,
                arrival.household.uid,
                {"people": len(families[arrival.household]), "crossing": arrival.crossing_id},
            )
            for arrival in arrivals
        ],
        actor=actor,
    )
    return households


def _write_households(entries: Sequence[ArrivalEntry], site: Site) -> list[Household]:
    days = [zones.local(entry.occurred_at, site.city.zone).date() for entry in entries]
    cohorts = {day: Cohort.objects.on(day) for day in set(days)}
    return Household.objects.bulk_create(
        Household(
            prefix=site.code[:4],
            site=site,
            cohort=cohorts[day],
            language=entry.language,
            step=Step.RECEIVED,
            step_at=entry.occurred_at,
            arrived_at=entry.occurred_at,
            # what is answered after this is settled by `journey.actions.owing`
            owed=owed_of(entry.people, answered=(), has_hearing=False),
        )
        for entry, day in zip(entries, days, strict=True)
    )


def _write_first_steps(members: Iterable[Person], arrivals: Iterable[Arrival]) -> None:
    arrival_of = {arrival.household_id: arrival for arrival in arrivals}
    StepTaken.objects.bulk_create(
        StepTaken(
            person=person,
            arrival=arrival_of[person.household_id],
            step=Step.RECEIVED,
            occurred_at=arrival_of[person.household_id].occurred_at,
        )
        for person in members
    )
