"""The form at the bridge: few fields, nothing required that may be unknown, nothing lost when something is wrong."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.consent import NOTICE_VERSION
from cases.actions.people import PersonEntry
from cases.intake import GENERATION_YEARS, LIKELY_RELATIONS, likely_relation
from cases.models import Arrival, Consent, PhoneOwner, Relation
from cases.rules import AGE_BANDS
from core.actors import Actor
from core.inputs import ClockField, DayField
from journey.actions.arrivals import HearingEntry
from journey.forms.crossings import CrossingField
from journey.forms.people import PersonForm, normal
from journey.notices import NOTICES
from places import languages, nationalities, zones
from places.models import Court, Crossing, Site

MOST_PEOPLE = 12
BUTTONS = 6
CHIPS = 5  # countries at sight; the others are behind "other"
OTHER = "other"
YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))
CLOCK_TOLERANCE = timedelta(minutes=15)


class ArrivalForm(forms.Form):
    """The family and its people. `now` is when the page was asked for, aware."""

    notices, notice_version = NOTICES, NOTICE_VERSION

    uid = forms.UUIDField(widget=forms.HiddenInput)
    size = forms.TypedChoiceField(
        label=_("How many people"),
        coerce=int,
        choices=[(n, str(n)) for n in range(1, BUTTONS)] + [(BUTTONS, f"{BUTTONS} +")],
        initial=1,
        widget=forms.RadioSelect,
    )
    crossing = CrossingField(label=_("They came over"), queryset=Crossing.objects.none(), empty_label=None)
    arrived_on = DayField(label=_("Day they came"))
    arrived_time = ClockField(label=_("Time they came"))
    nationality = forms.ChoiceField(label=_("Nationality"), required=False, widget=forms.RadioSelect)
    nationality_other = forms.ChoiceField(label=_("Which country"), required=False)
    language = forms.ChoiceField(label=_("Language they prefer"))
    phone_owner = forms.ChoiceField(
        label=_("Phone: who answers it?"),
        required=False,
        choices=PhoneOwner.choices,
        widget=forms.RadioSelect,
        help_text=_("A shared phone only gets “you have a notice”, without content."),
    )
    phone = forms.CharField(label=_("Phone number"), required=False, max_length=25)
    email = forms.EmailField(label=_("E-mail, if they read it"), required=False)
    has_sheet = forms.TypedChoiceField(
        label=_("Do they bring the sheet with their appointment?"),
        choices=YES_OR_NO,
        initial="no",
        widget=forms.RadioSelect,
        required=False,
    )
    court = forms.ModelChoiceField(
        label=_("Court"), queryset=Court.objects.none(), required=False, empty_label=_("Choose the court")
    )
    court_on = DayField(label=_("Date of the hearing"), required=False)
    court_time = ClockField(
        label=_("Time at the court"), required=False, help_text=_("as the sheet says, court's clock")
    )
    report_crossing = CrossingField(
        label=_("Where they must stand"),
        queryset=Crossing.objects.none(),
        required=False,
        empty_label=_("Not known yet"),
    )
    report_on = DayField(label=_("Day at the bridge"), required=False)
    report_time = ClockField(
        label=_("Time at the bridge"), required=False, help_text=_("as the sheet says, bridge's clock")
    )
    notice_read = forms.BooleanField(
        label=_("I read them the privacy notice in a language they understand"), required=False
    )
    notice_way = forms.ChoiceField(
        label=_("How they came to know it"),
        required=False,
        choices=Consent.Way.choices,
        initial=Consent.Way.ALOUD,
        widget=forms.RadioSelect,
    )
    agree_messages = forms.ChoiceField(
        label=_("May we send messages to the phone?"), required=False, choices=YES_OR_NO, widget=forms.RadioSelect
    )
    agree_partners = forms.ChoiceField(
        label=_("May partner agencies see what they need to help?"),
        required=False,
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        self.sites = list(Site.objects.of(actor).field().active().select_related("city").order_by("pk"))
        self.now = now
        self.zone = self.sites[0].city.zone if self.sites else "UTC"
        local = zones.local(now, self.zone)
        last = Arrival.objects.last_entry(self.sites)
        kwargs["initial"] = {
            "uid": uuid4(),
            "arrived_on": local.date(),
            "arrived_time": local.time().replace(second=0, microsecond=0),
            "language": "spa",
            **last,
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.carried_nationality = last.get("nationality", "")
        self._offer_choices()
        for name in [] if self.is_bound else last:
            self.fields[name].help_text = _("as in the last one")
        self.fields["phone"].widget.attrs.update(inputmode="tel", autocomplete="off", enterkeyhint="next")
        self.fields["email"].widget.attrs.update(autocomplete="off", autocapitalize="none", enterkeyhint="next")
        self.people = [
            PersonForm(
                self.data if self.is_bound else None,
                prefix=f"p{n}",
                position=n,
                today=local.date(),
                use_required_attribute=False,
            )
            for n in range(1, MOST_PEOPLE + 1)
        ]

    def _offer_choices(self) -> None:
        here = Crossing.objects.filter(city__in=[site.city for site in self.sites]).by_city()
        offers = {"crossing": here, "report_crossing": Crossing.objects.by_city(), "court": Court.objects.all()}
        for name, rows in offers.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        countries = nationalities.choices()
        self.fields["nationality"].choices = [*countries, (OTHER, _("Other…"))]  # type: ignore[attr-defined]
        self.fields["nationality_other"].choices = [("", _("Choose the country")), *countries]  # type: ignore[attr-defined]
        self.fields["language"].choices = languages.choices()  # type: ignore[attr-defined]

    def nationality_chips(self) -> list[tuple[str, str, bool]]:
        """The countries at sight (code, name, whether chosen): the usual ones, the one that is chosen, "other", and none."""
        chosen = self["nationality"].value() or ""
        codes = list(nationalities.FREQUENT[:CHIPS])
        if chosen not in ("", OTHER, *codes) and nationalities.is_known(chosen):
            codes.insert(0, chosen)
        chips = [(code, nationalities.name_of(code), code == chosen) for code in codes]
        return [*chips, (OTHER, str(_("Other…")), chosen == OTHER), ("", str(_("Not known")), not chosen)]

    def likely_relations(self) -> str:
        """The table of likely relations for the page, which shows them while ages are tapped."""
        return json.dumps({"table": LIKELY_RELATIONS, "ages": AGE_BANDS, "years": GENERATION_YEARS})

    def usual_languages(self) -> str:
        """What most people of a country speak, for the page: until somebody chooses a language it follows the country."""
        return json.dumps(languages.USUAL)

    @property
    def has_more(self) -> bool:
        """Whether something stands in the folded part, or is wrong there."""
        folded = "phone_owner phone email has_sheet court court_on court_time report_crossing report_on report_time"
        names = [*folded.split(), "arrived_on", "arrived_time", "agree_messages", "agree_partners", "notice_way"]
        return self.is_bound and any(self[name].errors for name in names)

    def clean_phone(self) -> str:
        """The number in E.164, or empty."""
        return normal("phone", self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """What the fields cannot say alone: the sheet is whole, the people are as many as chosen, nobody comes from the future."""
        cleaned = super().clean() or self.cleaned_data
        if "uid" in self.errors:
            self.add_error(None, _("This page was broken on its way. Copy what you wrote into a fresh one."))
        self._clean_people()
        self._clean_words(cleaned)
        self._clean_sheet(cleaned)
        self._clean_arrival(cleaned)
        return cleaned

    def _clean_people(self) -> None:
        shown = self.shown_people()
        hidden = [person.position for person in self.people[len(shown) :] if not person.is_blank]
        if hidden:
            words = _("You wrote about person %(number)d. Choose more people, or clear it.")
            self.add_error("size", words % {"number": hidden[-1]})

    def _clean_words(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("nationality") == OTHER:
            cleaned["nationality"] = cleaned.get("nationality_other", "")
        if not cleaned.get("notice_read") and (cleaned.get("agree_messages") or cleaned.get("agree_partners")):
            self.add_error("notice_read", _("Read them the notice first, then mark it here."))
        if cleaned.get("phone") and cleaned.get("phone_owner") == PhoneOwner.NONE:
            self.add_error(
                "phone", _("You wrote a number and chose that they have none. Say who answers it, or clear it.")
            )

    def _clean_sheet(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("has_sheet") != "yes":
            return
        for name in ("court", "court_on", "court_time"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Copy it from the sheet, or choose “No” above and add it later."))
        if cleaned.get("report_time") and not cleaned.get("report_crossing"):
            self.add_error("report_crossing", _("Say which crossing the time is for."))

    def _clean_arrival(self, cleaned: dict[str, Any]) -> None:
        crossing, day, clock = cleaned.get("crossing"), cleaned.get("arrived_on"), cleaned.get("arrived_time")
        if not (crossing and day and clock):
            return
        try:
            cleaned["occurred_at"] = zones.wall_to_utc(datetime.combine(day, clock), crossing.zone)
        except zones.NonexistentTime:
            self.add_error("arrived_time", _("The clocks skipped this hour that night. Write the hour after it."))
            return
        if cleaned["occurred_at"] > self.now + CLOCK_TOLERANCE:
            self.add_error("arrived_time", _("This is still to come. Check the day and the time."))

    def is_valid(self) -> bool:
        """Whether the family's fields and every person that counts are right."""
        return super().is_valid() and all([person.is_valid() for person in self.shown_people()])

    def shown_people(self) -> list[PersonForm]:
        """The blocks that count: as many as chosen, and with “6 +” all that have something in them."""
        try:
            size = int(self.data.get("size") or self.initial.get("size") or 1)
        except ValueError:
            size = 1
        if size < BUTTONS:
            return self.people[: max(size, 1)]
        last = max((person.position for person in self.people if not person.is_blank), default=BUTTONS)
        return self.people[: max(last, BUTTONS)]

    def entries(self) -> list[PersonEntry]:
        """The people, head first; those without surnames of their own get the head's, those without a relation the likely one."""
        head, *others = self.shown_people()
        family = {"nationality": self.cleaned_data["nationality"], "surnames": head.cleaned_data["surnames"]}
        contact = {key: self.cleaned_data[key] for key in ("phone", "phone_owner", "email")}
        entries = [head.entry(relation=Relation.HEAD, **family, **contact)]
        has_partner = any(other.cleaned_data["relation"] == Relation.PARTNER for other in others)
        for other in others:
            told = other.cleaned_data["relation"]
            relation = Relation(told or likely_relation(head.years, other.years, has_partner=has_partner))
            has_partner |= relation is Relation.PARTNER
            entries.append(other.entry(relation=relation, **family))
        return entries

    def arrival(self) -> dict[str, Any]:
        """What `log_arrival` is told."""
        data = self.cleaned_data
        return {
            "uid": data["uid"],
            "site": next(site for site in self.sites if site.city_id == data["crossing"].city_id),
            "crossing": data["crossing"],
            "people": self.entries(),
            "language": data["language"],
            "occurred_at": data["occurred_at"],
            "consents": self.answers(),
            "notice_way": self.cleaned_data["notice_way"] or Consent.Way.ALOUD,
            "hearing": self.hearing(),
        }

    def answers(self) -> dict[Consent.Purpose, bool]:
        """The answer to each purpose they were asked about; that for reception itself is given with the notice."""
        data = self.cleaned_data
        if not data["notice_read"]:
            return {}
        asked = {Consent.Purpose.MESSAGES: data["agree_messages"], Consent.Purpose.PARTNERS: data["agree_partners"]}
        told = {purpose: answer == "yes" for purpose, answer in asked.items() if answer}
        return {Consent.Purpose.RECEPTION: True, **told}

    def hearing(self) -> HearingEntry | None:
        """The hearing on the sheet, if they bring one."""
        data = self.cleaned_data
        if data["has_sheet"] != "yes":
            return None
        return HearingEntry(
            court=data["court"],
            court_on=data["court_on"],
            court_time=data["court_time"],
            crossing=data["report_crossing"],
            report_on=data["report_on"],
            report_time=data["report_time"],
            said_on=data["arrived_on"],
        )
