"""What a scan of a card does: opens the household, or does the deed of the table at which it is scanned."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.actions.aid import give_aid
from cases.actions.kin import note_found
from cases.aid_kinds import aid_kind
from cases.cards import household_by_card
from cases.models import Absence, Aid, Household, Tap
from cases.names import family_name
from core.actors import Actor, Capability
from journey.actions.reception import document_all, take_tests_of_adults
from places import zones
from shelters.actions.receiving import Came, Reception, receive_at_door
from shelters.expected import expected_at_sites_of


class Station(models.TextChoices):
    """Where somebody stands with the scanner, chosen once; each scan then does what is done there."""

    OPEN = "open", gettext_lazy("Open the family")
    HERE = "here", gettext_lazy("All here")
    DOCUMENTS = "documents", gettext_lazy("Documents")
    TESTS = "tests", gettext_lazy("Tests")
    FOOD = "food", gettext_lazy("Food")
    KIT = "kit", gettext_lazy("Hygiene kit")
    DOOR = "door", gettext_lazy("Shelter door")


ICONS = {
    Station.OPEN: "users",
    Station.HERE: "user-check",
    Station.DOCUMENTS: "file-plus",
    Station.TESTS: "test-pipe",
    Station.FOOD: "soup",
    Station.KIT: "bath",
    Station.DOOR: "door",
}
# Open to those who note nothing in a file.
ALONE = (Station.OPEN, Station.DOOR)
AID = {Station.FOOD: "food", Station.KIT: "hygiene"}
# Who was given the same within this time may have come twice to the same table.
SAME_SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What one scan did, in words; `tap` or `aid` can be taken back. `before` says that the same was done not long ago."""

    household: Household
    name: str
    words: str
    tap: UUID | None = None
    aid: UUID | None = None
    before: str = ""


def stations_of(actor: Actor) -> list[Station]:
    """The tables at which `actor` may stand: deeds need the capability, tests are health."""
    needs = {
        Station.OPEN: Capability.SEE_PEOPLE,
        Station.TESTS: Capability.SEE_HEALTH,
        Station.DOOR: Capability.RUN_SHELTER,
    }
    edits = actor.can(Capability.EDIT_PEOPLE)
    return [each for each in Station if actor.can(needs.get(each, Capability.EDIT_PEOPLE)) and (edits or each in ALONE)]


def by_card(text: str, station: Station, *, actor: Actor, at: datetime) -> Household:
    """The household of a card. At the door of a shelter also one that it expects and may not see yet: the card says that they are here.

    Raises what `household_by_card` does.
    """
    also = expected_at_sites_of(actor, at) if station is Station.DOOR else None
    return household_by_card(text, actor=actor, also=also)


def do_at(station: Station, household: Household, *, uid: UUID, actor: Actor, at: datetime) -> Scanned:
    """Do what is done at `station` for the whole of `household` (fetched with its city), once per client-made `uid`.

    Raises what the deed refuses: nothing left to do, not allowed.
    """
    name = family_name(list(household.people.all().in_order()))
    if station in AID:
        aid, _is_new = give_aid(uid=uid, household=household, kind=AID[station], actor=actor, at=at)
        return Scanned(household, name, _given(aid), aid=aid.uid, before=_given_before(aid, household))
    if station is Station.DOOR:
        return Scanned(household, name, _let_in(receive_at_door(household=household, actor=actor, at=at)))
    if station is Station.HERE:
        return Scanned(household, name, _found(household, actor, at))
    deed: Callable[..., None] = document_all if station is Station.DOCUMENTS else take_tests_of_adults
    deed(household=household, actor=actor, at=at)
    tap = Tap.objects.standing().filter(household=household, done_at=at).first()
    words = str(tap.get_kind_display()) if tap else _("Noted.")
    people = tap.people if tap else 0
    told = ngettext("%(what)s: %(n)d person", "%(what)s: %(n)d people", people) % {"what": words, "n": people}
    return Scanned(household, name, told, tap=tap.uid if tap else None)


def _let_in(done: Reception) -> str:
    words = {"n": done.people, "unit": done.unit.name}
    if done.came is Came.BACK:
        return ngettext("%(n)d is back, %(unit)s", "%(n)d are back, %(unit)s", done.people) % words
    if done.came is Came.KNOWN:
        return ngettext("%(n)d sleeps here, %(unit)s", "%(n)d sleep here, %(unit)s", done.people) % words
    return ngettext("%(n)d person came in: %(unit)s", "%(n)d people came in: %(unit)s", done.people) % words


def _given(aid: Aid) -> str:
    words = ngettext("%(what)s: %(n)d person", "%(what)s: %(n)d people", aid.people)
    return words % {"what": aid_kind(aid.kind).name, "n": aid.people}


def _given_before(aid: Aid, household: Household) -> str:
    """When the same was given to them shortly before `aid`, on the clock of their city; empty where it was not."""
    earlier = household.aid.given_in(aid.given_at - SAME_SHIFT, aid.given_at).filter(kind=aid.kind).first()
    if earlier is None:
        return ""
    return _("They were given it at %(time)s too") % {
        "time": f"{zones.local(earlier.given_at, household.site.city.zone):%H:%M}"
    }


def _found(household: Household, actor: Actor, at: datetime) -> str:
    """Note that all of them are here; whoever was missing is found."""
    people = list(household.people.all())
    missing = Absence.objects.open().filter(person__in=people).exists()
    found = note_found(household=household, people=people, actor=actor, at=at) if missing else 0
    if found:
        return ngettext("%(n)d who was missing is here again", "%(n)d who were missing are here again", found) % {
            "n": found
        }
    return ngettext("%(n)d person, nobody was missing", "%(n)d people, nobody was missing", len(people)) % {
        "n": len(people)
    }
