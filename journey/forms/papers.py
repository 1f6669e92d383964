"""Papers, tests, results and isolation, as staff note them on a family's pages. Shape only: the deeds judge."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.kinds import ANTIGEN, FMM, paper_kind, paper_kinds, test_kinds
from cases.models import CovidTest, Isolation, Person
from core.inputs import ClockField, DayField
from journey.forms.households import FamilyForm, PeopleForm, past_day
from places import zones

MINUTE = timedelta(minutes=1)
# A clock at the bridge may run a little ahead of ours.
AHEAD = timedelta(minutes=5)


def paper_choices() -> list[tuple[str, str]]:
    """Every kind of paper, named in the reader's language."""
    return [(kind.code, kind.label) for kind in paper_kinds().values()]


def test_choices() -> list[tuple[str, str]]:
    """Every kind of test, named in the reader's language."""
    return [(kind.code, kind.short) for kind in test_kinds().values()]


class MomentForm(FamilyForm):
    """A form that asks when something happened, `day` and `hour` on the clock of the family's site: now unless told."""

    day_name, hour_name, moment_name = "taken_on", "taken_time", "taken_at"

    def offer_now(self) -> None:
        """Suggest this very minute."""
        wall = zones.local(self.now, self.family.zone)
        self.fields[self.day_name].initial = wall.date()
        self.fields[self.hour_name].initial = wall.time().replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        """The moment, on the clock of the site; not in the future."""
        data = super().clean() or self.cleaned_data
        day, hour = data.get(self.day_name), data.get(self.hour_name)
        if day and hour:
            try:
                moment = zones.wall_to_utc(datetime.combine(day, hour), self.family.zone)
            except zones.NonexistentTime as refusal:
                self.add_error(self.hour_name, str(refusal))
            else:
                data[self.moment_name] = moment
                if moment > self.now + AHEAD:
                    self.add_error(self.hour_name, _("This is still to come. Check the day and the time."))
        return data


