"""How a family gets to the bridge. Shape only: the deed judges."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.inputs import ClockField, DayField
from core.look import short_weekday
from hearings.models import Hearing, Trip, trip_of
from journey.families import Family
from journey.forms.households import FamilyForm
from journey.leaving import way_of_family
from places import zones


class TripForm(FamilyForm):
    """By which means, in which vehicle, and when they leave where that is not what the plan says."""

    pairs = (("vehicle", "seats"), ("leaves_on", "leaves_time"))

    means = forms.ChoiceField(
        label=gettext_lazy("How they get there"), choices=Trip.Means.choices, widget=forms.RadioSelect
    )
    vehicle = forms.CharField(
        label=gettext_lazy("Vehicle"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("what it is called, such as “white van 2”; no names and no telephone numbers"),
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats for them"), required=False, min_value=1, max_value=60)
    leaves_on = DayField(label=gettext_lazy("Day they leave"), required=False)
    leaves_time = ClockField(label=gettext_lazy("Hour they leave"), required=False)

    def __init__(self, *args: Any, hearing: Hearing, family: Family, **kwargs: Any) -> None:
        self.hearing, self.zone = hearing, family.sleeps_in.zone
        self.trip = trip = trip_of(hearing)
        leaves = zones.local(trip.leaves_at, self.zone) if trip and trip.leaves_at else None
        initial: dict[str, Any] = {"leaves_on": leaves and leaves.date(), "leaves_time": leaves and leaves.time()}
        if trip:
            initial |= {"means": trip.means, "vehicle": trip.vehicle, "seats": trip.seats}
        super().__init__(*args, family=family, initial=initial, **kwargs)

    def offer(self) -> None:
        """Say when the plan has them leave, by the clock of where they sleep."""
        clock = _("%(city)s time") % {"city": self.family.sleeps_in.name}
        self.fields["leaves_time"].help_text = clock
        way = way_of_family(self.family)
        if way is not None and not way.is_told:
            wall = zones.local(way.leave_at, self.zone)
            words = {"day": short_weekday(wall.date()), "hour": f"{wall:%H:%M}"}
            self.fields["leaves_on"].help_text = _("empty: as the plan says, %(day)s at %(hour)s") % words

    def clean(self) -> dict[str, Any]:
        """An hour needs its day, and one that the clocks skip is none."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("leaves_on")) != bool(data.get("leaves_time")):
            self.add_error("leaves_time", _("Write both the day and the hour, or neither."))
        return data

    def entry(self) -> dict[str, Any]:
        """What `note_trip` is told. Raises zones.NonexistentTime."""
        data = dict(self.cleaned_data)
        day, hour = data.pop("leaves_on"), data.pop("leaves_time")
        leaves_at = zones.wall_to_utc(datetime.combine(day, hour), self.zone) if day and hour else None
        is_vehicle = data["means"] in (Trip.Means.SHELTER, Trip.Means.AGENCY)
        return {
            "means": data["means"],
            "vehicle": data["vehicle"] if is_vehicle else "",
            "seats": data["seats"] if is_vehicle else None,
            "leaves_at": leaves_at,
        }
