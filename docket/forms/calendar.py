"""Choosing a calendar to open."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.inputs import FormIdField
from docket.models import CalendarFeed
from docket.policies import can_hold
from places.models import Site

Kind = CalendarFeed.Kind


class FeedForm(forms.Form):
    """What, and of which site: the calendars that `actor` may hold. `uid` makes a form that is sent twice one calendar."""

    uid = FormIdField()
    what = forms.ChoiceField(label=_("What the calendar shows"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = list(Site.objects.active().of(actor).order_by("name"))
        self._held = {
            f"{kind}-{site.pk}": (kind, site) for kind in Kind for site in sites if can_hold(actor, kind, site)
        }
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = [(key, f"{kind.label}: {site.name}") for key, (kind, site) in self._held.items()]

    @property
    def said(self) -> dict[str, Any]:
        """What the deed is told."""
        kind, site = self._held[self.cleaned_data["what"]]
        return {"uid": self.cleaned_data["uid"], "kind": kind, "site": site}
