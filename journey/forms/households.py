"""What staff note on a household's page. Shape only: the deeds judge."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cases.models import Person, PhoneOwner, ReachedBy, Sex
from cases.rules import MIDDLE_OF_YEAR, birth_from_age
from cases.states import RECEPTION, Step, can_move
from core.inputs import DayField
from journey.families import Family, today_of
from places import nationalities

# Placing and testing have deeds of their own, which say where and what came out.
OLDEST = 120
BY_HAND = (Step.RECEIVED, Step.DOCUMENTED, Step.TESTED, Step.LEFT, Step.MOVED, Step.LOST_CONTACT, Step.VOLUNTARY_RETURN)


class FamilyForm(forms.Form):
    """A form about a family, as it stands at `now`. Fields named in `pairs` stand side by side.

    With `nothing_to_ask` its page says why, and has no fields.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    nothing_to_ask: str = ""

    def __init__(self, *args: Any, family: Family, now: datetime, **kwargs: Any) -> None:
        self.family, self.now, self.today = family, now, today_of(family, now)
        super().__init__(*args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """Set what this family's choices and first values are."""

    def rows(self) -> list[list[BoundField]]:
        """The fields as they are drawn: alone, or two in a row."""
        second = {two for _one, two in self.pairs}
        partner = dict(self.pairs)
        return [
            [self[name], *([self[partner[name]]] if name in partner else [])]
            for name in self.fields
            if name not in second
        ]


class PeopleForm(FamilyForm):
    """A form about some or all of the family's people."""

    people = forms.MultipleChoiceField(label=_("For whom"), widget=forms.CheckboxSelectMultiple)
    others_missing = forms.BooleanField(label=_("Those not ticked are not here"), required=False)

    def offer(self) -> None:
        """Offer everybody, ticked who is not known to be missing."""
        if len(self.family.members) < 2:
            self.fields.pop("others_missing", None)
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(member.person.pk), member.name) for member in self.family.members]
        field.initial = [str(member.person.pk) for member in self.family.members if not member.missing_since]

    def chosen(self) -> list[Person]:
        """The people ticked."""
        keys = set(self.cleaned_data["people"])
        return [member.person for member in self.family.members if str(member.person.pk) in keys]

    def presence(self) -> tuple[list[Person], list[Person]]:
        """Who acted, and who is missing: those not ticked, where that was said."""
        here = self.chosen()
        everybody = [member.person for member in self.family.members]
        away = [person for person in everybody if person not in here]
        return here, away if here and self.cleaned_data.get("others_missing") else []


class StepForm(PeopleForm):
    """A step of the journey. Nobody ticked means everybody: a button on another page sends the step alone."""

    step = forms.ChoiceField(label=_("Step"), widget=forms.RadioSelect)

    field_order = ("step", "people")

    def offer(self) -> None:
        """Offer the steps that can follow."""
        super().offer()
        self.fields["people"].required = False
        standing = Step(self.family.household.step)
        steps = [step for step in BY_HAND if step in RECEPTION or can_move(standing, step)]
        self.fields["step"].choices = [(step.value, step.label) for step in steps]  # type: ignore[attr-defined]
        self.fields["people"].help_text = _("Untick who has not. Leaving and moving count for the whole family.")

    def entry(self) -> dict[str, Any]:
        """What `take_step` is told."""
        step, people = Step(self.cleaned_data["step"]), self.chosen()
        everybody = not people or step not in RECEPTION
        return {"step": step, "people": None if everybody else people}


class PersonForm(FamilyForm):
    """What is known of one person. The A-number is not shown; writing one replaces it.

    Who has no birth date on file has an estimated age, and keeps it as one until a date is written.
    """

    pairs = (("given_names", "surnames"), ("age", "birth_date"))
    field_order = (
        "given_names",
        "surnames",
        "age",
        "birth_date",
        "nationality",
        "sex",
        "a_number",
        "has_no_a_number_yet",
    )

    given_names = forms.CharField(label=_("Given names"), required=False, max_length=120)
    surnames = forms.CharField(label=_("Surnames"), required=False, max_length=120)
    age = forms.IntegerField(
        label=_("Age, estimated"), required=False, help_text=_("Years, or year of birth. A birth date takes its place.")
    )
    birth_date = DayField(label=_("Birth date"), required=False)
    nationality = forms.ChoiceField(label=_("Nationality"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=Sex.choices, widget=forms.RadioSelect)
    phone_owner = forms.ChoiceField(
        label=_("Phone: who answers it?"), required=False, choices=PhoneOwner.choices, widget=forms.RadioSelect
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=25)
    reads = forms.TypedChoiceField(
        label=_("Reads messages?"),
        required=False,
        choices=[("yes", _("Yes")), ("no", _("No, is called instead"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    reached_by = forms.ChoiceField(
        label=_("Wants to be told by"), required=False, choices=[("", _("The usual way")), *ReachedBy.choices]
    )
    a_number = forms.CharField(
        label=_("A-number"), required=False, max_length=20, help_text=_("Leave it empty to keep the one that is noted.")
    )
    has_no_a_number_yet = forms.BooleanField(label=_("Has none yet"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        names = (
            "given_names surnames birth_date nationality sex has_no_a_number_yet phone_owner phone reached_by".split()
        )
        reads = {None: "", True: "yes", False: "no"}[person.reads]
        initial = {name: getattr(person, name) for name in names} | {"reads": reads}
        self.is_dated = person.birth_date is not None and not person.birth_is_estimated
        if not self.is_dated:
            initial |= {"birth_date": None, "age": person.age_on(today_of(kwargs["family"], kwargs["now"]))}
        super().__init__(*args, initial=initial, **kwargs)

    def offer(self) -> None:
        """All countries, and no browser that remembers names."""
        if self.is_dated:
            del self.fields["age"]
            self.pairs = (("given_names", "surnames"), ("birth_date", "nationality"))
        self.fields["nationality"].choices = [("", "—"), *nationalities.choices()]  # type: ignore[attr-defined]
        for name in ("given_names", "surnames", "phone", "a_number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["a_number"].widget.attrs["placeholder"] = "A 012-345-678"

    def clean_birth_date(self) -> date | None:
        """Nobody is born tomorrow."""
        born: date | None = self.cleaned_data["birth_date"]
        return born and past_day(born, self.today)

    def clean_age(self) -> date | None:
        """The birth date that stands for an age in years, or for a year of birth."""
        number: int | None = self.cleaned_data["age"]
        if number is None:
            return None
        if 0 <= number <= OLDEST:
            return birth_from_age(number, self.today)
        if self.today.year - OLDEST <= number <= self.today.year:
            return min(date(number, *MIDDLE_OF_YEAR), self.today)
        raise forms.ValidationError(_("Write an age in years, or a year of birth."), code="unreadable")

    def changes(self) -> dict[str, Any]:
        """The fields that were changed, with what follows from them."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        estimate = changed.pop("age", None)
        if changed.get("birth_date"):
            changed["birth_is_estimated"] = False
        elif "age" in self.changed_data:
            changed |= {"birth_date": estimate, "birth_is_estimated": estimate is not None}
        if changed.get("a_number"):
            changed["has_no_a_number_yet"] = False
        return changed


def past_day(day: date, today: date) -> date:
    """`day`, refused when it is still to come."""
    if day > today:
        raise forms.ValidationError(_("This day is still to come. Check it."), code="future")
    return day
