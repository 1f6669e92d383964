"""Places for tests: one city, port, bridge, court and field site that hang together, or all the reference data.

Factories find the row that is already there, so they also work after `places_loaded`.
"""

from datetime import UTC, datetime

import factory
import pytest
from factory.django import DjangoModelFactory

from core.actors import Actor
from places.actions import load_reference
from places.models import (
    Basis,
    City,
    Court,
    CourtAddress,
    Crossing,
    HearingLocation,
    PortOfEntry,
    ReportRule,
    Site,
    SiteKind,
)
from places.sources import lines


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City
        django_get_or_create = ("name", "iso3166_2")

    name = "Ciudad Juárez"
    country = "MX"
    admin1_name = "Chihuahua"
    iso3166_2 = "MX-CHH"
    zone = "America/Ciudad_Juarez"


class ElPasoFactory(CityFactory):
    name = "El Paso"
    country = "US"
    admin1_name = "Texas"
    iso3166_2 = "US-TX"
    zone = "America/Denver"


class PortOfEntryFactory(DjangoModelFactory):
    class Meta:
        model = PortOfEntry
        django_get_or_create = ("code",)

    code = "2402"
    name = "El Paso"
    us_state = "TX"
    city = factory.SubFactory(CityFactory)
    us_zone = "America/Denver"


class CrossingFactory(DjangoModelFactory):
    class Meta:
        model = Crossing
        django_get_or_create = ("port", "name")

    port = factory.SubFactory(PortOfEntryFactory)
    name = "Paso del Norte"
    also_called = "Puente Santa Fe"
    city = factory.SelfAttribute("port.city")
    on_foot = True


class ReportRuleFactory(DjangoModelFactory):
    class Meta:
        model = ReportRule

    crossing = factory.SubFactory(CrossingFactory)
    minutes_before = 240
    basis = Basis.ESTIMATE
    source = "test"


class CourtFactory(DjangoModelFactory):
    class Meta:
        model = Court
        django_get_or_create = ("eoir_base",)

    eoir_base = "ELP"
    name = "El Paso"
    zone = "America/Denver"
    city = factory.SubFactory(ElPasoFactory)


class CourtAddressFactory(DjangoModelFactory):
    class Meta:
        model = CourtAddress

    court = factory.SubFactory(CourtFactory)
    address = "700 E San Antonio Ave, Suite 750, El Paso, TX 79901"
    source = "test"
    verified = True


class HearingLocationFactory(DjangoModelFactory):
    class Meta:
        model = HearingLocation
        django_get_or_create = ("code",)

    code = "ENP"
    description = "MPP COURT EL PASO"
    is_mpp = True
    is_real = True


FIELD_SITES = {line["code"]: line["city"] for line in lines("field_sites.csv")}
CITIES = {line["name"]: line for line in lines("cities.csv")}


def city_of_field_site(code: str) -> City:
    """The city that the reference files give the field site `code`; Ciudad Juárez for a made-up one."""
    line = CITIES[FIELD_SITES.get(code, "Ciudad Juárez")]
    city: City = CityFactory(
        name=line["name"],
        country=line["country"],
        admin1_name=line["admin1"],
        iso3166_2=line["iso3166_2"],
        zone=line["iana_zone"],
    )
    return city


class SiteFactory(DjangoModelFactory):
    """A field site in its own city: `JZ` unless told."""

    class Meta:
        model = Site
        django_get_or_create = ("code",)

    code = "JZ"
    name = factory.LazyAttribute(lambda site: FIELD_SITES.get(site.code, site.code))
    kind = SiteKind.FIELD
    city = factory.LazyAttribute(lambda site: city_of_field_site(site.code))


class ShelterSiteFactory(DjangoModelFactory):
    """The site of a shelter under the field site of its city."""

    class Meta:
        model = Site
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"JZ-S{number}")
    name = factory.Sequence(lambda number: f"Albergue {number}")
    kind = SiteKind.SHELTER
    parent = factory.SubFactory(SiteFactory)
    city = factory.SelfAttribute("parent.city")


@pytest.fixture
def places_loaded(db: None) -> None:
    """All reference data from the files. About 50 ms, so each test loads its own; transactional tests may too."""
    load_reference(actor=Actor.system("loader"), at=datetime(2021, 12, 1, tzinfo=UTC))
