"""What was announced about many hearings, and how many it moves."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.inputs import DayField, FormIdField
from docket.postponements import courts_of, crossings_of
from hearings.models import Hearing, Postponement
from hearings.postponing import SATURDAY, Base, Rule, Unit, rule_of
from places.models import Court, Crossing

MOST = 366


class PostponementForm(forms.Form):
    """A rule and where it comes from. The first day that stays is the rule's cut-off: hearings of that day are not moved."""

    uid = FormIdField()
    announced_on = DayField(label=_("Announced on"))
    reason = forms.CharField(
        label=_("What was announced, and by whom"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Staff read this with the postponement. No names of people."),
    )
    source_url = forms.URLField(
        label=_("Where it can be read"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("The address of the announcement, if there is one."),
    )
    from_on = DayField(label=_("First day that moves"), required=False, help_text=_("Empty: whatever is still ahead."))
    before_on = DayField(
        label=_("First day that stays"),
        required=False,
        help_text=_("The cut-off: hearings of this day and later stay. Empty: no end."),
    )
    unit = forms.ChoiceField(label=_("They move by"), choices=Unit, initial=Unit.MONTHS, widget=forms.RadioSelect)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=1, required=False)
    to_on = DayField(label=_("The day"), required=False)
    base = forms.ChoiceField(
        label=_("Counted from"),
        choices=Base,
        initial=Base.PAPERS,
        widget=forms.RadioSelect,
        help_text=_(
            "From the papers: as if nothing had been announced before, so that the same rule moves nobody twice."
        ),
    )
    skips_holidays = forms.BooleanField(
        label=_("From a US federal holiday to the next working day"),
        required=False,
        help_text=_("Only where the announcement says so. Weekends always move to Monday."),
    )
    courts = forms.ModelMultipleChoiceField(
        label=_("Courts"), queryset=Court.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    crossings = forms.ModelMultipleChoiceField(
        label=_("Crossings"), queryset=Crossing.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of hearing"), choices=Hearing.Kind, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, actor: Actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = at.date()  # of UTC: where authorities announce it may be tomorrow already
        self.fields["courts"].queryset = courts_of(actor)  # type: ignore[attr-defined]
        self.fields["crossings"].queryset = crossings_of(actor)  # type: ignore[attr-defined]
        self.fields["crossings"].label_from_instance = lambda crossing: crossing.label  # type: ignore[attr-defined]

    @property
    def narrows(self) -> bool:
        """Whether courts, crossings or kinds were chosen, or something there is wrong."""
        return any(self[name].value() or self[name].errors for name in ("courts", "crossings", "kinds"))

    def clean_announced_on(self) -> date:
        """Nothing is announced in the future."""
        day: date = self.cleaned_data["announced_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come. Write the day on which it was announced."))
        return day

    def clean(self) -> dict[str, Any]:
        """Which days, and how far, in their order."""
        said = super().clean() or {}
        first, cut_off = said.get("from_on"), said.get("before_on")
        if not (first or cut_off) and not {"from_on", "before_on"} & self.errors.keys():
            self.add_error("before_on", _("Write the first day that moves, the first day that stays, or both."))
        if first and cut_off and first >= cut_off:
            self.add_error("before_on", _("The first day that stays comes after the first day that moves."))
        if said.get("unit") == Unit.DAY:
            self._check_day(said.get("to_on"), cut_off)
        elif not said.get("count") and "count" not in self.errors:
            self.add_error("count", _("Write how many."))
        return said

    def _check_day(self, day: date | None, cut_off: date | None) -> None:
        if day is None:
            if "to_on" not in self.errors:
                self.add_error("to_on", _("Write the day on which all of them present."))
        elif day.weekday() >= SATURDAY:
            self.add_error("to_on", _("That is a weekend: no court sits."))
        elif cut_off and day < cut_off:
            self.add_error("to_on", _("A hearing never moves to an earlier day: choose one after those that move."))

    def entry(self) -> dict[str, Any]:
        """What `make_postponement` is told."""
        said = self.cleaned_data
        is_day = said["unit"] == Unit.DAY
        rule = Rule(
            unit=Unit(said["unit"]),
            count=0 if is_day else said["count"],
            to_on=said["to_on"] if is_day else None,
            from_on=said["from_on"],
            before_on=said["before_on"],
            base=Base(said["base"]),
            skips_holidays=said["skips_holidays"],
            courts=frozenset(court.pk for court in said["courts"]),
            crossings=frozenset(crossing.pk for crossing in said["crossings"]),
            kinds=frozenset(said["kinds"]),
        )
        return {name: said[name] for name in ("uid", "announced_on", "reason", "source_url")} | {"rule": rule}


def same_as(postponement: Postponement) -> dict[str, Any]:
    """What a form for the same rule begins with."""
    rule = rule_of(postponement.rule)
    told = {name: getattr(postponement, name) for name in ("announced_on", "reason", "source_url")}
    named = "unit count to_on from_on before_on base skips_holidays".split()
    return (
        told
        | {name: getattr(rule, name) for name in named}
        | {
            "courts": sorted(rule.courts),
            "crossings": sorted(rule.crossings),
            "kinds": sorted(rule.kinds),
        }
    )


class ApplyForm(forms.Form):
    """How many hearings move, said by whoever applies it."""

    how_many = forms.IntegerField(required=False, min_value=1)
