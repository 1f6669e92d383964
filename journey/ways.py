"""By which ways a person is told, in their order, and who bears a number.

Who does not read is called; who named a way is told by it first; the others follow the order of the settings. A mailbox is private, a
phone is when its bearer says so: on any other a message has no content.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery

from cases.models import Consent, Household, Person, PhoneOwner
from core.actors import Actor
from messaging.bearers import Bearer, knows_numbers
from messaging.composing import Draft
from messaging.models import Message
from messaging.ways import reaches
from privacy.blind_index import NoNumber, token_of_number

ACTOR = Actor.system("replies")
Channel = Message.Channel


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a person, and whether nobody else reads what comes by it."""

    channel: str
    address: str
    is_private: bool


def ways_of(person: Person) -> list[Way]:
    """The ways to `person`, first to last; empty for somebody without phone and e-mail."""
    first = [person.reached_by] if person.reached_by else []
    called = [Channel.VOICE] if person.reads is False else []
    order = dict.fromkeys([*first, *called, *settings.MESSAGE_WAYS])
    ways = [_way(person, channel) for channel in order]
    return [way for way in ways if way.address]


def _way(person: Person, channel: str) -> Way:
    if channel == Channel.EMAIL:
        return Way(channel, person.email, is_private=True)
    return Way(channel, person.phone, is_private=person.phone_owner == PhoneOwner.OWN)


def is_reached(person: Person) -> bool:
    """Whether any way to `person` is left: one whose number neither asked for silence nor is somebody else's."""
    return reaches([(way.channel, way.address) for way in ways_of(person)], agreed_at(person.household))


def draft_for(person: Person, *, agreed_at: datetime | None, word: Callable[[Way], Draft]) -> Draft | None:
    """The message to `person` as `word` words it for each way, the first with the others behind it; None without a way."""
    drafts = [replace(word(way), agreed_at=agreed_at) for way in ways_of(person)]
    return replace(drafts[0], otherwise=tuple(drafts[1:])) if drafts else None


def agreed_at(household: Household) -> datetime | None:
    """When the household last agreed to messages, if that stands: a number that asked for silence before it may be written to again."""
    return _agreements().filter(household=household).first()


def agreed_by(household: OuterRef) -> Subquery:
    """The same beside rows of something that belongs to a household."""
    return Subquery(_agreements().filter(household=household).order_by("pk")[:1])


def _agreements() -> "QuerySet[Consent, datetime]":
    standing = Consent.objects.filter(purpose=Consent.Purpose.MESSAGES, is_given=True, withdrawn_at=None)
    return standing.values_list("noted_at", flat=True)


@knows_numbers
def bearers_of(address: str) -> Iterable[Bearer]:
    """The people who have the number `address` today, found by its fingerprint."""
    with suppress(NoNumber):
        value = token_of_number(address, "phone").value
        people = Person.objects.visible_to(ACTOR).filter(search_tokens__value=value).select_related("household")
        return [(person.household.uid, person.uid) for person in people if person.phone == address]
    return []
