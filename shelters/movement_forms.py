"""Shapes of what people type when somebody moves: transfers, holds, leaving, being out, closing."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cases.models import Absence, Person
from core.inputs import ClockField, DayField
from places.zones import local, wall_to_utc
from shelters.models import Destination, LeavingReason, Transfer, Unit
from shelters.rules import HOLD_AT_MOST, HOLD_FOR

NO_CHOICE = [("", _("Choose"))]
AT_NIGHT = time(22)  # when a house is full
BACK_AT = time(20)  # of today, or of tomorrow once that hour is past
# A move from room to room, into isolation or to another shelter is a deed of its own and says its reason itself.
SAID_BY_DESKS = (
    LeavingReason.LEFT,
    LeavingReason.COURT,
    LeavingReason.LONGEST_STAY,
    LeavingReason.ASKED,
    LeavingReason.LOST,
    LeavingReason.CLOSED,
    LeavingReason.MISTAKE,
)


def _moment(day: Any, hour: Any, zone: str) -> datetime | None:
    """The moment of a wall clock in `zone`; None where day or hour was refused."""
    return wall_to_utc(datetime.combine(day, hour), zone) if day and hour else None


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A room of those counted by `with_figures`, with what is free in it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", None)
        self.kept: int | None = None  # the room whose places wait for them
        super().__init__(label=_("Room"), queryset=Unit.objects.none(), **kwargs)

    def begin_with_roomiest(self, units: list[Unit]) -> None:
        """Offer `units`, read once, beginning with the one that has most free."""
        self.choices = [(unit.pk, self.label_from_instance(unit)) for unit in units]
        self.initial = max(units, key=lambda unit: unit.figures.free).pk if units else None

    def label_from_instance(self, unit: Unit) -> str:
        """ "Cuarto 7 · 3 free", that its places are kept for them, or that nobody knows."""
        places = unit.figures
        if unit.pk == self.kept:
            return gettext("%(room)s · kept for them") % {"room": unit.name}
        if places.capacity is None:
            return gettext("%(room)s · capacity not known") % {"room": unit.name}
        words = ngettext("%(room)s · %(n)d free", "%(room)s · %(n)d free", places.free)
        return words % {"room": unit.name, "n": places.free}


class MoveForm(forms.Form):
    """To which room, and why in spite of its capacity."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    over_capacity_reason = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class AskForm(MoveForm):
    """Which room of another shelter is wished for, and why they go."""

    reason = forms.ChoiceField(label=_("Why they go"), choices=NO_CHOICE + list(Transfer.Reason.choices))

    def entry(self) -> dict[str, Any]:
        """What `request_transfer` is told."""
        unit = self.cleaned_data["unit"]
        return {"to_shelter": unit.shelter, "to_unit": unit, "reason": Transfer.Reason(self.cleaned_data["reason"])}


