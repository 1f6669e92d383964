"""The form at the bridge: few fields, nothing required that may be unknown, nothing lost when something is wrong."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.actions.people import PersonEntry, normal_fields
from cases.models import Arrival, Consent, PhoneOwner, Relation, Sex
from cases.rules import birth_from_age
from core.actors import Actor
from core.errors import DomainError
from core.inputs import ClockField, DayField
from journey.actions.arrivals import HearingEntry
from places import languages, nationalities, zones
from places.models import Court, Crossing, Site

MOST_PEOPLE = 12
BUTTONS = 6
CLOCK_TOLERANCE = timedelta(minutes=15)


class AgeOrBirthField(forms.CharField):
    """An age in years ("34") or a birth date (05031990, 05/03/1990, 1990-03-05); gives the birth date and whether it is estimated.

    The date is read without its strokes too: the number pad of a phone has none.
    """

    default_error_messages = {
        "unreadable": _("Write an age in years, or a birth date with day, month and year: 05031990.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=12, **kwargs)
        self.today = date.min

    def clean(self, value: Any) -> tuple[date | None, bool]:
        text = super().clean(value)
        if not text:
            return None, False
        if re.fullmatch(r"\d{1,3}", text) and int(text) <= 120:
            return birth_from_age(int(text), self.today), True
        born = _birth_date(text)
        if born is None or not self.today - timedelta(days=366 * 121) <= born <= self.today:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return born, False


def _birth_date(text: str) -> date | None:
    """Day first, as everybody at the bridge writes it."""
    match = re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})|(\d{2})(\d{2})(\d{4})", text)
    try:
        if match is None:
            return date.fromisoformat(text)
        day, month, year = (int(part) for part in match.groups() if part)
        return date(year, month, day)
    except ValueError:
        return None


def _normal(name: str, text: str) -> str:
    """A number of a person in its one spelling, refused in the words of the deed that would keep it."""
    try:
        return str(normal_fields({name: text})[name])
    except DomainError as refusal:
        raise forms.ValidationError(str(refusal)) from None


class CrossingField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A crossing by both its names, for staff say one and papers the other."""

    def label_from_instance(self, crossing: Crossing) -> str:
        return crossing.label


