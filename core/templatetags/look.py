"""The tags that draw `core.look`. Each is an include of `templates/_components/` with one fact in it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import look
from core.actors import Actor, Capability

register = template.Library()
Context = dict[str, Any]

# The places of the house, at most five for any role: key, icon, URL name, the capability that opens it (None: all staff).
PLACES: tuple[tuple[str, str, str, Capability | None], ...] = (
    ("today", "sun-high", "dashboard:today", None),
    ("reception", "layout-kanban", "journey:reception", Capability.SEE_PEOPLE),
    ("arrival", "user-plus", "journey:log_arrival", Capability.LOG_ARRIVAL),
    ("shelters", "bed", "shelters:board", Capability.SEE_SHELTERS),
    ("hearings", "calendar-time", "docket:hearings", Capability.SEE_PEOPLE),
    ("line", "phone", "docket:line", Capability.CHECK_LINE),
)
PLAN_COLUMNS = 5


@register.simple_tag
@lru_cache(maxsize=256)  # the board draws hundreds, all of a few dozen
def icon(name: str, size: str = "") -> SafeString:
    """Draw `{% icon "bed" %}` from the sprite; `size` is "", "i-s" or "i-l". A word always stands beside it."""
    css = f"i {size}" if size else "i"
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, static("icons.svg"), name)


@register.inclusion_tag("_components/pill.html")
def pill(pill: look.Pill | None) -> Context:
    """Draw the state of a thing; nothing for None."""
    return {"pill": pill}


@register.inclusion_tag("_components/tag.html")
def tag(tag: look.Tag | None) -> Context:
    """Draw a plain fact; nothing for None."""
    return {"tag": tag}


@register.inclusion_tag("_components/clocks.html")
def clocks(two_clocks: look.TwoClocks) -> Context:
    """Draw the two clocks of a file, bridge first."""
    return {"clocks": two_clocks}


@register.simple_tag
def two_times(two_clocks: look.TwoClocks, bridge_is_named: bool = False) -> SafeString:
    """Draw the two clocks small, for lists, each with its city; `bridge_is_named` where the line above names that of the bridge."""
    bridge, court = two_clocks.bridge, two_clocks.court
    cities = ("" if bridge_is_named else bridge.city, court.city)
    return _two_times_drawn(get_language(), look.Dial.of(bridge), look.Dial.of(court), cities)


@lru_cache(maxsize=4096)
def _two_times_drawn(language: str | None, bridge: look.Dial, court: look.Dial, cities: tuple[str, str]) -> SafeString:
    """A list draws the same few times over and over; each pair is drawn once a language. Nothing in it tells of anybody."""
    clocks = {"bridge": bridge, "court": court}
    return render_to_string("_components/two_times.html", {"clocks": clocks, "cities": cities})


@register.inclusion_tag("_components/dial.html")
def dial(face: look.ClockFace | look.Dial, size: str = "") -> Context:
    """Draw one dial; `size` is "" or "s"."""
    return {"face": face, "size": size}


@register.inclusion_tag("_components/light.html")
def light(light: look.Light, heading_id: str = "readiness") -> Context:
    """Draw the readiness light of a file with its reasons and their owners."""
    return {"light": light, "heading_id": heading_id}


@register.simple_tag
def ring(light: look.Light, size: str = "") -> SafeString:
    """Draw the light small with its word, for lists; with `size` "alone", "mid" or "big" the ring stands without it."""
    return _ring_drawn(light.verdict, light.states, size, "" if size else str(light.short))


@lru_cache(maxsize=1024)
def _ring_drawn(verdict: look.Verdict, states: tuple[look.State, ...], size: str, word: str) -> SafeString:
    """A ring with its word, drawn once: a list has fifty, of a few kinds."""
    conditions = [look.Condition(key, "", state) for key, state in zip(look.CONDITION_KEYS, states, strict=False)]
    light = look.Light(verdict, word, "", conditions, word)
    context = {"light": light, "size": size, "dot": "1.5" if size == "big" else "1.9"}
    return render_to_string("_components/ring.html", context)


@register.inclusion_tag("_components/plan.html")
def plan(steps: Iterable[look.PlanStep]) -> Context:
    """Draw the plan, read backwards from the bridge; one over several days runs on over more than one line."""
    steps = list(steps)
    return {"steps": steps, "long": len(steps) > PLAN_COLUMNS}


@register.inclusion_tag("_components/occupancy.html")
def occupancy(occupancy: look.Occupancy, name: str = "") -> Context:
    """Draw the bar of a shelter or unit; the page needs `{% hatches %}` once before the first bar."""
    return {"occupancy": occupancy, "name": name}


@register.inclusion_tag("_components/history.html")
def history(history: look.History) -> Context:
    """Draw how many slept day by day against the places, with the same as a table; nothing for an empty one."""
    return {"history": history}


@register.inclusion_tag("_components/hatches.html")
def hatches() -> Context:
    """Define the hatchings that bars and their key are filled with."""
    return {}


@register.inclusion_tag("_components/occupancy_key.html")
def occupancy_key() -> Context:
    """Say what each filling of the bars means."""
    return {}


@register.inclusion_tag("_components/age.html")
def age(moment: datetime | look.Age | None, now: datetime | None = None, zone: str = "UTC") -> Context:
    """Draw how old a figure is, as disc and words; nothing for None."""
    if isinstance(moment, datetime) and now is not None:
        return {"age": look.age_of(moment, now, zone)}
    return {"age": moment}


@register.inclusion_tag("_components/waited.html")
def waited(since: datetime, now: datetime) -> Context:
    """Draw how long someone has waited."""
    return {"wait": look.wait_of(since, now), "since": since}


@register.inclusion_tag("_components/note.html")
def note(tone: str, icon: str, title: object, text: object = "") -> Context:
    """Draw a note that stays in the page; `tone` is ok, warn, stop, accent or calm."""
    return {"tone": tone, "icon": icon, "title": title, "text": text}


@register.inclusion_tag("_components/empty.html")
def empty(icon: str, title: object, text: object = "", href: str = "", label: object = "") -> Context:
    """Draw an empty list: what is near, and one next step (`icon` stands on its button)."""
    return {"icon": icon, "title": title, "text": text, "href": href, "label": label}


def _css_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"


@register.inclusion_tag("_components/field.html")
def field(boundfield: BoundField, label: object = None, help: object = None, placeholder: str | None = None) -> Context:
    """Draw a form field: label above, control, help below, errors with an icon. Choices at sight become a `seg`.

    `label`, `help` and `placeholder` replace the form's own words. The first one in error takes the focus, unless a summary
    above it does: the browser follows the first that asks.
    """
    widget = boundfield.field.widget
    _reword(boundfield, label, help)
    attrs: dict[str, str | bool] = {"class": f"{_css_of(widget)} {widget.attrs.get('class', '')}".strip()}
    if placeholder is not None:
        attrs["placeholder"] = placeholder
    if boundfield.name == next(iter(boundfield.form.errors), None):
        attrs["autofocus"] = True
    chooses = isinstance(widget, forms.FileInput)
    if chooses:
        attrs["title"] = _("Choose a file")  # else a browser hangs its own words there, in its own language
    single = isinstance(widget, forms.CheckboxInput)
    several = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return {
        "field": boundfield,
        "control": boundfield if single or several else boundfield.as_widget(attrs=attrs),
        "single": single,
        "several": several,
        "chooses": chooses,
    }


@register.inclusion_tag("_components/error_summary.html")
def error_summary(form: forms.BaseForm, parts: Iterable[forms.BaseForm] = ()) -> Context:
    """List every mistake of a form above it, each a link to its field; `parts` are forms inside it that have a `name`.

    The page opens with the focus here, so that a screen reader begins with it and nobody looks for a red line below the fold.
    """
    fields = [(f"{part.name}: {field.label}", field) for part in parts for field in part if field.errors]  # type: ignore[attr-defined]
    fields += [(str(field.label), field) for field in form if field.errors and not field.is_hidden]
    return {
        "words": form.non_field_errors(),
        "links": [(label, field.id_for_label or f"{field.auto_id}_0") for label, field in fields],
    }


@register.inclusion_tag("_components/seg.html")
def seg(boundfield: BoundField, wrap: bool = False, label: object = None, help: object = None) -> Context:
    """Draw radio buttons or checkboxes as touch choices; `wrap` for long words or several answers."""
    _reword(boundfield, label, help)
    several = isinstance(boundfield.field.widget, forms.CheckboxSelectMultiple)
    return {"field": boundfield, "wrap": wrap or several}


def _reword(boundfield: BoundField, label: object, help: object) -> None:
    if label is not None:
        boundfield.label = str(label)
    if help is not None:
        boundfield.help_text = str(help)


@register.inclusion_tag("_components/nav.html", takes_context=True)
def places(context: RequestContext) -> Context:
    """Draw the navigation: the places that the actor's role opens, the current one (`nav` in the context) marked."""
    actor: Actor | None = getattr(context.get("request"), "actor", None)
    open_places = [
        {"key": key, "icon": icon, "url": url}
        for key, icon, url, capability in PLACES
        if actor is not None and (capability is None or actor.can(capability))
    ]
    return {"places": open_places, "current": context.get("nav", "")}


@register.filter
def initials(name: str) -> str:
    """Two letters of a colleague's name."""
    return look.initials(name)


@register.filter
def whole(code: str) -> SafeString:
    """A case code within a sentence, in one piece: it does not break at its hyphen, and is copied as it is."""
    return format_html('<span class="x-whole">{}</span>', code)
