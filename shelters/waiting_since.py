"""Since when a household waits for a place: the newest of its arrival, its returns from court and the end of its last stay."""

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Greatest

from cases.models import Arrival, HouseholdQuerySet
from shelters.models import LeavingReason, Stay


def with_waiting_since(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with `waiting_since`, the one moment from which every list counts; whoever has waited longest comes first."""
    own = OuterRef("pk")
    left = Stay.objects.filter(household=own, ends_at__isnull=False).exclude(leaving_reason=LeavingReason.MISTAKE)
    back = Arrival.objects.filter(household=own, kind=Arrival.Kind.COURT_RETURN)
    return households.annotate(
        waiting_since=Greatest(  # of PostgreSQL: what is not known does not count
            "arrived_at",
            Subquery(back.order_by("-occurred_at").values("occurred_at")[:1]),
            Subquery(left.order_by("-ends_at").values("ends_at")[:1]),
        )
    ).order_by("waiting_since", "pk")
