"""Loading the lists of free legal help from their dated file, each line with its public source."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.policies import check_can_administer
from hearings.models import LegalProvider
from places.models import City
from places.sources import BadSource, lines

DATA = Path(__file__).parent.parent / "data"
FILE = "legal_help.csv"


@transaction.atomic
def load_legal_lists(*, actor: Actor, at: datetime, folder: Path = DATA) -> int:
    """Bring the lists in line with the file in `folder`, and return how many lines are new or changed.

    A line that the file no longer holds in an edition it has is dropped from that edition; older editions stay, since people were given
    them. Raises NotAllowed, BadSource.
    """
    check_can_administer(actor)
    cities = {(city.name, city.iso3166_2): city for city in City.objects.all()}
    wanted = list(_lines(folder, cities))
    changed = sum(_settle(values) for values in wanted)
    kept = {(values["city"].pk, values["valid_from"], values["name"]) for values in wanted}
    editions = {(city, edition) for city, edition, _name in kept}
    gone = [
        line.pk
        for line in LegalProvider.objects.all()
        if (line.city_id, line.valid_from) in editions and (line.city_id, line.valid_from, line.name) not in kept
    ]
    changed += LegalProvider.objects.filter(pk__in=gone).delete()[0]
    if changed:
        newest = LegalProvider.objects.order_by("-valid_from", "pk").first()
        assert newest is not None
        record(EventType.LEGAL_LISTS_LOADED, subject=newest, actor=actor, at=at, lines=len(wanted), changed=changed)
    return changed


def _lines(folder: Path, cities: dict[tuple[str, str], City]) -> Iterator[dict[str, Any]]:
    """What each line says, in the order of the file. Raises BadSource for a city nobody knows or a line without its source."""
    positions: dict[City, int] = defaultdict(int)
    for line in lines(FILE, folder):
        city = cities.get((line["city"], line["iso3166_2"]))
        if city is None or not line["source"] or not line["name"]:
            raise BadSource(f"{FILE}: {line['city']}, {line['name']}: no such city, no name or no source")
        positions[city] += 1
        yield {
            "city": city,
            "position": positions[city],
            "valid_from": date.fromisoformat(line["valid_from"]),
            "verified_on": date.fromisoformat(line["verified_on"]) if line["verified_on"] else None,
            "languages": [code for code in line["languages"].split(";") if code],
            "source_url": line["source"],
            **{name: line[name] for name in ("name", "what_es", "what_en", "phone", "email", "website", "address")},
        }


def _settle(values: dict[str, Any]) -> bool:
    """Make the list say what a line says; whether that was a change."""
    key = {name: values[name] for name in ("city", "valid_from", "name")}
    line = LegalProvider.objects.filter(**key).first()
    if line is not None and all(getattr(line, name) == value for name, value in values.items()):
        return False
    LegalProvider.objects.update_or_create(**key, defaults=values)
    return True
