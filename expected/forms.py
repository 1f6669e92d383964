"""Bringing in the list of a day: a file, or rows copied from one."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import DomainError
from core.inputs import DayField
from expected.announced import Announced, announced_in
from expected.models import ExpectedList
from places import zones
from places.models import Crossing, Site
from sheets.reading import MOST_BYTES, SheetTooBig, read_pasted, read_sheet


class ListForm(forms.Form):
    """A day, who announced it, and the list itself. `now` is when the page was asked for, aware."""

    site = forms.ModelChoiceField(label=_("Where they will come"), queryset=Site.objects.none(), empty_label=None)
    day = DayField(label=_("Day they are announced for"))
    source = forms.ChoiceField(
        label=_("Who announced it"),
        choices=ExpectedList.Source.choices,
        initial=ExpectedList.Source.INM,
        widget=forms.RadioSelect,
    )
    sheet = forms.FileField(
        label=_("The list as a file"),
        required=False,
        allow_empty_file=True,  # `EmptySheet` says more
        help_text=_("Excel, LibreOffice or CSV, as it came. One row a person; “Familia” says who comes together."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt,.tsv"}),
    )
    pasted = forms.CharField(
        label=_("… or copied from one"),
        required=False,
        strip=False,
        help_text=_("Copy the rows in Excel or in the mail, with the column names, and paste them here."),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, actor: Actor, now: datetime, site_code: str = "", **kwargs: Any) -> None:
        sites = Site.objects.of(actor).field().active().select_related("city").order_by("name")
        first = next((site for site in sites if site.code == site_code), None) or sites.first()
        today = zones.local(now, first.city.zone).date() if first else now.date()
        kwargs["initial"] = {"site": first, "day": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The list, read: exactly one of file and pasted rows, with column names."""
        cleaned = super().clean() or self.cleaned_data
        sheet, pasted = cleaned.get("sheet"), (cleaned.get("pasted") or "").strip()
        if bool(sheet) == bool(pasted):
            words = _("Choose a file or paste the rows, not both.") if sheet else _("Choose a file or paste the rows.")
            self.add_error("sheet", words)
        elif not self.errors:
            try:
                cleaned["announced"] = self._announced(cleaned)
            except DomainError as refusal:
                self.add_error("sheet" if sheet else "pasted", str(refusal))
        return cleaned

    def received(self) -> dict[str, Any]:
        """What `receive_list` is told."""
        return {
            **{name: self.cleaned_data[name] for name in ("site", "day", "source")},
            "families": self.cleaned_data["announced"].families,
        }

    def _announced(self, cleaned: dict[str, Any]) -> Announced:
        upload = cleaned["sheet"]
        if upload and upload.size > MOST_BYTES:
            raise SheetTooBig()
        sheet = read_sheet(upload, upload.name) if upload else read_pasted(cleaned["pasted"])
        crossings = list(Crossing.objects.filter(city=cleaned["site"].city).by_city())
        return announced_in(sheet, today=cleaned["day"], crossings=crossings)
