"""How a household gets to the bridge, as somebody arranged it: on foot, by its own means, in a vehicle."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from hearings.models.hearings import Hearing


class TripQuerySet(models.QuerySet["Trip"]):
    """Questions asked of trips."""

    def visible_to(self, actor: Actor) -> Self:
        """Those to hearings of households that `actor` may see."""
        return self.filter(hearing__household__in=Household.objects.visible_to(actor))

    def standing(self) -> Self:
        """Those that nobody took back: at most one a hearing."""
        return self.filter(withdrawn_at=None)


class Trip(models.Model):
    """How the people of a hearing get to where they must present.

    `present_at` is the moment for which it was arranged: where the hearing has another one now, somebody must ask again.
    `leaves_at` is told only where it differs from the plan; `vehicle` is what a desk calls it ("white van 2"), never a person.
    """

    class Means(models.TextChoices):
        """How."""

        WALK = "walk", _("On foot")
        OWN = "own", _("By their own means")
        SHELTER = "shelter", _("Vehicle of the shelter")
        AGENCY = "agency", _("Vehicle of an agency")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="trips")
    means = models.CharField(max_length=8, choices=Means)
    vehicle = models.CharField(max_length=40, blank=True)
    seats = models.PositiveSmallIntegerField(null=True)
    leaves_at = models.DateTimeField(null=True)
    present_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = TripQuerySet.as_manager()

    open_fields = frozenset(
        "id uid hearing means vehicle seats leaves_at present_at noted_at noted_by withdrawn_at recorded_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hearing"], condition=Q(withdrawn_at__isnull=True), name="hearings_trip_one_stands"
            ),
            models.CheckConstraint(
                condition=~Q(means__in=["walk", "own"]) | Q(vehicle="", seats__isnull=True),
                name="hearings_trip_vehicle_of_a_house",
            ),
            models.CheckConstraint(condition=Q(seats__isnull=True) | Q(seats__gte=1), name="hearings_trip_has_a_seat"),
            models.CheckConstraint(
                condition=Q(leaves_at__isnull=True) | Q(leaves_at__lt=F("present_at")),
                name="hearings_trip_leaves_before_presenting",
            ),
        ]

    def __str__(self) -> str:
        return f"trip #{self.pk}"

    @property
    def is_vehicle(self) -> bool:
        """Whether a house or an agency drives them."""
        return self.means in (Trip.Means.SHELTER, Trip.Means.AGENCY)

    @property
    def words(self) -> str:
        """How they go, and in what: "Vehicle of the shelter, white van 2"."""
        return ", ".join(filter(None, [str(self.get_means_display()), self.vehicle]))

    def is_for(self, hearing: Hearing) -> bool:
        """Whether it was arranged for the moment at which they must present now."""
        return self.present_at == hearing.present_at


def trip_of(hearing: Hearing) -> Trip | None:
    """The trip that stands, without a query for one fetched `with_trip`."""
    found = vars(hearing)
    if hearing._state.adding:
        return None
    if "trip_uid" not in found:
        return Trip.objects.standing().filter(hearing=hearing).first()
    if found["trip_uid"] is None:
        return None
    names = "uid means vehicle seats leaves_at present_at".split()
    return Trip(hearing=hearing, **{name: found[f"trip_{name}"] for name in names})
