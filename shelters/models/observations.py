"""What the press and reports said of a shelter, kept as it was said."""

from django.db import models
from django.db.models import F

from shelters.models.houses import Shelter


class Observation(models.Model):
    """What the press or a report said about a shelter's capacity and occupancy, kept as it was said.

    `observed_on` is the first day that `as_of` can mean, None where it says none. The numbers stand only where what was
    said is one number and cannot be read otherwise.
    """

    shelter = models.ForeignKey(Shelter, on_delete=models.PROTECT, related_name="observations")
    as_of = models.CharField(max_length=40)
    observed_on = models.DateField(null=True)
    capacity_said = models.CharField(max_length=120, blank=True)
    capacity_places = models.PositiveIntegerField(null=True)
    occupancy_said = models.CharField(max_length=160, blank=True)
    occupancy_people = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=250, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["shelter_id", F("observed_on").asc(nulls_first=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shelter", "as_of", "source"], name="shelters_observation_once"),
        ]

    def __str__(self) -> str:
        return f"observation of {self.as_of}"