class DocumentForm(PeopleForm):
    """A paper given by Mexican authorities to the people ticked."""

    kind = forms.ChoiceField(label=_("Document"), choices=paper_choices)
    issued_on = DayField(label=_("Given on"))
    valid_until = DayField(
        label=_("Last day it is valid"),
        required=False,
        help_text=_("Suggested for the FMM; another paper gets its own usual days. Empty: the paper does not say."),
    )

    field_order = ("kind", "issued_on", "valid_until", "people")
    pairs = (("issued_on", "valid_until"),)

    def offer(self) -> None:
        """The usual case: the FMM, given today for its 120 days, to those who have no paper; a number each, where it is at hand."""
        super().offer()
        self.fields["kind"].initial = FMM
        self.fields["issued_on"].initial = self.today
        self.fields["valid_until"].initial = paper_kind(FMM).usual_end(self.today)
        without = [str(member.person.pk) for member in self.family.members if not member.papers]
        self.fields["people"].initial = without or self.fields["people"].initial
        for member in self.family.members:
            self.fields[_number(member.person)] = forms.CharField(
                label=_("Number on the paper of %(name)s") % {"name": self.family.called(member)},
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def clean_issued_on(self) -> date:
        """No paper is given tomorrow."""
        return past_day(self.cleaned_data["issued_on"], self.today)

    def entry(self) -> dict[str, Any]:
        """What `give_documents` is told."""
        data, people = self.cleaned_data, self.chosen()
        return {
            "kind": data["kind"],
            "issued_on": data["issued_on"],
            "valid_until": self._last_day(data["kind"], data["issued_on"], data["valid_until"]),
            "people": people,
            "numbers": {person.pk: data[_number(person)].strip() for person in people},
        }

    def _last_day(self, kind: str, issued_on: date, told: date | None) -> date | None:
        """The day told, but where it is the suggestion for the FMM, untouched, the usual one of the paper that was chosen."""
        suggested = paper_kind(FMM).usual_end(self.today)
        return paper_kind(kind).usual_end(issued_on) if told == suggested else told


class TestForm(PeopleForm, MomentForm):
    """A COVID-19 test of the people ticked."""

    kind = forms.ChoiceField(label=_("Test"), choices=test_choices)
    taken_on = DayField(label=_("Taken on"))
    taken_time = ClockField(label=_("Time"))
    device = forms.CharField(
        label=_("Kit"), required=False, max_length=80, help_text=_("The name on the box, if it is at hand.")
    )
    lot = forms.CharField(label=_("Lot"), required=False, max_length=40)

    field_order = ("kind", "taken_on", "taken_time", "device", "lot", "people")
    pairs = (("taken_on", "taken_time"), ("device", "lot"))

    def offer(self) -> None:
        """The usual case: antigen, now, every adult who does not wait for a result."""
        super().offer()
        self.offer_now()
        self.fields["kind"].initial = ANTIGEN
        adults = [
            member for member in self.family.adults_on(self.today) if not (member.swab and member.swab.result is None)
        ]
        self.fields["people"].initial = [str(member.person.pk) for member in adults]
        self.fields["people"].help_text = _("Minors only with symptoms. Who waits for a result is not tested again.")

    def entry(self) -> dict[str, Any]:
        """What `take_tests` is told."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "taken_at": data["taken_at"],
            "device": data["device"].strip(),
            "lot": data["lot"].strip(),
            "people": self.chosen(),
        }


class ResultForm(MomentForm):
    """The results of the tests that the family waits for: one question a test, all of them at once where they are there."""

    day_name, hour_name, moment_name = "read_on", "read_time", "resulted_at"

    read_on = DayField(label=_("Read on"))
    read_time = ClockField(label=_("Time"))

    pairs = (("read_on", "read_time"),)

    def offer(self) -> None:
        """One question for each test without a result."""
        self.offer_now()
        self.waiting = [
            (member, swab) for member in self.family.members for swab in member.swabs if swab.result is None
        ]
        for member, swab in self.waiting:
            self.fields[f"result-{swab.pk}"] = forms.ChoiceField(
                label=member.name,
                required=False,
                choices=CovidTest.Result.choices,
                widget=forms.RadioSelect,
                help_text=_("%(test)s, taken %(time)s")
                % {"test": swab.kind.short, "time": f"{zones.local(swab.taken_at, self.family.zone):%H:%M}"},
            )
        self.order_fields([f"result-{swab.pk}" for _member, swab in self.waiting])
        if not self.waiting:  # somebody else noted them, or none was taken
            self.nothing_to_ask = str(_("Nobody of this family waits for a result."))

    def clean(self) -> dict[str, Any]:
        """At least one of them."""
        data = super().clean()
        if not self.results():
            self.add_error(
                None,
                _("Choose at least one result.") if self.waiting else _("Nobody of this family waits for a result."),
            )
        if read_at := data.get("resulted_at"):  # the clock of the form knows no seconds, that of a tap does
            same_minute = [swab.taken_at for _member, swab in self.waiting if swab.taken_at - read_at < MINUTE]
            data["resulted_at"] = max([read_at, *same_minute])
        return data

    def results(self) -> dict[int, CovidTest.Result]:
        """What was chosen, by the key of the test."""
        return {
            swab.pk: CovidTest.Result(self.cleaned_data[f"result-{swab.pk}"])
            for _member, swab in self.waiting
            if self.cleaned_data.get(f"result-{swab.pk}")
        }


class CorrectionForm(FamilyForm):
    """What a test showed in truth, and why something else was written."""

    result = forms.ChoiceField(label=_("What it showed"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Why it was wrong"), choices=CovidTest.Correction.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, test: CovidTest, **kwargs: Any) -> None:
        self.test = test
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """Every result but the one that is noted."""
        others = [(value, label) for value, label in CovidTest.Result.choices if value != self.test.result]
        self.fields["result"].choices = others  # type: ignore[attr-defined]
        self.fields["result"].help_text = _("What was noted stays in the file; this one counts from now on.")

    def entry(self) -> dict[str, Any]:
        """What `correct_result` is told."""
        reason = CovidTest.Correction(self.cleaned_data["reason"])
        return {"result": CovidTest.Result(self.cleaned_data["result"]), "reason": reason}


class BeginIsolationForm(FamilyForm):
    """That a family isolates without a positive test."""

    cause = forms.ChoiceField(label=_("Why they isolate"), widget=forms.RadioSelect)

    def offer(self) -> None:
        """A positive test isolates by itself."""
        causes = [(value, label) for value, label in Isolation.Cause.choices if value != Isolation.Cause.DETECTED]
        self.fields["cause"].choices = causes  # type: ignore[attr-defined]


class IsolationForm(FamilyForm):
    """How the family isolates, and when it is tested again."""

    way = forms.ChoiceField(label=_("How they isolate"), choices=Isolation.Way.choices, widget=forms.RadioSelect)
    apart = forms.MultipleChoiceField(
        label=_("Who isolates apart"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only where they agreed. Whoever is not ticked becomes a family of their own and goes on."),
    )
    retest_on = DayField(label=_("Retest on"))

    def __init__(self, *args: Any, isolation: Isolation, **kwargs: Any) -> None:
        self.isolation = isolation
        super().__init__(*args, **kwargs)

    def offer(self) -> None:
        """What was decided, or together; those who tested positive isolate."""
        self.fields["way"].initial = self.isolation.way or Isolation.Way.TOGETHER
        self.fields["retest_on"].initial = self.isolation.retest_on
        if len(self.family.members) == 1 or self.isolation.way == Isolation.Way.SPLIT:
            del self.fields["apart"]
            del self.fields["way"]
            return
        field = self.fields["apart"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(member.person.pk), member.name) for member in self.family.members]
        field.initial = [str(member.person.pk) for member in self.family.members if _is_positive(member.swab)]

    def clean(self) -> dict[str, Any]:
        """Apart means that somebody isolates and somebody goes on."""
        data = super().clean() or self.cleaned_data
        if self.is_split and not 0 < len(data.get("apart") or []) < len(self.family.members):
            self.add_error("apart", _("Tick who isolates, and leave somebody who goes on."))
        return data

    @property
    def is_split(self) -> bool:
        """Whether some of them go on."""
        return bool("way" in self.fields and self.cleaned_data.get("way") == Isolation.Way.SPLIT)

    def chosen_way(self) -> Isolation.Way:
        """How they isolate; somebody alone isolates as a family of one."""
        return Isolation.Way(self.cleaned_data.get("way") or self.isolation.way or Isolation.Way.TOGETHER)

    def going_on(self) -> list[Person]:
        """Those who do not isolate."""
        keys = set(self.cleaned_data["apart"])
        return [member.person for member in self.family.members if str(member.person.pk) not in keys]


class EndIsolationForm(FamilyForm):
    """Why an isolation is over."""

    ending = forms.ChoiceField(label=_("Why it is over"), widget=forms.RadioSelect)

    def offer(self) -> None:
        """A correction ends it by itself."""
        endings = [(value, label) for value, label in Isolation.Ending.choices if value != Isolation.Ending.CORRECTED]
        self.fields["ending"].choices = endings  # type: ignore[attr-defined]


def _number(person: Person) -> str:
    return f"number-{person.pk}"


def _is_positive(swab: Any) -> bool:
    return swab is not None and swab.result == CovidTest.Result.DETECTED
