"""Back from court: the household that we know comes over the bridge again, and reception starts anew for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Arrival, Household, Person, StepTaken
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError, naming_violations
from places.models import Crossing


class ReturnAlreadyLogged(DomainError):
    """The client-made id belongs to the arrival of another household."""

    code = "return_already_logged"
    message = _("This return was already received, for another family. Open the form again.")


@transaction.atomic
def record_return(
    *,
    uid: UUID,
    household: Household,
    crossing: Crossing | None,
    occurred_at: datetime,
    people: Sequence[Person] | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[Arrival, bool]:
    """Note that `people` of `household` (all unless told) came back from court over `crossing` at `occurred_at` (aware).

    Once per `uid`, which the form or the device makes. Steps start anew from this arrival; people, case code, papers and bed stay as
    they are, and what the court said is noted with the hearing. One that is logged late, after a newer arrival, moves nobody. Returns
    the arrival and whether it is new. Raises NotAllowed, ReturnAlreadyLogged.
    """
    policies.check_can_log_arrival(actor, household.site)
    locked = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    known = Arrival.objects.filter(household=locked, uid=uid).first()
    if known is not None:
        return known, False
    is_newest = not Arrival.objects.filter(household=locked, occurred_at__gt=occurred_at).exists()
    with naming_violations({"cases_arrival_uid_key": ReturnAlreadyLogged}):
        arrival = Arrival.objects.create(
            uid=uid,
            household=locked,
            site_id=locked.site_id,
            crossing=crossing,
            kind=Arrival.Kind.COURT_RETURN,
            occurred_at=occurred_at,
        )
    came = locked.people.all()
    who = list(came if people is None else came.filter(pk__in=[person.pk for person in people]))
    StepTaken.objects.bulk_create(
        StepTaken(person=person, arrival=arrival, step=Step.RECEIVED, occurred_at=occurred_at) for person in who
    )
    if is_newest:
        Household.objects.filter(pk=locked.pk).update(step=Step.RECEIVED, step_at=occurred_at)
        household.refresh_from_db(fields=["step", "step_at"])
    record(
        EventType.RETURN_RECORDED,
        subject=arrival,
        actor=actor,
        at=occurred_at,
        household=locked.uid,
        people=len(who),
        crossing=crossing.pk if crossing else None,
    )
    return arrival, True
