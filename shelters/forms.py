"""Shapes of what people type about places."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from core.inputs import ClockField, DayField
from places import languages
from places.models import Site
from places.zones import day_begins
from shelters.models import Capacity, Count, Shelter, Unit
from shelters.rules import Kind, Service


class PlaceForm(forms.Form):
    """Which room, and why in spite of its capacity."""

    unit = forms.ModelChoiceField(queryset=Unit.objects.none())
    over_capacity_reason = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Unit.objects.visible_to(actor).select_related("shelter__site__city")
        self.fields["unit"].queryset = visible  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """A form whose days begin at midnight on the clock of the shelter's city; an empty first day is now."""

    def __init__(self, *args: Any, zone: str = "UTC", now: datetime | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    def begins(self, name: str) -> datetime | None:
        """The moment at which the day in the field `name` begins; now, where it is empty or today."""
        day: date | None = self.cleaned_data.get(name)
        if self.now is None or day is None:
            return self.now
        begins = day_begins(day, self.zone)
        return self.now if day == self.now.astimezone(begins.tzinfo).date() and begins < self.now else begins

    def ends(self, name: str) -> datetime | None:
        """The moment at which the day in the field `name` begins, None where it is empty: until further notice."""
        day: date | None = self.cleaned_data.get(name)
        return None if day is None else day_begins(day, self.zone)


class CapacityForm(DayForm):
    """How many places there are from a day on, and who says so."""

    places = forms.IntegerField(label=_("Places"), min_value=0, max_value=9999)
    basis = forms.ChoiceField(label=_("In what sense"), choices=Capacity.Basis, initial=Capacity.Basis.OPERATIONAL)
    source = forms.CharField(label=_("Who says so"), max_length=200)
    from_day = DayField(label=_("From"), required=False, help_text=_("Empty: from now on."))

    def clean(self) -> dict[str, Any]:
        """A room closed for works has no places, whatever was typed."""
        data = super().clean() or {}
        if data.get("basis") == Capacity.Basis.CLOSED:
            data["places"] = 0
        return data

    @property
    def said(self) -> dict[str, Any]:
        """What the deed is told."""
        return {name: self.cleaned_data[name] for name in ("places", "basis", "source")}


class BlockForm(DayForm):
    """Places that cannot be used for a while, and why."""

    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=9999)
    reason = forms.CharField(
        label=_("Why"), max_length=120, help_text=_("A leak, a broken bed, people without a file. Never a name.")
    )
    from_day = DayField(label=_("From"), required=False, help_text=_("Empty: from now on."))
    back_on = DayField(label=_("Back in use on"), required=False, help_text=_("Empty: until further notice."))


class WorksForm(DayForm):
    """Nobody sleeps in the room while works last."""

    source = forms.CharField(label=_("Who says so"), max_length=200)
    from_day = DayField(label=_("From"), required=False, help_text=_("Empty: from now on."))
    back_on = DayField(
        label=_("Back in use on"),
        required=False,
        help_text=_("Its capacity of before comes back that day. Empty: until further notice."),
    )


PETS = [("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))]
TAKES = {"yes": True, "no": False}


class HouseRulesForm(forms.Form):
    """The rules of a shelter. Empty: no such rule."""

    gate_opens = ClockField(label=_("Gate opens"), required=False)
    gate_closes = ClockField(label=_("Gate closes"), required=False)
    takes_pets = forms.ChoiceField(label=_("Animals"), choices=PETS, required=False, widget=forms.RadioSelect)
    test_within_days = forms.IntegerField(
        label=_("Negative test no older than, in days"), required=False, min_value=1, max_value=90
    )
    min_stay_days = forms.IntegerField(label=_("Shortest stay, in days"), required=False, min_value=1, max_value=999)
    max_stay_days = forms.IntegerField(label=_("Longest stay, in days"), required=False, min_value=1, max_value=999)
    services = forms.MultipleChoiceField(
        label=_("It offers"), choices=Service, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken there"),
        choices=languages.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, shelter: Shelter) -> "HouseRulesForm":
        """The rules as they stand."""
        standing = {name: getattr(shelter, name) for name in cls.base_fields}
        pets = {True: "yes", False: "no", None: ""}[shelter.takes_pets]
        return cls(initial={**standing, "takes_pets": pets})

    @property
    def rules(self) -> dict[str, Any]:
        """What the deed is told."""
        return {**self.cleaned_data, "takes_pets": TAKES.get(self.cleaned_data["takes_pets"])}


class RoomForm(forms.Form):
    """What a room is called and whom it is for. Who may not read which rooms are safe is not asked."""

    name = forms.CharField(label=_("Name of the room"), max_length=60)
    kind = forms.ChoiceField(label=_("Who sleeps there"), choices=Kind, widget=forms.RadioSelect)
    is_accessible = forms.BooleanField(label=_("Without steps"), required=False)
    is_lgbtq_safe = forms.BooleanField(
        label=_("Safe for LGBTQ+ people"),
        required=False,
        help_text=_("Read only by those who find places and by protection officers."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not actor.can(Capability.SEE_NEEDS):
            del self.fields["is_lgbtq_safe"]


class NewRoomForm(RoomForm):
    """A room, and how many numbered beds stand in it."""

    numbered_beds = forms.IntegerField(
        label=_("Numbered beds"),
        required=False,
        min_value=0,
        max_value=400,
        help_text=_("Empty: places are only counted."),
    )

    @property
    def beds(self) -> list[str]:
        """Their labels: 01, 02 …"""
        number = self.cleaned_data["numbered_beds"] or 0
        return [f"{bed:0{max(2, len(str(number)))}d}" for bed in range(1, number + 1)]


class NewShelterForm(DayForm):
    """A shelter that the house does not know yet."""

    site = forms.ModelChoiceField(label=_("City"), queryset=Site.objects.none(), empty_label=None)
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.RegexField(
        label=_("Short code"), regex=r"^[A-Z0-9-]{3,12}$", help_text=_("Capital letters and digits, such as JZ-BUEN.")
    )
    operator = forms.ChoiceField(label=_("Run by"), choices=Shelter.Operator)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    opened_on = DayField(label=_("Open since"), required=False, help_text=_("Empty: not known."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = Site.objects.field().of(actor).select_related("city").order_by("name")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class CountForm(forms.Form):
    """How many were found, and in what sense."""

    people = forms.IntegerField(label=_("People in the house"), min_value=0, max_value=9999)
    basis = forms.ChoiceField(
        label=_("How do you know?"),
        choices=[
            (Shelter.CountBasis.REPORTED, _("The shelter told us")),
            (Shelter.CountBasis.ROLL_CALL, _("We called the roll")),
        ],
        initial=Shelter.CountBasis.REPORTED,
        widget=forms.RadioSelect,
    )


SETTLED = [
    (Count.How.STAYS_CORRECTED, _("The stays were wrong, and are corrected now")),
    (Count.How.COUNT_WRONG, _("The count was wrong")),
    (Count.How.UNKNOWN_PEOPLE, _("People sleep there who have no file with us")),
]


class SettleForm(forms.Form):
    """Why a count differed from the stays."""

    how = forms.ChoiceField(label=_("What was it?"), choices=SETTLED, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
