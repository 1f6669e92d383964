"""Correcting what is known of a person, and keeping them findable."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies, rules
from cases.models import Household, Person, PhoneOwner, Relation, SearchToken
from core.actors import Actor
from core.errors import DomainError
from core.phones import NoPhoneNumber, to_e164
from privacy.blind_index import NoNumber, Token, token_of_number, tokens_of_date, tokens_of_name
from privacy.names import words_of_name


class BadANumber(DomainError):
    """The A-number does not have 8 or 9 digits."""

    code = "bad_a_number"
    message = _("An A-number has 8 or 9 digits, for example A 012-345-678. Leave it empty if there is none yet.")
    http_status = 422


class BadPhone(DomainError):
    """The phone number cannot exist."""

    code = "bad_phone"
    message = _("This phone number cannot be right. Write all ten digits, or + and the country code.")
    http_status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """What a door knows of one person. Everything but a place in the household may be unknown."""

    given_names: str = ""
    surnames: str = ""
    birth_date: date | None = None
    birth_is_estimated: bool = False
    sex: str = ""
    nationality: str = ""
    relation: Relation = Relation.HEAD
    a_number: str = ""
    has_no_a_number_yet: bool = False
    phone: str = ""
    phone_owner: PhoneOwner | str = ""
    email: str = ""
    notes: str = ""
    uid: UUID = field(default_factory=uuid4)


def add_people(*, families: Mapping[Household, Iterable[PersonEntry]], actor: Actor, at: datetime) -> list[Person]:
    """Write the people of households that are being logged, in their order, and make them findable.

    Part of logging arrivals and of that alone, which checks policy and records the events. Raises BadANumber, BadPhone.
    """
    people = [
        Person(
            household=household,
            position=position,
            **normal_fields({name: getattr(entry, name) for name in PersonEntry.__slots__}),
        )
        for household, entries in families.items()
        for position, entry in enumerate(entries, start=1)
    ]
    Person.objects.bulk_create(people)
    words: dict[str, list[int]] = {}
    _copy_tokens((person.pk, value) for person in people for value in token_values(person, words))
    return people


def _copy_tokens(tokens: Iterable[tuple[int, int]]) -> None:
    """Two dozen rows a person go by COPY: as models and INSERTs they would take most of the time of an import."""
    lines = "".join(f"{person}\t{value}\n" for person, value in tokens)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {SearchToken._meta.db_table} (person_id, value) FROM STDIN", StringIO(lines))


@transaction.atomic
def correct_person(*, person: Person, changes: dict[str, Any], actor: Actor, at: datetime) -> Person:
    """Set the fields of `person` named in `changes` and make it findable by them.

    The event names the fields, never their values. Raises NotAllowed, BadANumber, BadPhone.
    """
    household = Household.objects.get(pk=person.household_id)
    policies.check_can_edit(actor, household)
    for name, value in normal_fields(changes).items():
        setattr(person, name, value)
    person.save(update_fields=sorted(changes))
    SearchToken.objects.filter(person=person).delete()
    SearchToken.objects.bulk_create(search_tokens(person))
    record(
        EventType.PERSON_CORRECTED,
        subject=person,
        actor=actor,
        at=at,
        household=household.uid,
        fields=sorted(changes),
        person=str(person.uid),
    )
    return person


def normal_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` of a person with numbers in their one spelling. Raises BadANumber, BadPhone."""
    normal = dict(fields)
    if number := normal.get("a_number"):
        try:
            normal["a_number"] = rules.normal_a_number(number)
        except ValueError:
            raise BadANumber() from None
    if phone := normal.get("phone"):
        try:
            normal["phone"] = to_e164(phone)
        except NoPhoneNumber:
            raise BadPhone() from None
    return normal


def search_tokens(person: Person) -> list[SearchToken]:
    """The blind index rows of a person, unsaved: name, A-number, phone, birth date."""
    return [SearchToken(person=person, value=value) for value in token_values(person)]


def token_values(person: Person, words: dict[str, list[int]] | None = None) -> list[int]:
    """What stands in the blind index for a person. `words` remembers the tokens of words that others bear as well."""
    words = {} if words is None else words
    values: list[int] = []
    for word in words_of_name(person.given_names, person.surnames):
        if word not in words:
            words[word] = [token.value for token in tokens_of_name(word)]
        values += words[word]
    tokens: list[Token] = []
    for value, purpose in ((person.a_number, "a_number"), (person.phone, "phone")):
        if value:
            with suppress(NoNumber):
                tokens.append(token_of_number(value, purpose))
    if person.birth_date and not person.birth_is_estimated:
        tokens += tokens_of_date(person.birth_date)
    return list(dict.fromkeys([*values, *(token.value for token in tokens)]))
