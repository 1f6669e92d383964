"""What a paper or a person states about a hearing, as staff copy it. Shape only: the deeds judge."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from cases.models import Person
from core.inputs import ClockField, DayField
from core.look import TwoClocks
from hearings.actions import ReportAfterCourt
from hearings.actions.stating import NO_SOURCE
from hearings.clocks import two_clocks
from hearings.doubts import doubts_in_words
from hearings.models import Claim, Hearing, Representation
from hearings.rules import CANCELLING, Doubt, doubts_of, wall
from journey.forms.crossings import CrossingField
from journey.forms.households import FamilyForm, past_day
from places import languages, zones
from places.models import Court, Crossing, HearingLocation

DOES_NOT_SAY = _("It does not say")


class RepresentativeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Who of those who speak for the family says so."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and organisation."""
        return " · ".join(filter(None, [obj.name, obj.organisation]))


class StatedForm(FamilyForm):
    """The facts that a source may state, each time on the clock of its own side. Those of `more` stand behind a fold."""

    pairs = (("court_on", "court_time"), ("report_on", "report_time"), ("source", "said_on"), ("judge", "interpreter"))
    more: tuple[str, ...] = ("representation", "kind", "location", "judge", "interpreter", "people")

    court = forms.ModelChoiceField(label=_("Court"), queryset=Court.objects.none())
    court_on = DayField(label=_("Date of the hearing"))
    court_time = ClockField(label=_("Time at the court"), help_text=_("as the sheet says, court's clock"))
    crossing = CrossingField(label=_("Where they must stand"), queryset=Crossing.objects.none(), required=False)
    report_on = DayField(label=_("Day at the bridge"), required=False)
    report_time = ClockField(label=_("Time at the bridge"), required=False)
    source = forms.ChoiceField(label=_("Who or which paper states it"))
    said_on = DayField(label=_("Date of the paper, or when they said it"))
    kind = forms.ChoiceField(
        label=_("Kind of hearing"), choices=[("", DOES_NOT_SAY), *Hearing.Kind.choices], required=False
    )
    location = forms.ModelChoiceField(
        label=_("Hearing location"),
        queryset=HearingLocation.objects.none(),
        required=False,
        empty_label=DOES_NOT_SAY,
        help_text=_("the code on the notice"),
    )
    judge = forms.CharField(
        label=_("Judge"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)
    people = forms.MultipleChoiceField(label=_("Who must appear"), widget=forms.CheckboxSelectMultiple, required=False)
    representation = RepresentativeField(
        label=_("Which lawyer"),
        queryset=Representation.objects.none(),
        required=False,
        empty_label=DOES_NOT_SAY,
        help_text=_("where a lawyer states it"),
    )
    is_right = forms.BooleanField(label=_("It is right as written"), required=False, widget=forms.HiddenInput)

    def offer(self) -> None:
        """All courts, crossings, locations and languages, and the family's people; today."""
        self._offer_rows("court", Court.objects.order_by("name"))
        self._offer_rows("crossing", Crossing.objects.by_city())
        self._offer_rows("location", HearingLocation.objects.filter(is_real=True).order_by("description"))
        self._offer_choices("source", stated_by())
        self._offer_choices("interpreter", [("", DOES_NOT_SAY), *languages.choices()])
        self._offer_choices("people", [(str(each.person.pk), each.name) for each in self.family.members])
        self.fields["said_on"].initial = self.today
        self._offer_representatives()

    def _offer_representatives(self) -> None:
        """Those who speak for the family now; a family that has none is not asked which."""
        standing = Representation.objects.standing().filter(household=self.family.household)
        self._offer_rows("representation", standing)
        if not standing.exists():
            del self.fields["representation"]

    def _offer_rows(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _offer_choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def rows(self) -> list[list[BoundField]]:
        """The fields before the fold."""
        return [row for row in super().rows() if row[0].name not in self.more]

    def more_rows(self) -> list[list[BoundField]]:
        """Those behind it."""
        return [row for row in super().rows() if row[0].name in self.more]

    @property
    def more_said(self) -> str:
        """What is behind it, in a line."""
        return ", ".join(str(field.label) for row in self.more_rows() for field in row)

    @property
    def has_more(self) -> bool:
        """Whether the fold must stand open: something behind it was written or refused."""
        behind = [self[name] for name in self.more if name in self.fields]
        return self.is_bound and any(field.errors or self.data.get(field.html_name) for field in behind)

    def clean_said_on(self) -> date:
        """Nobody said it tomorrow."""
        return past_day(self.cleaned_data["said_on"], self.today)

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be, at its field; ask once more when something is odd, which forbids nothing."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            odd = self._odd(data)
            if odd and not self.errors and not data["is_right"]:
                for sentence in doubts_in_words(odd, court_on=self._court_wall(data)[0]):
                    self.add_error(None, str(sentence))
                self.fields["is_right"].widget = forms.CheckboxInput()
        return data

    def _court_wall(self, data: dict[str, Any]) -> tuple[date, time, str]:
        """The date and time at the court as they would stand, and the zone of its clock."""
        return data["court_on"], data["court_time"], data["court"].zone

    def _bridge_wall(self, data: dict[str, Any]) -> tuple[date, time, str] | None:
        """The same of the bridge; None where no time is stated for it."""
        if data["report_time"] is None:
            return None
        if data["crossing"] is None:
            self.add_error("crossing", _("Say which crossing the time is for."))
            return None
        return data["report_on"] or data["court_on"], data["report_time"], data["crossing"].zone

    def _odd(self, data: dict[str, Any]) -> tuple[Doubt, ...]:
        court, bridge = self._court_wall(data), self._bridge_wall(data)
        court_at = self._moment("court_time", *court)
        report_at = self._moment("report_time", *bridge) if bridge else None
        if court_at is None or (bridge and report_at is None):
            return ()
        if report_at and report_at > court_at:
            self.add_error("report_time", str(ReportAfterCourt.message))
            return ()
        return doubts_of(
            court_on=court[0],
            court_at=court_at,
            report_at=report_at,
            now=self.now,
            is_twice=any(
                zones.is_ambiguous(wall(day, clock), zone) for day, clock, zone in filter(None, (court, bridge))
            ),
        )

    def _moment(self, name: str, day: date, clock: time, zone: str) -> datetime | None:
        """The moment of a wall time; one that the clocks skip is refused at its field."""
        try:
            return zones.wall_to_utc(wall(day, clock), zone)
        except zones.NonexistentTime as refusal:
            self.add_error(name, str(refusal))
            return None

    def entry(self) -> dict[str, Any]:
        """What the deed is told: the facts, and whose they are."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "is_right"}
        return said | {"people": self._chosen()}

    def _chosen(self) -> list[Person] | None:
        """Who must appear, where that was stated."""
        keys = set(self.cleaned_data["people"])
        return [each.person for each in self.family.members if str(each.person.pk) in keys] or None


class HearingForm(StatedForm):
    """A hearing that is noted for the first time."""

    def offer(self) -> None:
        """The sheet, for everybody."""
        super().offer()
        for name, words in (("court", _("Choose the court")), ("crossing", _("Not known yet"))):
            self.fields[name].empty_label = words  # type: ignore[attr-defined]
        self.fields["report_on"].help_text = _("empty: the same day")
        self.fields["report_time"].help_text = _("bridge's clock; empty: estimated, and marked so")
        self.fields["people"].initial = [str(each.person.pk) for each in self.family.members]
        self.fields["source"].initial = Claim.Source.MPP_SHEET

    def _chosen(self) -> list[Person] | None:
        """Who must appear; nobody is quoted for it where that is everybody, which is what is usual."""
        chosen = super()._chosen()
        return None if chosen is None or len(chosen) == len(self.family.members) else chosen


class WordForm(StatedForm):
    """What another source, or the same one later, states about a standing `hearing`; empty is what it does not say."""

    more = ("representation", "court", "kind", "location", "judge", "interpreter", "people")
    field_order = ("source", "said_on")

    def __init__(self, *args: Any, hearing: Hearing, **kwargs: Any) -> None:
        self.hearing = hearing
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """Nothing is stated until it is written."""
        super().offer()
        for name in ("court", "crossing"):
            self.fields[name].empty_label = DOES_NOT_SAY  # type: ignore[attr-defined]
        for name in ("court", "court_on", "court_time"):
            self.fields[name].required = False
        self.fields["court_time"].help_text = _("court's clock")
        self.fields["report_time"].help_text = _("bridge's clock")
        self.fields["people"].help_text = _("Tick only whom it names. Nobody ticked: it does not say.")

    def _court_wall(self, data: dict[str, Any]) -> tuple[date, time, str]:
        stands = self.hearing
        return (
            data["court_on"] or stands.court_on,
            data["court_time"] or stands.court_time,
            data["court"].zone if data["court"] else stands.court_zone,
        )

    def _bridge_wall(self, data: dict[str, Any]) -> tuple[date, time, str] | None:
        clock = data["report_time"] or (self.hearing.report_time if data["report_on"] else None)
        crossing = data["crossing"] or self.hearing.report_crossing
        if clock is None:
            return None
        if crossing is None:
            self.add_error("crossing", _("Say which crossing the time is for."))
            return None
        says_court = data["court_on"] or data["court_time"]
        day = data["report_on"] or (None if says_court else self.hearing.report_on)
        return day or data["court_on"] or self.hearing.court_on, clock, crossing.zone


class CancelForm(FamilyForm):
    """Which source says that a standing `hearing` is off."""

    source = forms.ChoiceField(label=_("Who or which paper says so"), widget=forms.RadioSelect)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, hearing: Hearing, **kwargs: Any) -> None:
        self.hearing = hearing
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """Papers, announcements and the line; nobody goes by what was heard."""
        choices = [(value, words) for value, words in stated_by() if value in CANCELLING]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]
        self.fields["version"].initial = self.hearing.version

    @property
    def clocks(self) -> TwoClocks:
        """Both clocks of the hearing."""
        return two_clocks(self.hearing, with_sources=False)


def stated_by() -> list[tuple[str, str]]:
    """Who can state something about a hearing: a rule of the crossing or a decision of ours cannot."""
    return [(value, str(label)) for value, label in Claim.Source.choices if value not in NO_SOURCE]
