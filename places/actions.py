"""Changing what the places are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.policies import check_can_administer
from places import sources, zones
from places.corridors import read_corridors
from places.models import (
    City,
    Court,
    CourtAddress,
    Crossing,
    HearingLocation,
    Load,
    Municipality,
    PortOfEntry,
    ReportRule,
    Site,
    SiteKind,
    Sitting,
)
from places.sources import BadSource

Row = TypeVar("Row", bound=models.Model)
Wanted = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How many rows a loading found right, made and changed."""

    same: int = 0
    made: int = 0
    changed: int = 0

    @property
    def is_quiet(self) -> bool:
        """Whether nothing had to be written."""
        return not (self.made or self.changed)


@dataclass(slots=True)
class _Shelf:
    """What one loading has settled so far: cities by their name as files spell it."""

    folder: Path
    tally: Tally = field(default_factory=Tally)
    cities: dict[tuple[str, str, str], City] = field(default_factory=dict)

    def lines(self, name: str) -> list[dict[str, str]]:
        return sources.lines(name, self.folder)

    def city(self, name: str, country: str, zone: str = "", state: str = "") -> City:
        """The city of that name, spelt with or without accents; its zone must be the one the line states."""
        try:
            city = self.cities[sources.city_key(name, country, state)]
        except KeyError:
            raise BadSource(f"no city {name!r} in {state or country}") from None
        if zone and zone != city.zone:
            raise BadSource(f"{name}: zone {zone} here, {city.zone} in cities.csv")
        return city


@transaction.atomic
def load_reference(*, actor: Actor, at: datetime, folder: Path = sources.DATA) -> Tally:
    """Bring the reference data in line with the files in `folder`, all of it or nothing.

    May run any number of times: what is already so is left alone, and then nothing is recorded either. Rows that the
    files no longer hold stay, since hearings may point at them. Raises NotAllowed, BadSource, zones.UnknownZone.
    """
    check_can_administer(actor)
    shelf = _Shelf(folder)
    _load_cities(shelf)
    _load_crossings(shelf, _load_ports(shelf))
    _load_courts(shelf)
    _load_sites(shelf)
    _check_corridors(shelf)
    tally = shelf.tally
    if not tally.is_quiet:
        load = Load.objects.create(loaded_at=at, digest=sources.digest(folder), zone_data=version("tzdata"))
        record(
            EventType.PLACES_LOADED,
            subject=load,
            actor=actor,
            at=at,
            made=tally.made,
            changed=tally.changed,
        )
    return tally


def _load_cities(shelf: _Shelf) -> None:
    municipalities = _settle(
        Municipality,
        ["cvegeo"],
        [
            {
                "cvegeo": line["cvegeo"],
                "name": line["municipio"],
                "state": sources.state_of(line["estado_or_note"])[0],
                "pcode": line["pcode_ocha"],
                "note": sources.state_of(line["estado_or_note"])[1],
            }
            for line in shelf.lines("inegi_border_municipalities.csv")
        ],
        shelf.tally,
    )
    cities = _settle(
        City,
        ["name", "iso3166_2"],
        [
            {
                "name": line["name"],
                "country": line["country"],
                "admin1_name": line["admin1"],
                "iso3166_2": line["iso3166_2"],
                "municipality_id": _municipality_id(line, municipalities),
                "zone": zones.zone_named(line["iana_zone"]).key,
                "latitude": sources.coordinate(line["lat"]),
                "longitude": sources.coordinate(line["lon"]),
                "note": line["note"],
            }
            for line in shelf.lines("cities.csv")
        ],
        shelf.tally,
    )
    for city in cities.values():
        shelf.cities[sources.city_key(city.name, city.country)] = city
        shelf.cities[sources.city_key(city.name, city.country, city.iso3166_2)] = city


def _municipality_id(line: Wanted, municipalities: Mapping[tuple[object, ...], Municipality]) -> int | None:
    """The municipality of a city line by its INEGI key, never by name."""
    if not line["inegi_cvegeo"]:
        return None
    municipality = municipalities.get((line["inegi_cvegeo"],))
    if municipality is None or municipality.pcode != line["pcode"]:
        raise BadSource(f"cities.csv: {line['name']} has INEGI key {line['inegi_cvegeo']}, P-code {line['pcode']}")
    return municipality.pk


def _load_ports(shelf: _Shelf) -> dict[tuple[object, ...], PortOfEntry]:
    return _settle(
        PortOfEntry,
        ["code"],
        [
            {
                "code": line["cbp_port_code"],
                "name": line["name"],
                "us_state": line["us_state"],
                "city_id": shelf.city(line["mx_city"], "MX", line["mx_tz"]).pk,
                "us_zone": zones.zone_named(line["us_tz"]).key,
                "latitude": sources.coordinate(line["lat"]),
                "longitude": sources.coordinate(line["lon"]),
                "mpp_note": line["mpp"],
                "note": line["note"],
            }
            for line in shelf.lines("poe.csv")
        ],
        shelf.tally,
    )


def _load_crossings(shelf: _Shelf, ports: Mapping[tuple[object, ...], PortOfEntry]) -> None:
    lines = shelf.lines("crossings.csv")
    crossings = _settle(
        Crossing,
        ["port_id", "name"],
        [
            {
                "port_id": ports[(line["port_code"],)].pk,
                "name": line["crossing"],
                "also_called": line["also_called"],
                "city_id": shelf.city(line["mx_city"], "MX").pk,
                "on_foot": line["on_foot"] == "yes",
                "latitude": sources.coordinate(line["lat"]),
                "longitude": sources.coordinate(line["lon"]),
                "note": sources.basis_of(line["source"])[1],
                "source": line["source"],
            }
            for line in lines
        ],
        shelf.tally,
    )
    wanted = [
        rule
        for line in lines
        for rule in _rules_of(line, crossings[(ports[(line["port_code"],)].pk, line["crossing"])], shelf)
    ]
    _settle(ReportRule, ["crossing_id", "court_time", "valid_from"], wanted, shelf.tally)


