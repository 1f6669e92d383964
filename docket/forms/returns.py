"""Back from court, in one form: who came, what was decided, the new sheet. Only that they are back is asked for."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Person
from core.inputs import ClockField, DayField, FormIdField
from docket.actions.returns import OutcomeEntry
from docket.forms.outcomes import RESULTS, OutcomeFields
from hearings.models import Hearing
from journey.actions.arrivals import HearingEntry
from journey.forms.crossings import CrossingField
from journey.forms.papers import MomentForm
from places import zones
from places.models import Court, Crossing

NEXT = ("next_on", "next_time", "report_on", "report_time")


class ReturnForm(OutcomeFields, MomentForm):
    """They are back; and what is known besides."""

    day_name, hour_name, moment_name = "came_on", "came_time", "occurred_at"

    uid = FormIdField()
    came_on = DayField(label=_("Came back on"))
    came_time = ClockField(label=_("Time"))
    crossing = CrossingField(
        label=_("Crossing"), queryset=Crossing.objects.none(), required=False, empty_label=_("Not known yet")
    )
    people = forms.MultipleChoiceField(label=_("Who came back"), required=False, widget=forms.CheckboxSelectMultiple)

    next_on = DayField(label=_("Date of the next hearing"), required=False)
    next_time = ClockField(
        label=_("Time at the court"), required=False, help_text=_("as the sheet says, court's clock")
    )
    next_court = forms.ModelChoiceField(
        label=_("Court"), queryset=Court.objects.none(), required=False, empty_label=_("Choose the court")
    )
    next_crossing = CrossingField(
        label=_("Where they must stand"),
        queryset=Crossing.objects.none(),
        required=False,
        empty_label=_("Not known yet"),
    )
    report_on = DayField(label=_("Day at the bridge"), required=False, help_text=_("empty: the same day"))
    report_time = ClockField(
        label=_("Time at the bridge"), required=False, help_text=_("bridge's clock; empty: estimated, and marked so")
    )
    next_kind = forms.ChoiceField(label=_("Hearing"), required=False, choices=Hearing.Kind.choices)

    def offer(self) -> None:
        """Now, over the bridge of their hearing, all of them; the next one at the same court and bridge."""
        super().offer()
        self.offer_now()
        self._offer_places()
        if self.hearing is not None:
            self.fields["result"].required = self.fields["decided_on"].required = False
            self.fields["said_by"].required = False
            self.fields["result"].choices = [("", _("Not known yet")), *RESULTS]  # type: ignore[attr-defined]
            self.fields["result"].initial = ""
        if len(self.family.members) == 1:
            del self.fields["people"]
            return
        people = self.fields["people"]
        assert isinstance(people, forms.MultipleChoiceField)
        people.choices = [(str(member.person.pk), member.name) for member in self.family.members]
        people.initial = [key for key, _name in people.choices]
        people.help_text = _("Untick who did not come back: they count as missing.")

    def _offer_places(self) -> None:
        crossing = self.hearing.report_crossing_id if self.hearing else None
        for name in ("crossing", "next_crossing"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.initial = Crossing.objects.by_city(), crossing
        court = self.fields["next_court"]
        assert isinstance(court, forms.ModelChoiceField)
        court.queryset = Court.objects.order_by("name")
        court.initial = self.hearing.court_id if self.hearing else None
        self.fields["next_kind"].initial = _next_kind(self.hearing)

    @property
    def had_place(self) -> str:
        """The place that they had before and that was given up; empty while one is theirs."""
        slept = [sleep for member in self.family.members for sleep in member.sleeps if sleep.ends_at]
        newest = max(slept, key=lambda sleep: sleep.begins_at, default=None)
        return newest.place if newest and not self.family.sleep else ""

    @property
    def has_next(self) -> bool:
        """Whether something of a new sheet was written, so that its questions stand open."""
        return self.is_bound and any(self[name].value() for name in NEXT)

    def clean(self) -> dict[str, Any]:
        """A new sheet says at least when and where the court sits, and a result of somebody says on which day."""
        data = super().clean() or self.cleaned_data
        if any(data.get(name) for name in NEXT):
            for name, words in (
                ("next_on", _("Write the date of the hearing.")),
                ("next_time", _("Write the time at the court.")),
                ("next_court", _("Choose the court.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
            if data.get("report_time") and not data.get("next_crossing"):
                self.add_error("next_crossing", _("Say which crossing the time is for."))
            self._refuse_the_past(data)
        return data

    def _refuse_the_past(self, data: dict[str, Any]) -> None:
        """A new sheet with a date that is over is misread: the year, or day and month, or the sheet of the last time."""
        day, hour, court = data.get("next_on"), data.get("next_time"), data.get("next_court")
        if not (day and hour and court):
            return
        try:
            moment = zones.wall_to_utc(datetime.combine(day, hour), court.zone)
        except zones.NonexistentTime as refusal:
            self.add_error("next_time", str(refusal))
            return
        if moment < self.now:
            self.add_error("next_on", _("This hearing would already be over. Check the date on the new sheet."))

    def chosen(self) -> list[Person]:
        """Who came back; nobody ticked means everybody."""
        keys = set(self.cleaned_data.get("people") or ())
        everybody = [member.person for member in self.family.members]
        return [person for person in everybody if str(person.pk) in keys] or everybody

    def entry(self) -> dict[str, Any]:
        """What `come_back` is told."""
        data, here = self.cleaned_data, self.chosen()
        return {
            "uid": data["uid"],
            "crossing": data["crossing"],
            "occurred_at": data["occurred_at"],
            "here": here,
            "away": [member.person for member in self.family.members if member.person not in here],
            "outcome": self._outcome(),
            "sheet": self._sheet(),
        }

    def _outcome(self) -> OutcomeEntry | None:
        data, decisions = self.cleaned_data, self.decisions()
        if self.hearing is None or not decisions:
            return None
        return OutcomeEntry(
            hearing=self.hearing,
            decisions=decisions,
            source=data["said_by"] or self.fields["said_by"].initial,
            decided_on=data["decided_on"] or self.fields["decided_on"].initial,
            note=data["note"].strip(),
        )

    def _sheet(self) -> HearingEntry | None:
        data = self.cleaned_data
        if not data.get("next_on"):
            return None
        return HearingEntry(
            court=data["next_court"],
            court_on=data["next_on"],
            court_time=data["next_time"],
            said_on=data["came_on"],
            crossing=data["next_crossing"],
            report_on=data["report_on"],
            report_time=data["report_time"],
            kind=data["next_kind"] or _next_kind(self.hearing),
        )


def _next_kind(hearing: Hearing | None) -> str:
    """What the next hearing most likely is: of the same sort, with a new date."""
    kind = Hearing.Kind
    individual = (kind.INDIVIDUAL, kind.INDIVIDUAL_RESET)
    return kind.INDIVIDUAL_RESET if hearing and hearing.kind in individual else kind.MASTER_RESET
