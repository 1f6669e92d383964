"""Handing out lists for the EOIR line, and what a caller heard. Shape only: the deeds judge."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from core.inputs import ClockField, DayField, FormIdField
from hearings.models import CheckCall
from places.models import Court, Site

Answer = CheckCall.Answer
COUNTS = (10, 20, 40)
HOURS = (2, 4, 8)
NOT_NAMED, NOT_LISTED = "", "other"
HEARD = (
    (Answer.DATE, _("A date and a time")),
    (Answer.NO_HEARING, _("The case, but no hearing")),
    (Answer.NOT_YET, _("Not in the system yet")),
    (Answer.NO_CASE, _("No case found")),
)


class HandForm(forms.Form):
    """Who calls, how many, for how long."""

    uid = FormIdField()
    site = forms.ChoiceField(label=_("Families of"), widget=forms.RadioSelect)
    caller = forms.ChoiceField(label=_("Who calls"), widget=forms.RadioSelect)
    count = forms.TypedChoiceField(
        label=_("How many"),
        widget=forms.RadioSelect,
        coerce=int,
        initial=COUNTS[1],
        choices=[(n, str(n)) for n in COUNTS],
    )
    hours = forms.TypedChoiceField(
        label=_("For how long"),
        widget=forms.RadioSelect,
        coerce=int,
        initial=HOURS[-1],
        help_text=_("Afterwards they can read nothing of the list any more."),
    )

    def __init__(self, *args: Any, sites: Sequence[Site], callers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = [(n, ngettext("%(hours)d hour", "%(hours)d hours", n) % {"hours": n}) for n in HOURS]
        self.fields["hours"].choices = hours  # type: ignore[attr-defined]
        self.sites = {site.code: site for site in sites}
        self.callers = {str(user.pk): user for user in callers}
        self.fields["site"].choices = [(code, site.name) for code, site in self.sites.items()]  # type: ignore[attr-defined]
        self.fields["caller"].choices = [(key, user.name) for key, user in self.callers.items()]  # type: ignore[attr-defined]
        if len(self.sites) == 1:
            self.fields["site"].initial = next(iter(self.sites))
            self.fields["site"].widget = forms.HiddenInput()

    def entry(self) -> dict[str, Any]:
        """What `hand_batch` is told."""
        said = self.cleaned_data
        return {
            "uid": said["uid"],
            "site": self.sites[said["site"]],
            "caller": self.callers[said["caller"]],
            "count": said["count"],
            "lasts": timedelta(hours=said["hours"]),
        }


class AnswerForm(forms.Form):
    """What the line said, as it said it: a day and a time on the court's own clock, and which court."""

    answer = forms.ChoiceField(label=_("What did the line say?"), widget=forms.RadioSelect, choices=HEARD)
    court_on = DayField(label=_("Day"), required=False)
    court_time = ClockField(label=_("Time, as the line says it"), required=False)
    court = forms.ChoiceField(label=_("Court that it named"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courts = {court.eoir_base: court for court in Court.objects.order_by("name")}
        listed = [(code, court.name) for code, court in self.courts.items()]
        choices = [(NOT_NAMED, _("It named none")), *listed, (NOT_LISTED, _("Another, not on this list"))]
        self.fields["court"].choices = choices  # type: ignore[attr-defined]

    def entry(self) -> dict[str, Any]:
        """What `answer_call` is told; of an answer without a date only the answer."""
        said = self.cleaned_data
        if said["answer"] != Answer.DATE:
            return {"answer": said["answer"]}
        court = said["court"]
        return {
            "answer": Answer.OTHER_COURT if court == NOT_LISTED else Answer.DATE,
            "court_on": said["court_on"],
            "court_time": said["court_time"],
            "court": self.courts.get(court),
        }
