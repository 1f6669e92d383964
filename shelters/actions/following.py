"""Beds follow people who pass to another household."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.actions.guests import host_at_with_deed
from cases.following import Passage
from cases.models import Household, Person
from core.actors import Actor
from core.errors import DomainError
from shelters.actions.calling_off import call_off_with_deed
from shelters.models import Hold, Stay, Transfer


class SleepApart(DomainError):
    """Two households that would become one sleep in different rooms."""

    code = "sleep_apart"
    message = _("These families sleep in different rooms. Move one of them first, then join them.")


@transaction.atomic
def carry_stays(*, passage: Passage, actor: Actor, at: datetime) -> None:
    """Give the stays of those who pass to their new household, and let the shelters see whom they sleep. Raises SleepApart."""
    goers = [person.pk for person in passage.people]
    theirs = _units(passage.origin.pk, goers)
    members = Person.objects.filter(household=passage.into).values_list("pk", flat=True)
    others = _units(passage.into.pk, list(members))
    if passage.is_whole and theirs and others and theirs != others:
        raise SleepApart()
    Stay.objects.filter(person__in=goers, household=passage.origin).update(household=passage.into)
    if passage.is_whole:
        _carry_hold(passage, actor, at)
    for household in (passage.origin, passage.into):
        show_to_host(household=household, actor=actor, at=at)


def _carry_hold(passage: Passage, actor: Actor, at: datetime) -> None:
    """Nobody is left who could come: a transfer is over, and places held go with them where the others hold and have none."""
    call_off_with_deed(household=passage.origin, actor=actor, at=at)
    kept = Hold.objects.filter(household=passage.origin, released_at__isnull=True)
    has_place = Stay.objects.open().filter(household=passage.into).exists()
    if has_place or Hold.objects.filter(household=passage.into, released_at__isnull=True).exists():
        kept.update(released_at=at)
    else:
        kept.update(household=passage.into)


def _units(household: int, people: list[int]) -> set[int]:
    """The units in which `people` of a household sleep now."""
    stays = Stay.objects.open().filter(household=household, person__in=people)
    return set(stays.values_list("unit", flat=True))


def show_to_host(*, household: Household, actor: Actor, at: datetime) -> Household:
    """Let the site of the shelter in which a household sleeps see it, or of the one to which it is on its way, and nobody else's.

    Part of a deed that checked its policy.
    """
    stays = Stay.objects.open().filter(household=household).select_related("unit__shelter__site")
    stay = stays.order_by("begins_at", "pk").first()
    if stay is not None:
        return host_at_with_deed(household=household, site=stay.unit.shelter.site, actor=actor, at=at)
    going = Transfer.objects.on_the_way().filter(household=household).select_related("to_shelter__site").first()
    site = going.to_shelter.site if going else None
    return host_at_with_deed(household=household, site=site, actor=actor, at=at)
