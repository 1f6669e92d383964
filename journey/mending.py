"""Where whoever looks at a light may mend what is not in order: a link at each reason that is theirs."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.policies import can_edit, works_with
from core.actors import Actor, Capability
from core.look import Condition, Light, PlanStep
from hearings import policies as hearing_policies
from hearings.models import trip_of
from journey.families import Family
from journey.leaving import sheet_day, way_of_family

Mend = tuple[str, str]  # an address, and what is done there
NOTHING: Mend = ("", "")


def mendable(light: Light, family: Family, *, actor: Actor) -> Light:
    """`light` with a link at each open reason that `actor` may mend. Nothing for those who were only let in to read."""
    return replace(light, conditions=tuple(_with_link(each, family, actor) for each in light.conditions))


def fingerprint(light: Light, plan: Iterable[PlanStep]) -> str:
    """What tells one look of light and plan from another, short enough for an address."""
    facts: list[object] = [light.verdict, light.title, light.summary]
    facts += [part for each in light.conditions for part in (each.state, each.reason, each.owner, each.href)]
    facts += [part for step in plan for part in (step.moment, step.title, step.note)]
    return hashlib.blake2s("\n".join(map(str, facts)).encode(), digest_size=6).hexdigest()


def _with_link(condition: Condition, family: Family, actor: Actor) -> Condition:
    if condition.state not in ("missing", "confirm") and condition.key != "seat":
        return condition
    href, deed = {
        "hearing": _hearing,
        "document": _document,
        "test": _test,
        "seat": _seat,
        "gate": _gate,
        "minors": _minors,
    }[condition.key](family, actor)
    return replace(condition, href=href, deed=deed)


def _hearing(family: Family, actor: Actor) -> Mend:
    uid, hearing = family.household.uid, family.hearing
    if hearing is None:
        may = hearing_policies.can_note(actor, family.household)
        return (reverse("journey:note_hearing", args=[uid]), _("Note hearing")) if may else NOTHING
    if not hearing_policies.can_change(actor, family.household):
        return NOTHING
    if hearing.is_in_conflict:
        return reverse("docket:settle", args=[hearing.uid]), _("Decide which counts")
    return reverse("journey:change_hearing", args=[uid, hearing.uid]), _("Another source says")


def _document(family: Family, actor: Actor) -> Mend:
    may = can_edit(actor, family.household)
    return (reverse("journey:give_document", args=[family.household.uid]), _("Give document")) if may else NOTHING


def _test(family: Family, actor: Actor) -> Mend:
    if not (actor.can(Capability.SEE_HEALTH) and works_with(actor, family.household)):
        return NOTHING
    if any(member.swab and member.swab.result is None for member in family.members):
        return reverse("journey:note_result", args=[family.household.uid]), _("Note result")
    return reverse("journey:take_test", args=[family.household.uid]), _("Take tests")


def _seat(family: Family, actor: Actor) -> Mend:
    hearing = family.hearing
    if hearing is None or not hearing_policies.can_arrange(actor, family.household):
        return NOTHING
    words = _("Change") if trip_of(hearing) else _("Note how they go")
    return reverse("journey:trip", args=[family.household.uid, hearing.uid]), words


def _gate(family: Family, actor: Actor) -> Mend:
    """The run sheet of their shelter for that night: there somebody says that the gate is opened."""
    sleep, hearing, way = family.sleep, family.hearing, way_of_family(family)
    if sleep is None or hearing is None or way is None:
        return NOTHING
    runs = actor.can(Capability.RUN_SHELTER) or actor.can(Capability.PLACE)
    if not (runs and actor.works_at(sleep.site_id)):
        return NOTHING
    address = reverse("journey:run_sheet", args=[sleep.shelter_uid])
    return f"{address}?day={sheet_day(hearing, way)}", _("Say who opens")


def _minors(family: Family, actor: Actor) -> Mend:
    may = can_edit(actor, family.household)
    return (reverse("journey:belonging", args=[family.household.uid]), _("Who is with whom")) if may else NOTHING
