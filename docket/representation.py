"""A representative as their own page shows them, with how to reach them."""

from typing import Any

from django.utils.translation import gettext as _

from core.actors import Actor
from core.look import Pill, long_day_of_year
from hearings.appearances import form_of_appearance
from hearings.models import Representation
from hearings.policies import can_note
from journey.families import Family


def page_of(noted: Representation, *, family: Family, actor: Actor) -> dict[str, Any]:
    """The context of the page of one representative, one query more."""
    chosen = set(noted.represented.values_list("person_id", flat=True))
    return {
        "family": family,
        "household": family.household,
        "noted": noted,
        "called": noted.name or noted.organisation,
        "speaking": speaking_of(noted),
        "facts": [(label, value) for label, value in _facts(noted, family, chosen) if value],
        "may_change": noted.stands and can_note(actor, family.household),
    }


def speaking_of(noted: Representation) -> Pill:
    """Whether the family allows us to speak with them, and since when we know."""
    if noted.may_speak is None or noted.may_speak_on is None:
        return Pill("warn", "alert-circle", _("not asked whether we may speak with them"))
    day = long_day_of_year(noted.may_speak_on)
    if noted.may_speak:
        return Pill("ok", "check", _("we may speak with them, said %(day)s") % {"day": day})
    return Pill("calm", "ban", _("we may not speak with them, said %(day)s") % {"day": day})


def _facts(noted: Representation, family: Family, chosen: set[int]) -> list[tuple[str, str]]:
    return [
        (_("What they are"), str(noted.get_kind_display())),
        (_("Organisation or firm"), noted.organisation if noted.name else ""),
        (_("For whom"), ", ".join(member.name for member in family.members if member.person.pk in chosen)),
        (_("For what"), _scope(noted)),
        (_("Form filed"), form_of_appearance(noted.form).label if noted.form else _("None that we know of")),
        (_("Filed on"), long_day_of_year(noted.filed_on) if noted.filed_on else ""),
        (_("Since"), long_day_of_year(noted.since)),
        (_("Last day"), long_day_of_year(noted.ended_on) if noted.ended_on else ""),
        (_("Why"), str(noted.get_ending_display())),
    ]


def _scope(noted: Representation) -> str:
    scope = str(noted.get_scope_display())
    return f"{scope}: {long_day_of_year(noted.hearing.court_on)}" if noted.hearing else scope
