"""What a partner may see of shelters: figures of rooms whose kind gives nobody away."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from core.actors import Actor
from shelters.models import Shelter, Unit
from shelters.rules import Kind, free_by_kind, in_shelter

# Whoever is known to sleep in another kind of room is known to be ill or to be hunted.
SHARED_KINDS = (Kind.FAMILY, Kind.WOMEN, Kind.MEN, Kind.MIXED)
SHARED_CHOICES = [(kind.value, kind.label) for kind in SHARED_KINDS]


def shared(shelter: Shelter) -> dict[str, Any] | None:
    """`shelter` (read by `with_figures`) as partners see it, or None when all its rooms are of kinds that are not shared.

    `rooms` one by one are for those who give places in them.
    """
    units = list(shelter.units.all())
    open_units = [unit for unit in units if unit.kind in SHARED_KINDS]
    if units and not open_units:
        return None
    return {
        "uid": shelter.uid,
        "name": shelter.name,
        "city": shelter.site.city.name,
        "site": shelter.site.parent.code if shelter.site.parent else shelter.site.code,
        "operator": shelter.operator,
        "counted_at": shelter.counted_at,
        "counted_basis": shelter.counted_basis or None,
        **asdict(in_shelter(unit.figures for unit in open_units)),
        "kinds": _kinds(open_units),
        "rooms": [{"name": unit.name, "kind": unit.kind, **asdict(unit.figures)} for unit in open_units],
    }


def room_of(actor: Actor, *, shelter: UUID, name: str) -> Unit | None:
    """The room `name` of a shelter as far as `actor` may know of it. One query."""
    units = Unit.objects.visible_to(actor).filter(kind__in=SHARED_KINDS).select_related("shelter__site__city")
    return units.filter(shelter__uid=shelter, name=name).first()


def _kinds(units: list[Unit]) -> list[dict[str, Any]]:
    free = free_by_kind((unit.kind, unit.figures) for unit in units)
    whole = {kind: in_shelter(unit.figures for unit in units if unit.kind == kind) for kind in free}
    return [{"kind": kind, **asdict(replace(whole[kind], free=free[kind]))} for kind in free]