class PersonForm(forms.Form):
    """One person of the family. All of it may be unknown."""

    given_names = forms.CharField(label=_("Given names"), required=False, max_length=120)
    surnames = forms.CharField(label=_("Surnames"), required=False, max_length=120)
    relation = forms.ChoiceField(
        label=_("To the head of household"),
        required=False,
        choices=[choice for choice in Relation.choices if choice[0] != Relation.HEAD],
        initial=Relation.CHILD,
    )
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=Sex.choices, widget=forms.RadioSelect)
    age = AgeOrBirthField(label=_("Age or birth date"))
    a_number = forms.CharField(label=_("A-number"), required=False, max_length=20)

    def __init__(self, *args: Any, position: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.position = position
        self.fields["age"].today = today  # type: ignore[attr-defined]
        self.fields["age"].widget.attrs.update(
            inputmode="numeric", placeholder=pgettext_lazy("age or birth date", "34 or 05031990")
        )
        self.fields["a_number"].widget.attrs.update(inputmode="numeric", placeholder="A 012-345-678")
        for name in ("given_names", "surnames", "age", "a_number"):
            self.fields[name].widget.attrs.update(autocomplete="off", spellcheck="false")
        for name in ("given_names", "surnames"):
            self.fields[name].widget.attrs.update(autocapitalize="words")
        if position == 1:
            del self.fields["relation"]

    @property
    def name(self) -> str:
        """What a list of mistakes calls this block."""
        return _("Person %(number)d") % {"number": self.position}

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written about this person."""
        return not any(self.data.get(self.add_prefix(name)) for name in self.fields if name != "relation")

    def clean_a_number(self) -> str:
        """Nine digits, or empty."""
        return _normal("a_number", self.cleaned_data["a_number"])

    def entry(self, **shared: Any) -> PersonEntry:
        """What was written, with what the family shares filled in."""
        birth_date, is_estimated = self.cleaned_data["age"]
        return PersonEntry(
            given_names=self.cleaned_data["given_names"],
            surnames=self.cleaned_data["surnames"] or shared.pop("surnames", ""),
            birth_date=birth_date,
            birth_is_estimated=is_estimated,
            sex=self.cleaned_data["sex"],
            relation=Relation(self.cleaned_data.get("relation") or Relation.CHILD)
            if self.position > 1
            else Relation.HEAD,
            a_number=self.cleaned_data["a_number"],
            has_no_a_number_yet=not self.cleaned_data["a_number"],
            **{key: value for key, value in shared.items() if key != "surnames"},
        )


class ArrivalForm(forms.Form):
    """The family and its people. `now` is when the page was asked for, aware."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    size = forms.TypedChoiceField(
        label=_("How many people"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, BUTTONS)] + [(BUTTONS, f"{BUTTONS} +")],
        initial=1,
        widget=forms.RadioSelect,
    )
    crossing = CrossingField(label=_("They came over"), queryset=Crossing.objects.none(), empty_label=None)
    arrived_on = DayField(label=_("Day they came"))
    arrived_time = ClockField(label=_("Time they came"))
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    language = forms.ChoiceField(label=_("Language they prefer"), initial="spa")
    phone_owner = forms.ChoiceField(
        label=_("Phone"),
        required=False,
        choices=[*PhoneOwner.choices, ("", _("None"))],
        widget=forms.RadioSelect,
        help_text=_("A shared phone only gets “you have a notice”, without content."),
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=25)
    email = forms.EmailField(label=_("E-mail, if they read it"), required=False)
    has_sheet = forms.TypedChoiceField(
        label=_("Do they bring the sheet with their appointment?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        initial="no",
        widget=forms.RadioSelect,
        required=False,
    )
    court = forms.ModelChoiceField(
        label=_("Court"), queryset=Court.objects.none(), required=False, empty_label=_("Choose the court")
    )
    court_on = DayField(label=_("Date of the hearing"), required=False)
    court_time = ClockField(
        label=_("Time at the court"), required=False, help_text=_("as the sheet says, court's clock")
    )
    report_crossing = CrossingField(
        label=_("Where they must stand"),
        queryset=Crossing.objects.none(),
        required=False,
        empty_label=_("Not known yet"),
    )
    report_on = DayField(label=_("Day at the bridge"), required=False)
    report_time = ClockField(
        label=_("Time at the bridge"), required=False, help_text=_("as the sheet says, bridge's clock")
    )
    notice_read = forms.BooleanField(
        label=_("I read them the privacy notice in a language they understand"),
        error_messages={"required": _("Read them the notice first, then mark it here.")},
    )
    consents = forms.MultipleChoiceField(
        label=_("They agree to"),
        required=False,
        choices=[choice for choice in Consent.Purpose.choices if choice[0] != Consent.Purpose.RECEPTION],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        self.sites = list(Site.objects.of(actor).field().active().select_related("city").order_by("pk"))
        self.now = now
        local = zones.local(now, self.sites[0].city.zone if self.sites else "UTC")
        kwargs["initial"] = {
            "uid": uuid4(),
            "arrived_on": local.date(),
            "arrived_time": local.time().replace(second=0, microsecond=0),
            "crossing": Arrival.objects.last_crossing(self.sites),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self._offer_choices()
        self.fields["phone"].widget.attrs.update(inputmode="tel", autocomplete="off")
        self.people = [
            PersonForm(
                self.data if self.is_bound else None,
                prefix=f"p{n}",
                position=n,
                today=local.date(),
                use_required_attribute=False,
            )
            for n in range(1, MOST_PEOPLE + 1)
        ]

    def _offer_choices(self) -> None:
        here = Crossing.objects.filter(city__in=[site.city for site in self.sites]).by_city()
        offers = {"crossing": here, "report_crossing": Crossing.objects.by_city(), "court": Court.objects.all()}
        for name, rows in offers.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        all_countries = nationalities.choices()
        common = [(code, nationalities.name_of(code)) for code in nationalities.FREQUENT]
        self.fields["nationality"].choices = [("", "—"), (_("Most common"), common), (_("All"), all_countries)]  # type: ignore[attr-defined]
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        """The number in E.164, or empty."""
        return _normal("phone", self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """What the fields cannot say alone: the sheet is whole, the people are as many as chosen, nobody comes from the future."""
        cleaned = super().clean() or self.cleaned_data
        if "uid" in self.errors:
            self.add_error(None, _("This page was broken on its way. Copy what you wrote into a fresh one."))
        self._clean_people()
        self._clean_sheet(cleaned)
        self._clean_arrival(cleaned)
        return cleaned

    def _clean_people(self) -> None:
        shown = self.shown_people()
        hidden = [person.position for person in self.people[len(shown) :] if not person.is_blank]
        if hidden:
            words = _("You wrote about person %(number)d. Choose more people, or clear it.")
            self.add_error("size", words % {"number": hidden[-1]})

    def _clean_sheet(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("has_sheet") != "yes":
            return
        for name in ("court", "court_on", "court_time"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Copy it from the sheet, or choose “No” above and add it later."))
        if cleaned.get("report_time") and not cleaned.get("report_crossing"):
            self.add_error("report_crossing", _("Say which crossing the time is for."))

    def _clean_arrival(self, cleaned: dict[str, Any]) -> None:
        crossing, day, clock = cleaned.get("crossing"), cleaned.get("arrived_on"), cleaned.get("arrived_time")
        if not (crossing and day and clock):
            return
        try:
            cleaned["occurred_at"] = zones.wall_to_utc(datetime.combine(day, clock), crossing.zone)
        except zones.NonexistentTime:
            self.add_error("arrived_time", _("The clocks skipped this hour that night. Write the hour after it."))
            return
        if cleaned["occurred_at"] > self.now + CLOCK_TOLERANCE:
            self.add_error("arrived_time", _("This is still to come. Check the day and the time."))

    def is_valid(self) -> bool:
        """Whether the family's fields and every person that counts are right."""
        return super().is_valid() and all([person.is_valid() for person in self.shown_people()])

    def shown_people(self) -> list[PersonForm]:
        """The blocks that count: as many as chosen, and with “6 +” all that have something in them."""
        try:
            size = int(self.data.get("size") or self.initial.get("size") or 1)
        except ValueError:
            size = 1
        if size < BUTTONS:
            return self.people[: max(size, 1)]
        last = max((person.position for person in self.people if not person.is_blank), default=BUTTONS)
        return self.people[: max(last, BUTTONS)]

    def entries(self) -> list[PersonEntry]:
        """The people, head first; children without surnames of their own get the head's."""
        shown = self.shown_people()
        family = {"nationality": self.cleaned_data["nationality"], "surnames": shown[0].cleaned_data["surnames"]}
        contact = {key: self.cleaned_data[key] for key in ("phone", "phone_owner", "email")}
        return [shown[0].entry(**family, **contact), *(person.entry(**family) for person in shown[1:])]

    def arrival(self) -> dict[str, Any]:
        """What `log_arrival` is told."""
        data = self.cleaned_data
        return {
            "uid": data["uid"],
            "site": next(site for site in self.sites if site.city_id == data["crossing"].city_id),
            "crossing": data["crossing"],
            "people": self.entries(),
            "language": data["language"],
            "occurred_at": data["occurred_at"],
            "consents": self.answers(),
            "hearing": self.hearing(),
        }

    def answers(self) -> dict[Consent.Purpose, bool]:
        """The answer to each purpose; that for reception itself is given with the notice."""
        given = {Consent.Purpose.RECEPTION, *self.cleaned_data["consents"]}
        return {purpose: purpose in given for purpose in Consent.Purpose}

    def hearing(self) -> HearingEntry | None:
        """The hearing on the sheet, if they bring one."""
        data = self.cleaned_data
        if data["has_sheet"] != "yes":
            return None
        return HearingEntry(
            court=data["court"],
            court_on=data["court_on"],
            court_time=data["court_time"],
            crossing=data["report_crossing"],
            report_on=data["report_on"],
            report_time=data["report_time"],
            said_on=data["arrived_on"],
        )
