"""What came of a hearing, as staff note it. Shape only: the deeds judge."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Person
from cases.states import Reopening
from core.inputs import DayField, FormIdField
from core.look import TwoClocks
from hearings.actions.outcomes import Decision
from hearings.clocks import two_clocks
from hearings.models import EvidencePacket, FollowUp, Hearing, Outcome
from hearings.outcome_rules import MAY_BE_APPEALED, Result
from journey.families import Family, Member
from journey.forms.households import FamilyForm, past_day
from journey.paper import Paper

RESULTS = [(value, label) for value, label in Result.choices if value != Result.LOST_CONTACT]


class OutcomeFields(FamilyForm):
    """What a hearing brought: for all of them alike, and for those for whom it differs."""

    result = forms.ChoiceField(label=_("What the court decided"), choices=RESULTS, widget=forms.RadioSelect)
    appeal_reserved = forms.BooleanField(
        label=_("An appeal was reserved, by them or by the government"), required=False
    )
    decided_on = DayField(label=_("Decided on"))
    said_by = forms.ChoiceField(
        label=_("Who or which paper says so"), choices=Outcome.Source.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note on the outcome"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("Kept encrypted. Leave out what the lawyer alone should know."),
    )

    def __init__(self, *args: Any, hearing: Hearing | None, **kwargs: Any) -> None:
        self.hearing = hearing
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """The day of the hearing, by the paper; and a question of its own for each of several."""
        super().offer()
        if self.hearing is None:
            for name in ("result", "appeal_reserved", "decided_on", "said_by", "note"):
                del self.fields[name]
            return
        self.fields["decided_on"].initial = min(self.hearing.court_on, self.today)
        self.fields["said_by"].initial = Outcome.Source.SHEET
        for member in self.members() if len(self.members()) > 1 else ():
            self.fields[_of(member)] = forms.ChoiceField(
                label=member.name, required=False, choices=[("", _("As above")), *RESULTS]
            )

    @property
    def clocks(self) -> TwoClocks | None:
        """Both clocks of the hearing."""
        return two_clocks(self.hearing, with_sources=False) if self.hearing else None

    def members(self) -> Sequence[Member]:
        """Those who were summoned; everybody where nobody was named."""
        if self.hearing is None:
            return ()
        return self.family.summoned_to(self.hearing)

    @property
    def differing(self) -> list[forms.BoundField]:
        """The questions about one person each."""
        return [self[_of(member)] for member in self.members() if _of(member) in self.fields]

    @property
    def differs(self) -> bool:
        """Whether an answer about one person was given, so that the questions stand open."""
        return any(field.value() for field in self.differing)

    def clean_decided_on(self) -> date | None:
        """Nothing was decided tomorrow."""
        decided: date | None = self.cleaned_data["decided_on"]
        return decided and past_day(decided, self.today)

    def decisions(self) -> list[Decision]:
        """What each of them got, those with the same result together; empty where nothing is known."""
        data = self.cleaned_data
        by_result: dict[Result, list[Person]] = {}
        for member in self.members():
            result = data.get(_of(member)) or data.get("result")
            if result:
                by_result.setdefault(Result(result), []).append(member.person)
        appeals = bool(data.get("appeal_reserved"))
        return [
            Decision(result=result, people=people, appeal_reserved=appeals and result in MAY_BE_APPEALED)
            for result, people in by_result.items()
        ]

    def clean(self) -> dict[str, Any]:
        """An appeal needs a decision that can be appealed."""
        data = super().clean() or self.cleaned_data
        reserves = data.get("appeal_reserved") and not self.errors
        if reserves and not any(decision.appeal_reserved for decision in self.decisions()):
            self.add_error(
                "appeal_reserved",
                _("An appeal can be reserved from a removal order, relief or a terminated case only."),
            )
        return data


class OutcomeForm(OutcomeFields):
    """The outcome of one hearing, noted or corrected."""

    hearing: Hearing

    def entry(self) -> dict[str, Any]:
        """What `note_outcome` and `correct_outcome` are told."""
        data = self.cleaned_data
        return {
            "hearing": self.hearing,
            "decisions": self.decisions(),
            "source": data["said_by"],
            "decided_on": data["decided_on"],
            "note": data["note"].strip(),
        }


class ReopenForm(FamilyForm):
    """Why a closed case opens again."""

    reason = forms.ChoiceField(label=_("Why it opens again"), choices=Reopening.choices, widget=forms.RadioSelect)


class FollowUpForm(forms.Form):
    """Who was asked about people of whose hearing nobody knows what came, and what they said."""

    uid = FormIdField()
    contact = forms.ChoiceField(choices=FollowUp.Contact.choices, widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("What it came to"), choices=FollowUp.Answer.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)

    def entry(self) -> dict[str, Any]:
        """What `note_follow_up` is told."""
        data = self.cleaned_data
        return {**data, "note": data["note"].strip()}


class EvidenceForm(FamilyForm):
    """For what a packet of evidence is made."""

    purpose = forms.ChoiceField(
        label=_("What it is for"), choices=EvidencePacket.Purpose.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason, kept with your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    language = forms.ChoiceField(
        label=_("Language of the packet"), choices=[("en", "English"), ("es", "Español")], widget=forms.RadioSelect
    )
    paper = forms.ChoiceField(
        label=_("Paper"), choices=[(Paper.LETTER.value, _("Letter")), (Paper.A4.value, "A4")], widget=forms.RadioSelect
    )
    uid = FormIdField()

    def offer(self) -> None:
        """For a US court, on its paper."""
        usual = {"purpose": EvidencePacket.Purpose.REOPEN, "language": "en", "paper": Paper.LETTER.value}
        for name, value in usual.items():
            self.fields[name].initial = value

    def entry(self, digest: str) -> dict[str, Any]:
        """What `note_evidence` is told. The page stays when the file is saved: other facts, or another reason, make another packet."""
        told = {
            "purpose": self.cleaned_data["purpose"],
            "reason": self.cleaned_data["reason"].strip(),
            "digest": digest,
        }
        return {"uid": uuid5(self.cleaned_data["uid"], " ".join(told.values())), **told}


def outcome_form_of(
    sent: Any, *, family: Family, hearing: Hearing, noted: Sequence[Outcome], now: datetime
) -> OutcomeForm:
    """The form for `hearing`, filled with what is `noted` where it is to be corrected."""
    initial: dict[str, Any] = {}
    if noted:
        first = noted[0]
        initial = {"decided_on": first.decided_on, "said_by": first.source, "note": first.note, "result": first.result}
        initial["appeal_reserved"] = any(each.appeal_reserved for each in noted)
        others = {each.person_id: each.result for each in noted if each.result != first.result}
        initial |= {f"result-{key}": result for key, result in others.items()}
    return OutcomeForm(sent, family=family, hearing=hearing, now=now, initial=initial)


def _of(member: Member) -> str:
    return f"result-{member.person.pk}"
