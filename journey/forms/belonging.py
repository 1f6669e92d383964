"""What staff say about who belongs to whom. Shape only: the deeds judge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Household, Kinship, Person, Regrouping, Relation
from core.actors import Actor, Capability
from journey.belonging import name_of
from journey.forms.households import FamilyForm, PeopleForm

Reason = Regrouping.Reason
REASONS_TO_PART = (Reason.FAMILY, Reason.PROTECTION, Reason.ISOLATION, Reason.ENTRY)
REASONS_TO_JOIN = (Reason.REUNITED, Reason.FAMILY, Reason.ENTRY)


class SplitForm(PeopleForm):
    """Who becomes a family of their own, and why."""

    reason = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)

    field_order = ("people", "reason")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """Nobody is ticked at first; isolation is offered to those who may know of it."""
        super().offer()
        self.fields.pop("others_missing", None)  # a parting says nothing of who is there
        field = self.fields["people"]
        field.label, field.initial = _("Who goes"), []
        field.error_messages["required"] = _("Choose who becomes a family of their own.")
        sees_health = self.actor.can(Capability.SEE_HEALTH)
        reasons = [each for each in REASONS_TO_PART if each != Reason.ISOLATION or sees_health]
        self.fields["reason"].choices = [(each.value, each.label) for each in reasons]  # type: ignore[attr-defined]

    def entry(self) -> dict[str, Any]:
        """What `split_household` is told."""
        return {"people": self.chosen(), "reason": Reason(self.cleaned_data["reason"])}


class JoinForm(FamilyForm):
    """How two families belong together that become one."""

    relation = forms.ChoiceField(
        label=_("Their head is, to the head of this family"),
        choices=[(each.value, each.label) for each in Relation if each != Relation.HEAD],
        initial=Relation.RELATIVE,
    )
    reason = forms.ChoiceField(
        label=_("Why"), widget=forms.RadioSelect, choices=[(each.value, each.label) for each in REASONS_TO_JOIN]
    )

    def entry(self) -> dict[str, Any]:
        """What `join_households` is told."""
        return {
            "relation": Relation(self.cleaned_data["relation"]),
            "reason": Reason(self.cleaned_data["reason"]),
        }


class KinForm(FamilyForm):
    """How somebody here belongs to somebody of `other`, this family or another one."""

    person = forms.ChoiceField(label=_("Who of this family"))
    kind = forms.ChoiceField(label=_("Has as"), choices=Kinship.Kind.choices, widget=forms.RadioSelect)
    relative = forms.ChoiceField(label=_("Whom"))

    def __init__(self, *args: Any, other: Household, **kwargs: Any) -> None:
        self.others: list[Person] = list(other.people.all().in_order())
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """The people of both families."""
        mine = [(str(member.person.pk), member.name) for member in self.family.members]
        theirs = [(str(person.pk), name_of(person)) for person in self.others]
        self.fields["person"].choices = mine  # type: ignore[attr-defined]
        self.fields["relative"].choices = theirs  # type: ignore[attr-defined]

    def entry(self) -> dict[str, Any]:
        """What `note_kinship` is told."""
        data = self.cleaned_data
        people = {str(member.person.pk): member.person for member in self.family.members}
        relatives = {str(person.pk): person for person in self.others}
        return {
            "person": people[data["person"]],
            "relative": relatives[data["relative"]],
            "kind": Kinship.Kind(data["kind"]),
        }
