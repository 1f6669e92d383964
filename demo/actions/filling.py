"""Filling an empty system with fictional people, at any scale."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from core.errors import DomainError
from core.policies import check_can_administer
from demo.ground import Ground
from demo.house_rules import ASKED
from demo.houses import House, houses
from demo.population import Batch, Population
from demo.rooms import Rooms
from demo.rows import Rows
from places.models import Site
from shelters import actions as shelters
from shelters.models import Capacity, Shelter, Unit

OPENED_AT = datetime(2019, 1, 1, tzinfo=UTC)
BLOCKED = ("Fuga de agua en el techo", "Literas en reparación")
COUNTED_HOURS_AGO = (0.6, 2, 5, 9, 16, 27)

Progress = Callable[[int, int], None]


class NotEmpty(DomainError):
    """Fictional people are never mixed with others."""

    code = "not_empty"
    message = _(
        "There are people in this database already. Demo people go only into an empty one: `make reset` empties it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a filling did: people written now, and those that an interrupted one had written before."""

    written: int
    there_before: int


def fill(*, people: int, seed: int, actor: Actor, at: datetime, progress: Progress | None = None) -> Tally:
    """Write `people` fictional people by `seed`, the present of them as it stands at `at`, and tell `progress` (done, of all).

    One transaction a batch, so that one that was interrupted goes on where it stopped, with the same people. It does not call
    `record_arrival` and its kind one by one: 100,000 households' worth of deeds take an hour, and what is measured on them
    afterwards must not depend on how long that was. Instead the rows and events that those deeds would leave are sent in bulk,
    past no constraint and no trigger; tests hold that the deeds find them as their own. Shelters are opened through their deeds.

    Raises NotAllowed, NotEmpty.
    """
    check_can_administer(actor)
    population = Population(people=people, seed=seed, at=at)
    batches = population.batches()
    there = _numbers_there(population, batches)
    if not there and Household.objects.exists():
        raise NotEmpty()
    _open_houses(batches, actor, at)
    ground, rooms = Ground(), Rooms(at)
    done = before = sum(batch.people for batch in batches if batch.number in there)
    for batch in batches:
        if batch.number not in there:
            with transaction.atomic():
                rng = Random(f"{seed}:{people}:rooms {batch.number}")
                rows = Rows(ground=ground, rooms=rooms, actor=actor, at=at, rng=rng)
                done += rows.write(list(population.stories(batch)))
            if progress is not None:
                progress(done, people)
    _count_guests(actor, at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Tally(written=done - before, there_before=before)


def _numbers_there(population: Population, batches: list[Batch]) -> set[int]:
    """The numbers of the batches that an earlier filling with the same size and seed has written."""
    firsts = {next(iter(population.stories(batch))).uid: batch.number for batch in batches}
    return {firsts[uid] for uid in Household.objects.filter(uid__in=firsts).values_list("uid", flat=True)}


@transaction.atomic
def _open_houses(batches: list[Batch], actor: Actor, at: datetime) -> None:
    """Open the fictional shelters, once, and receive nobody in the real ones, from the same day: no fiction is told of a house that
    exists, nor of its past.
    """
    if Shelter.objects.filter(site__code__contains="-DEMO").exists():
        return
    for shelter in Shelter.objects.open_at(at).filter(closed_at__isnull=True):
        shelters.close_shelter(shelter=shelter, closes_at=OPENED_AT, actor=actor, at=at)
    parents = {site.code: site for site in Site.objects.field().select_related("city")}
    wanted = houses(household for batch in batches for household in batch.households)
    for number, house in enumerate(wanted):
        _open_house(house, parents[house.site], number, actor, at)


def _open_house(house: House, parent: Site, number: int, actor: Actor, at: datetime) -> None:
    shelter = shelters.open_shelter(
        parent=parent,
        code=house.code,
        name=house.name,
        operator=house.operator,
        opened_at=OPENED_AT,
        actor=actor,
        at=at,
    )
    shelters.set_house_rules(shelter=shelter, **asdict(ASKED[number % len(ASKED)]), actor=actor, at=at)
    for room in house.rooms:
        beds = [str(label) for label in range(1, room.places + 1)] if room.has_beds else []
        unit = shelters.open_unit(
            shelter=shelter,
            name=room.name,
            kind=room.kind,
            is_accessible=room.is_accessible,
            beds=beds,
            actor=actor,
            at=at,
        )
        shelters.set_capacity(
            unit=unit,
            places=room.places,
            basis=Capacity.Basis.OPERATIONAL,
            source="demo",
            valid_from=OPENED_AT,
            actor=actor,
            at=at,
        )
    if number % 4 == 2:
        _block_some(shelter, number, actor, at)


def _block_some(shelter: Shelter, number: int, actor: Actor, at: datetime) -> None:
    unit = Unit.objects.filter(shelter=shelter).order_by("pk").first()
    if unit is not None:
        shelters.block_places(
            unit=unit,
            places=2,
            reason=BLOCKED[number // 4 % len(BLOCKED)],
            begins_at=at - timedelta(days=2),
            ends_at=at + timedelta(days=5),
            actor=actor,
            at=at,
        )


def _count_guests(actor: Actor, at: datetime) -> None:
    """Most desks said today that their count is right; one said it yesterday, one never."""
    demo = Shelter.objects.filter(site__code__contains="-DEMO", counted_at__isnull=True).select_related("site")
    for number, shelter in enumerate(demo.order_by("pk")):
        hours = COUNTED_HOURS_AGO[number % len(COUNTED_HOURS_AGO)]
        shelters.confirm_count(shelter=shelter, actor=actor, at=at - timedelta(hours=hours))