def _rules_of(line: Wanted, crossing: Crossing, shelf: _Shelf) -> Iterable[Wanted]:
    """The rules that a crossing's line states, and the general default where none of them covers any court time."""
    stated = sources.report_rules(line["report_rule"])
    for rule in stated:
        yield {
            "crossing_id": crossing.pk,
            "court_time": rule.court_time,
            "report_time": rule.report_time,
            "minutes_before": rule.minutes_before,
            "basis": sources.basis_of(line["source"])[0],
            "valid_from": None,
            "note": rule.note,
            "source": line["source"],
        }
    if all(rule.court_time for rule in stated):
        (default,) = shelf.lines("report_rule_default.csv")
        yield {
            "crossing_id": crossing.pk,
            "court_time": None,
            "report_time": None,
            "minutes_before": int(default["minutes_before"]),
            "basis": default["basis"],
            "valid_from": None,
            "note": "",
            "source": default["source"],
        }


def _load_courts(shelf: _Shelf) -> None:
    lines = sources.with_sources_spelt_out(shelf.lines("courts.csv"))
    by_base = {line["eoir_base"]: line for line in lines}
    courts = _settle(Court, ["eoir_base"], [_court(line, shelf) for line in by_base.values()], shelf.tally)
    _settle(
        CourtAddress,
        ["court_id", "address"],
        [_court_address(line, courts[(line["eoir_base"],)]) for line in lines],
        shelf.tally,
    )
    heard_at = {base: sources.sittings(line["mpp_hearing_locations"]) for base, line in by_base.items()}
    named = {code for codes in heard_at.values() for code in codes}
    locations = _settle(
        HearingLocation,
        ["code"],
        [_hearing_location(line, named) for line in shelf.lines("eoir_border_hearing_locations.csv")],
        shelf.tally,
    )
    if unknown := named - {code for (code,) in locations}:
        raise BadSource(f"courts.csv: no hearing location {', '.join(sorted(unknown))}")
    _settle(
        Sitting,
        ["court_id", "location_id"],
        [
            {"court_id": courts[(base,)].pk, "location_id": locations[(code,)].pk, "note": note}
            for base, codes in heard_at.items()
            for code, note in codes.items()
        ],
        shelf.tally,
    )


def _court(line: Wanted, shelf: _Shelf) -> Wanted:
    _, city, state, _ = sources.court_address(line["address"])
    return {
        "eoir_base": line["eoir_base"],
        "name": sources.court_name(line["name"]).name,
        "zone": zones.zone_named(line["tz"]).key,
        "city_id": shelf.city(city, "US", line["tz"], f"US-{state}").pk,
    }


def _court_address(line: Wanted, court: Court) -> Wanted:
    address, _, _, verified = sources.court_address(line["address"])
    name = sources.court_name(line["name"])
    return {
        "court_id": court.pk,
        "address": address,
        "valid_from": name.valid_from,
        "valid_to": name.valid_to,
        "source": line["source"],
        "verified": verified,
    }


def _hearing_location(line: Wanted, named: set[str]) -> Wanted:
    """A location is an MPP one if its description says so or a court's line names it; EOIR's test row is neither."""
    description, says_mpp, is_real = sources.location_description(line["description"])
    return {
        "code": line["hloc"],
        "description": description,
        "is_mpp": is_real and (says_mpp or line["hloc"] in named),
        "is_real": is_real,
    }


def _load_sites(shelf: _Shelf) -> None:
    _settle(
        Site,
        ["code"],
        [
            {
                "code": line["code"],
                "name": line["city"],
                "kind": SiteKind.FIELD,
                "city_id": shelf.city(line["city"], "MX").pk,
            }
            for line in shelf.lines("field_sites.csv")
        ],
        shelf.tally,
    )


def _check_corridors(shelf: _Shelf) -> None:
    """Refuse a road that begins, breaks or ends in a city nobody knows. Roads are read from the file, not kept as rows."""
    for ends, corridor in read_corridors(shelf.folder).items():
        for name, state in ends:
            shelf.city(name, state[:2], state=state)
        if corridor.night_in:
            shelf.city(corridor.night_in, "MX")


def _settle(model: type[Row], key: list[str], wanted: Iterable[Wanted], tally: Tally) -> dict[tuple[object, ...], Row]:
    """Make the rows of `model` say what `wanted` says, matched by `key`, and return those rows by key.

    Changes go before new rows, so that a court's old address ends before the next one begins.
    """
    rows = {tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()}
    settled: dict[tuple[object, ...], Row] = {}
    new: list[Row] = []
    changed: list[Row] = []
    names: set[str] = set()
    for values in wanted:
        at = tuple(values[name] for name in key)
        if at in settled:
            raise BadSource(f"{model._meta.label}: {at} stands twice in the files")
        row = rows.get(at)
        if row is None:
            new.append(row := model(**values))
        elif differing := {name: value for name, value in values.items() if getattr(row, name) != value}:
            for name, value in differing.items():
                setattr(row, name, value)
            names.update(differing)
            changed.append(row)
        settled[at] = row
    if changed:
        model._default_manager.bulk_update(changed, sorted(name.removesuffix("_id") for name in names))
    model._default_manager.bulk_create(new)
    tally.made += len(new)
    tally.changed += len(changed)
    tally.same += len(settled) - len(new) - len(changed)
    return settled
