"""Choosing a sheet: a file, or a table copied from one."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Arrival
from core.actors import Actor
from core.inputs import DayField
from journey.forms.crossings import CrossingField
from places import zones
from places.models import Crossing, Site
from sheets.reading import EmptySheet, Sheet, SheetRefused, read_book, read_pasted

PASTED = _("Pasted rows")


class SheetForm(forms.Form):
    """The sheet, and what holds for its families where it does not say. `now` is when the page was asked for, aware."""

    file = forms.FileField(
        label=_("The sheet"),
        required=False,
        allow_empty_file=True,  # `EmptySheet` says more
        help_text=_("XLSX, XLS, ODS or CSV, also an export of ODK or KoboToolbox. Up to 60,000 people and 20 MB."),
    )
    pasted = forms.CharField(
        label=_("Or paste the rows here, with the column names"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    crossing = CrossingField(
        label=_("They came over"),
        queryset=Crossing.objects.none(),
        required=False,
        empty_label=_("Not known"),
        help_text=_("Where the sheet does not say."),
    )
    arrived_on = DayField(label=_("Day they came"), help_text=_("Where the sheet does not say."))

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        self.sites = list(Site.objects.of(actor).field().active().select_related("city").order_by("pk"))
        zone = self.sites[0].city.zone if self.sites else "UTC"
        self.today = zones.local(now, zone).date()
        kwargs["initial"] = {
            "arrived_on": self.today,
            "crossing": Arrival.objects.last_entry(self.sites).get("crossing"),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.xlsb,.ods,.csv,.tsv,.txt"
        crossings = Crossing.objects.filter(city__in=[site.city_id for site in self.sites]).by_city()
        self.fields["crossing"].queryset = crossings  # type: ignore[attr-defined]
        if len(self.sites) > 1:
            sites = [(site.pk, site.name) for site in self.sites]
            self.fields["site"] = forms.TypedChoiceField(label=_("Site"), coerce=int, choices=sites)
            self.order_fields(["file", "pasted", "site"])

    def clean(self) -> dict[str, Any]:
        """One of the two is there and can be read; `book` and `content` are what stands in it."""
        cleaned = super().clean() or self.cleaned_data
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "")
        if "file" in self.errors:
            return cleaned
        if not file and not pasted.strip():
            self.add_error("file", _("Choose a file, or paste the rows below."))
            return cleaned
        try:
            cleaned["content"], cleaned["book"], cleaned["name"] = self._read(file, pasted)
        except SheetRefused as refusal:
            self.add_error("file" if file else "pasted", str(refusal))
        if cleaned.get("arrived_on") and cleaned["arrived_on"] > self.today + timedelta(days=1):
            self.add_error("arrived_on", _("This day is still to come."))
        return cleaned

    def _read(self, file: Any, pasted: str) -> tuple[bytes, list[Sheet], str]:
        if not file:
            return pasted.encode("utf-8", "replace"), [read_pasted(pasted)], str(PASTED)
        content: bytes = file.read()
        if not content:
            raise EmptySheet()
        return content, read_book(content, file.name), file.name

    def received(self) -> dict[str, Any]:
        """What `receive_sheet` is told."""
        told = {name: self.cleaned_data[name] for name in ("book", "content", "name", "crossing", "arrived_on")}
        key = self.cleaned_data.get("site", self.sites[0].pk if self.sites else None)
        return {**told, "site": next(site for site in self.sites if site.pk == key)}


class LetInForm(forms.Form):
    """Whether families with an A-number that is on file go in as well."""

    with_known = forms.BooleanField(required=False)
