"""Opening and closing shelters and their units, and what the public says of them."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import naming_violations
from places.models import Site, SiteKind
from shelters import policies
from shelters.errors import GateHalfSaid, ShelterAlreadyOpen, ShortestOverLongest, UnitAlreadyOpen
from shelters.models import Bed, Observation, Shelter, Unit
from shelters.rules import Kind


@transaction.atomic
def open_shelter(
    *,
    parent: Site,
    code: str,
    name: str,
    operator: Shelter.Operator,
    note: str = "",
    opened_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Shelter:
    """Add a shelter under the field site `parent`, with a site of its own known by `code`; `opened_at` None is not
    known.

    Raises NotAllowed, ShelterAlreadyOpen.
    """
    policies.check_can_open(actor, parent)
    with naming_violations({"places_site_code_key": ShelterAlreadyOpen}):
        site = Site.objects.create(code=code, name=name, kind=SiteKind.SHELTER, city=parent.city, parent=parent)
    shelter = Shelter.objects.create(site=site, name=name, operator=operator, note=note, opened_at=opened_at)
    record(EventType.SHELTER_OPENED, subject=shelter, actor=actor, at=at, site=site.pk, under=parent.pk)
    return shelter


@transaction.atomic
def open_unit(
    *,
    shelter: Shelter,
    name: str,
    kind: Kind,
    is_accessible: bool = False,
    is_lgbtq_safe: bool = False,
    beds: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> Unit:
    """Add a room to `shelter`, with numbered beds where `beds` names any. Its capacity is unknown until `set_capacity`.

    Raises NotAllowed (also where `is_lgbtq_safe` is said by somebody who may not read it), UnitAlreadyOpen.
    """
    policies.check_can_edit(actor, shelter)
    if is_lgbtq_safe:
        policies.check_can_say_safe(actor)
    with naming_violations({"shelters_unit_name_once_per_shelter": UnitAlreadyOpen}):
        unit = Unit.objects.create(
            shelter=shelter, name=name, kind=kind, is_accessible=is_accessible, is_lgbtq_safe=is_lgbtq_safe
        )
    Bed.objects.bulk_create(Bed(unit=unit, label=label) for label in beds)
    record(EventType.UNIT_OPENED, subject=unit, actor=actor, at=at, shelter=shelter.pk, beds=len(beds))
    return unit


@transaction.atomic
def set_house_rules(
    *,
    shelter: Shelter,
    gate_opens: time | None,
    gate_closes: time | None,
    takes_pets: bool | None,
    languages: Sequence[str],
    services: Sequence[str],
    min_stay_days: int | None,
    max_stay_days: int | None,
    test_within_days: int | None,
    actor: Actor,
    at: datetime,
) -> Shelter:
    """Say the rules of `shelter`, all of them: hours of the gate by its wall clock, `languages` in ISO 639-3, `services`
    of `rules.Service`, stays in days, a negative test no older than `test_within_days`. None: no such rule.

    Nobody who sleeps there is moved. Raises NotAllowed, GateHalfSaid, ShortestOverLongest.
    """
    policies.check_can_edit(actor, shelter)
    with naming_violations(
        {
            "shelters_shelter_gate_opens_and_closes": GateHalfSaid,
            "shelters_shelter_longest_stay_after_shortest": ShortestOverLongest,
        }
    ):
        Shelter.objects.filter(pk=shelter.pk).update(
            gate_opens=gate_opens,
            gate_closes=gate_closes,
            takes_pets=takes_pets,
            languages=list(languages),
            services=list(services),
            min_stay_days=min_stay_days,
            max_stay_days=max_stay_days,
            test_within_days=test_within_days,
        )
    record(EventType.SHELTER_RULES_CHANGED, subject=shelter, actor=actor, at=at)
    shelter.refresh_from_db()
    return shelter


@transaction.atomic
def set_unit_rules(
    *,
    unit: Unit,
    name: str,
    kind: Kind,
    is_accessible: bool,
    is_lgbtq_safe: bool | None = None,
    actor: Actor,
    at: datetime,
) -> Unit:
    """Say what `unit` is called and whom it is for; `is_lgbtq_safe` None leaves that as it stands.

    Nobody who sleeps there is moved. Raises NotAllowed, UnitAlreadyOpen.
    """
    policies.check_can_edit(actor, unit.shelter)
    if is_lgbtq_safe is not None:
        policies.check_can_say_safe(actor)
    said = {"name": name, "kind": kind, "is_accessible": is_accessible}
    if is_lgbtq_safe is not None:
        said["is_lgbtq_safe"] = is_lgbtq_safe
    with naming_violations({"shelters_unit_name_once_per_shelter": UnitAlreadyOpen}):
        Unit.objects.filter(pk=unit.pk).update(**said)
    record(EventType.UNIT_RULES_CHANGED, subject=unit, actor=actor, at=at, shelter=unit.shelter_id, kind=str(kind))
    unit.refresh_from_db()
    return unit


@transaction.atomic
def note_observation(
    *,
    shelter: Shelter,
    as_of: str,
    observed_on: date | None,
    capacity_said: str,
    capacity_places: int | None,
    occupancy_said: str,
    occupancy_people: int | None,
    note: str,
    source: str,
    actor: Actor,
    at: datetime,
) -> tuple[Observation, bool]:
    """Keep what `source` said about `shelter`, word for word, once; returns it and whether it is new.

    The same source about the same time is corrected where its reading changed. Raises NotAllowed.
    """
    policies.check_can_edit(actor, shelter)
    observation, is_new = Observation.objects.update_or_create(
        shelter=shelter,
        as_of=as_of,
        source=source,
        defaults={
            "observed_on": observed_on,
            "capacity_said": capacity_said,
            "capacity_places": capacity_places,
            "occupancy_said": occupancy_said,
            "occupancy_people": occupancy_people,
            "note": note,
        },
    )
    if is_new:
        record(EventType.OBSERVATION_NOTED, subject=observation, actor=actor, at=at, shelter=shelter.pk)
    return observation, is_new
