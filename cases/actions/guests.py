"""Who besides its own site may see a household, because it sleeps there."""

from datetime import datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.models import Household
from core.actors import Actor
from places.models import Site


@transaction.atomic
def host_at(*, household: Household, site: Site | None, actor: Actor, at: datetime) -> Household:
    """Let the staff of `site` (a shelter's) see `household`, or with None nobody but its own site's.

    Raises NotAllowed.
    """
    policies.check_can_host(actor, household)
    return host_at_with_deed(household=household, site=site, actor=actor, at=at)


@transaction.atomic
def host_at_with_deed(
    *, household: Household, site: Site | None, houses_itself: bool = False, actor: Actor, at: datetime
) -> Household:
    """As `host_at`, for a deed of this house that has checked its own policy: a parting, a joining, a merge.

    `houses_itself` says that it went to a place of its own and waits for none of ours, until it has slept in one again.
    """
    is_new = household.guest_site_id != (site.pk if site else None)
    if is_new or houses_itself:
        Household.with_merged.filter(pk=household.pk).update(guest_site=site, houses_itself=houses_itself)
        household.guest_site, household.houses_itself = site, houses_itself
    if is_new:
        record(
            EventType.GUEST_SITE_CHANGED,
            subject=household,
            actor=actor,
            at=at,
            household=household.uid,
            guest_site=site.pk if site else None,
        )
    return household
