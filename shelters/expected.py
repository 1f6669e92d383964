"""Who is expected at a shelter: by a hold that stands or a transfer that may arrive."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from cases.models import Household, HouseholdQuerySet
from core.actors import Actor, Capability
from shelters.models import Hold, Transfer
from shelters.moves import HOLDING


@dataclass(frozen=True, slots=True)
class Expectation:
    """The transfer or the hold by which a household is expected; neither where it is not."""

    transfer: Transfer | None = None
    hold: Hold | None = None


def expectation_of(*, household: Household, actor: Actor, at: datetime) -> Expectation:
    """By what a shelter at which `actor` works expects `household`: a transfer counts before a hold. Two queries."""
    coming = Transfer.objects.visible_to(actor).filter(household=household, state__in=HOLDING)
    transfer = coming.select_related("to_unit", "to_shelter__site", "household").first()
    if transfer is not None and actor.works_at(transfer.to_shelter.site_id):
        return Expectation(transfer=transfer)
    holds = Hold.objects.at_sites_of(actor).standing_at(at).filter(household=household, transfer__isnull=True)
    return Expectation(hold=holds.select_related("unit__shelter__site").first())


def expected_at_sites_of(actor: Actor, at: datetime) -> HouseholdQuerySet:
    """Households that a shelter at which `actor` works expects, whether it may see their file already or not.

    Their card opens the door to them, and nothing else: a scan is the proof that they are here.
    """
    if not actor.can(Capability.RUN_SHELTER):
        return Household.objects.none()
    of_household = Q(household=OuterRef("pk"))
    holds = Hold.objects.at_sites_of(actor).standing_at(at).filter(of_household)
    coming = Transfer.objects.visible_to(actor).filter(of_household, state__in=HOLDING)
    if not actor.everywhere:
        coming = coming.filter(to_shelter__site__any_of=actor.site_ids)
    return Household.objects.filter(Exists(holds) | Exists(coming))
