"""Who speaks for a family before the court. Shape only: the deeds judge."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.inputs import DayField
from hearings.actions.representation import Appearance
from hearings.appearances import appearances
from hearings.models import Representation
from journey.forms.households import FamilyForm, past_day

NONE_FILED = ""
YES, NO, NOT_ASKED = "yes", "no", ""
SPEAKING = [(YES, _("Yes")), (NO, _("No")), (NOT_ASKED, _("Not asked yet"))]


class RepresentationForm(FamilyForm):
    """A lawyer or accredited representative, for all of the family or some."""

    pairs = (("phone", "email"), ("form", "filed_on"), ("may_speak", "may_speak_on"))

    kind = forms.ChoiceField(
        label=_("What they are"), choices=Representation.Kind.choices, widget=forms.RadioSelect, initial="lawyer"
    )
    name = forms.CharField(
        label=_("Name"), required=False, max_length=120, help_text=_("Name, phone and e-mail are kept encrypted.")
    )
    organisation = forms.CharField(label=_("Organisation or firm"), required=False, max_length=120)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=30)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=120)
    people = forms.MultipleChoiceField(label=_("For whom"), widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(label=_("For what"), choices=Representation.Scope.choices, widget=forms.RadioSelect)
    since = DayField(label=_("Since"))
    form = forms.ChoiceField(label=_("Form filed"), required=False)
    filed_on = DayField(label=_("Filed on"), required=False)
    may_speak = forms.ChoiceField(
        label=_("May we speak with them about the case?"), choices=SPEAKING, required=False, widget=forms.RadioSelect
    )
    may_speak_on = DayField(label=_("When the family said so"), required=False)

    def __init__(self, *args: Any, representation: Representation | None = None, **kwargs: Any) -> None:
        self.representation = representation
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """The family's people, the forms of the list, and what is known already."""
        forms_known = [(code, each.label) for code, each in appearances().items()]
        self.fields["form"].choices = [(NONE_FILED, _("None that we know of")), *forms_known]  # type: ignore[attr-defined]
        people = [(str(member.person.uid), member.name) for member in self.family.members]
        self.fields["people"].choices = people  # type: ignore[attr-defined]
        self.initial = {**self._known(), **self.initial}

    def _known(self) -> dict[str, Any]:
        known = self.representation
        if known is None:
            everybody = [str(member.person.uid) for member in self.family.members]
            return {"people": everybody, "since": self.today, "scope": Representation.Scope.ALL, "may_speak": NOT_ASKED}
        same = "kind name organisation phone email scope since form filed_on may_speak_on".split()
        spoken = {True: YES, False: NO, None: NOT_ASKED}[known.may_speak]
        people = [str(each.person.uid) for each in known.represented.select_related("person")]
        return {name: getattr(known, name) for name in same} | {"may_speak": spoken, "people": people}

    def clean_since(self) -> date:
        """Nobody appears from tomorrow on."""
        return past_day(self.cleaned_data["since"], self.today)

    def entry(self) -> Appearance:
        """What the deeds are told. An answer without a day is of today; one hearing means the next."""
        said = self.cleaned_data
        answered = said["may_speak"] != NOT_ASKED
        chosen = set(said["people"])
        return Appearance(
            kind=said["kind"],
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            organisation=said["organisation"],
            form=said["form"],
            filed_on=said["filed_on"],
            scope=said["scope"],
            hearing=self.family.hearing if said["scope"] == Representation.Scope.HEARING else None,
            may_speak=said["may_speak"] == YES if answered else None,
            may_speak_on=(said["may_speak_on"] or self.today) if answered else None,
            since=said["since"],
            people=[each.person for each in self.family.members if str(each.person.uid) in chosen],
        )


class EndingForm(FamilyForm):
    """Why and from which day a representative no longer appears."""

    ending = forms.ChoiceField(label=_("Why"), choices=Representation.Ending.choices, widget=forms.RadioSelect)
    ended_on = DayField(label=_("Last day"))

    def offer(self) -> None:
        """Today."""
        self.fields["ended_on"].initial = self.today

    def clean_ended_on(self) -> date:
        """Nobody ends tomorrow."""
        return past_day(self.cleaned_data["ended_on"], self.today)
