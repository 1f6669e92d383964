"""What a family agrees to from now on, and how it came to know the privacy notice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import CAPABILITIES
from cases.actions.consent import NOTICE_VERSION
from cases.models import Consent
from core.actors import Actor, Capability
from journey.forms.households import FamilyForm
from journey.notices import NOTICES
from places import languages

ANSWERS = (("yes", _("Yes")), ("no", _("No")))
HEAR_ANSWERS = [role for role, capabilities in CAPABILITIES.items() if Capability.EDIT_PEOPLE in capabilities]


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A colleague by name: an account says its address of itself."""

    def label_from_instance(self, colleague: User) -> str:
        return colleague.name


class ConsentForm(FamilyForm):
    """An answer for each purpose; one that is left open stays as it was. "No" withdraws at once."""

    language = forms.ChoiceField(label=_("Language of the notice"))
    way = forms.ChoiceField(
        label=_("How they came to know it"),
        choices=Consent.Way.choices,
        initial=Consent.Way.ALOUD,
        widget=forms.RadioSelect,
        help_text=_("Who cannot read is read to."),
    )
    witness = ColleagueField(
        label=_("Witness, if a colleague heard it too"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody else"),
    )

    notices, notice_version = NOTICES, NOTICE_VERSION

    def __init__(self, *args: Any, standing: dict[str, bool], actor: Actor, **kwargs: Any) -> None:
        self.standing, self.actor = standing, actor
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """One question a purpose, with the answer that stands; colleagues of the same site as witnesses."""
        for purpose in reversed(Consent.Purpose):
            answer = self.standing.get(purpose)
            question = forms.ChoiceField(
                label=purpose.label,
                required=False,
                choices=ANSWERS,
                initial="" if answer is None else "yes" if answer else "no",
                widget=forms.RadioSelect,
            )
            self.fields = {purpose.value: question, **self.fields}
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]
        self.fields["language"].initial = self.family.household.language
        colleagues = User.objects.filter(
            is_active=True,
            memberships__site_id=self.family.household.site_id,
            memberships__role__in=HEAR_ANSWERS,
        ).exclude(pk=self.actor.id)
        witness = self.fields["witness"]
        assert isinstance(witness, forms.ModelChoiceField)
        witness.queryset = colleagues.distinct().order_by("name")

    def entry(self) -> dict[str, Any]:
        """What `note_consent` is told: what was answered now and is not what stands."""
        data = self.cleaned_data
        told = {purpose: data[purpose] == "yes" for purpose in Consent.Purpose if data[purpose]}
        return {
            "answers": {purpose: answer for purpose, answer in told.items() if self.standing.get(purpose) != answer},
            "language": data["language"],
            "way": data["way"],
            "witness": data["witness"],
        }
