"""Lists of free legal help by city, for a family to take along, in words that it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from cases.kinds import in_reader_language
from core.actors import Actor
from core.look import short_day_of_year
from hearings.models import LegalProvider
from journey.families import Family
from places import languages
from places.models import City, Site

# The languages in which a list can be printed: those of its own texts.
PRINTED = {"spa": "es", "eng": "en"}
USUAL = "spa"


@dataclass(frozen=True)
class LegalList:
    """The list of one city in one language. `edition` is the day from which it counts."""

    city: City
    edition: date
    language: str
    providers: Sequence[LegalProvider]

    @property
    def tag(self) -> str:
        """The BCP 47 tag of its language."""
        return PRINTED[self.language]

    @property
    def lines(self) -> list[tuple[LegalProvider, str]]:
        """Each line with what it offers, in the list's language."""
        with translation.override(self.tag):
            return [(each, in_reader_language(each.what_es, each.what_en)) for each in self.providers]

    @property
    def edition_words(self) -> str:
        """The day of the edition, in the list's language."""
        with translation.override(self.tag):
            return short_day_of_year(self.edition)

    @property
    def is_verified(self) -> bool:
        """Whether somebody called every one of them."""
        return all(each.verified_on for each in self.providers)


def cities_on(day: date) -> list[City]:
    """The cities that have a list on `day`, by name."""
    return list(City.objects.filter(pk__in=LegalProvider.objects.on(day).values("city")).order_by("name"))


def list_of(
    *, cities: Sequence[City], wanted: str, day: date, language: str, near: Sequence[City] = ()
) -> LegalList | None:
    """The list of the city whose key is `wanted`, else of the first of `near` that has one, else of the first; None without any."""
    by_key = {str(city.pk): city for city in cities}
    near_keys = [str(city.pk) for city in near if str(city.pk) in by_key]
    key = next((each for each in (wanted, *near_keys, *by_key) if each in by_key), None)
    if key is None:
        return None
    providers = list(LegalProvider.objects.on(day).filter(city=by_key[key]).order_by("position"))
    return LegalList(by_key[key], providers[0].valid_from, language if language in PRINTED else USUAL, providers)


def near_to(family: Family) -> list[City]:
    """Where a family would look for help: where its court is, then where it sleeps."""
    court = [family.hearing.court.city] if family.hearing else []
    return [*court, family.sleeps_in]


def near_to_site(actor: Actor) -> list[City]:
    """Where somebody of the staff starts: the city they work in, where they work in one."""
    cities = list(City.objects.filter(sites__in=Site.objects.active().of(actor)).distinct()[:2])
    return cities if len(cities) == 1 else []


def language_for(family: Family) -> tuple[str, str]:
    """In which language its list is printed, and the name of its own where that cannot be."""
    own = family.household.language
    return (own, "") if own in PRINTED else (USUAL, languages.name_of(own))


def printable() -> list[tuple[str, str]]:
    """The languages to choose from, each by its own name."""
    return [(code, languages.autonym_of(code)) for code in PRINTED]
