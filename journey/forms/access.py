"""Asking for access to a record elsewhere, and answering."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import AccessRequest, Household
from places.models import Site

Reason = AccessRequest.Reason
DAYS = (("7", _("for 7 days")), ("30", _("for 30 days")), ("", _("until we end it")))


class AskForm(forms.Form):
    """Why they need to see it. The token says which record, to the server alone."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("Why do you need to see it?"),
        choices=[choice for choice in Reason.choices if choice[0] != Reason.MERGED],
        initial=Reason.IS_HERE,
    )
    words = forms.CharField(label=_("In a few words"), required=False, max_length=300)

    def __init__(self, *args: Any, household: Household | None = None, site: Site | None = None, **kwargs: Any) -> None:
        self.household, self.site = household, site
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Somebody asks for somebody: the token led to a household, and whoever asks works at a site."""
        if self.household is None or self.site is None:
            raise forms.ValidationError(_("Nobody to ask for."))
        return self.cleaned_data

    def entry(self) -> dict[str, Any]:
        """What `ask_access` is told."""
        reason = Reason(self.cleaned_data["reason"])
        return {"household": self.household, "site": self.site, "reason": reason, "words": self.cleaned_data["words"]}


class DecideForm(forms.Form):
    """Yes or no, and for how long."""

    answer = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    days = forms.ChoiceField(label=_("How long"), required=False, choices=DAYS)

    @property
    def is_granted(self) -> bool:
        """Whether they are let in."""
        return bool(self.cleaned_data["answer"] == "yes")

    def until(self, now: datetime) -> datetime | None:
        """When it shall end."""
        days = self.cleaned_data["days"]
        return now + timedelta(days=int(days)) if days else None