class AcceptForm(forms.Form):
    """In which room the places are kept, or in which they sleep now; those of `kept` wait for them. `offered` are the rooms that take
    them; of the others the deed says why they do not.
    """

    unit = RoomField()

    def __init__(self, *args: Any, units: Any, offered: list[Unit], kept: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        room: Any = self.fields["unit"]
        room.kept, room.queryset = kept, units
        room.begin_with_roomiest(offered)


class DeclineForm(forms.Form):
    """Why they are not taken."""

    reason = forms.ChoiceField(label=_("Why not"), choices=NO_CHOICE + list(Transfer.Decline.choices))


class TransportForm(forms.Form):
    """How they travel, and when they leave by the clock of the shelter they leave."""

    transport = forms.ChoiceField(label=_("How they travel"), choices=Transfer.Transport)
    day = DayField(label=_("Day"))
    hour = ClockField(label=_("Hour"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        soon = local(now + timedelta(hours=2), zone)
        kwargs.setdefault("initial", {"day": soon.date(), "hour": soon.replace(minute=0).time()})
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """With `leaves_at`, aware."""
        data = super().clean() or {}
        return {**data, "leaves_at": _moment(data.get("day"), data.get("hour"), self.zone)}


class HoldForm(forms.Form):
    """Places of a room for those who stand under a number and have no file yet."""

    label = forms.CharField(
        label=_("Number of the list or line"),
        max_length=24,
        help_text=_("For example INM-7. Never a name: the desk reads names when they are here."),
    )
    unit = RoomField()
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=200)
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(hours, f"{hours} h") for hours in (1, 2, 4, 8, int(HOLD_AT_MOST.total_seconds() // 3600))],
        initial=int(HOLD_FOR.total_seconds() // 3600),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        if not self.is_bound:
            self.fields["unit"].begin_with_roomiest(list(units))  # type: ignore[attr-defined]

    def entry(self, now: datetime) -> dict[str, Any]:
        """What `hold_under_number` is told, at `now`."""
        said = self.cleaned_data
        kept_until = now + timedelta(hours=said["hours"])
        return {"unit": said["unit"], "label": said["label"], "places": said["places"], "expires_at": kept_until}


class WhoForm(forms.Form):
    """Which of the guests of a household, all of them ticked at first."""

    who = forms.MultipleChoiceField(label=_("Who"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        self.people = list(people)
        kwargs.setdefault("initial", {"who": [str(person.uid) for person in self.people]})
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(str(person.uid), str(person.uid)) for person in self.people]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Person]:
        """Those who were ticked."""
        return [person for person in self.people if str(person.uid) in self.cleaned_data["who"]]


class LeaveForm(WhoForm):
    """Why they leave for good, and where they go."""

    reason = forms.ChoiceField(label=_("Why"), choices=[(reason.value, reason.label) for reason in SAID_BY_DESKS])
    destination = forms.ChoiceField(
        label=pgettext_lazy("destination", "Where to"), choices=Destination, initial=Destination.UNKNOWN
    )


class OutForm(WhoForm):
    """Why they are out, and when they are back by the shelter's clock."""

    out_reason = forms.ChoiceField(label=_("Why"), choices=Absence.Reason, initial=Absence.Reason.WORK)
    day = DayField(label=_("Back on"))
    hour = ClockField(label=_("Back at"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        wall = local(now, zone)
        day = wall.date() + timedelta(days=wall.time() >= BACK_AT)
        self.initial = {**self.initial, "day": day, "hour": BACK_AT}

    def clean(self) -> dict[str, Any]:
        """With `expected_at`, aware."""
        data = super().clean() or {}
        return {**data, "expected_at": _moment(data.get("day"), data.get("hour"), self.zone)}


class ClosingForm(forms.Form):
    """From when on nobody is received, by the shelter's clock."""

    day = DayField(label=_("Day"))
    hour = ClockField(label=_("Hour"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        soon = local(now + timedelta(hours=1), zone)
        kwargs.setdefault("initial", {"day": soon.date(), "hour": soon.replace(minute=0).time()})
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        """With `closes_at`, aware."""
        data = super().clean() or {}
        return {**data, "closes_at": _moment(data.get("day"), data.get("hour"), self.zone)}


class PastForm(forms.Form):
    """A moment that is past, by the clock of the city."""

    day = DayField(label=_("Day"))
    hour = ClockField(label=_("Hour"))

    def __init__(self, *args: Any, zone: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    @classmethod
    def of(cls, asked: Mapping[str, str], *, zone: str, now: datetime) -> "PastForm":
        """The form for what an address asks; last night at ten where it names no day."""
        last_night = {"day": (local(now, zone) - timedelta(days=1)).date().isoformat(), "hour": f"{AT_NIGHT:%H:%M}"}
        said = {name: asked.get(name) or usual for name, usual in last_night.items()}
        return cls(said if asked.get("day") else last_night, zone=zone, now=now)

    def clean(self) -> dict[str, Any]:
        """With `moment`, aware and past."""
        data = super().clean() or {}
        moment = _moment(data.get("day"), data.get("hour"), self.zone)
        if moment and moment > self.now:
            self.add_error("day", gettext("That moment is still to come."))
        return {**data, "moment": moment}
