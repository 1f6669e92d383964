"""Who speaks for people before the court: noting, correcting and ending it, and giving people a list of free legal help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import Household, Person
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.once import once
from hearings import policies
from hearings.actions import NotOfThisHousehold
from hearings.appearances import appearances
from hearings.models import Hearing, LegalListGiven, LegalProvider, Representation, Represented
from places.models import City


class NobodyNamed(DomainError):
    """A representative has a name or an organisation."""

    code = "nobody_named"
    message = _("Write the name of the representative or of the organisation.")
    http_status = 422


class UnknownForm(DomainError):
    """No form of appearance has this code."""

    code = "unknown_form"
    message = _("This form is not on the list.")
    http_status = 422


class FiledWithoutForm(DomainError):
    """A day of filing says of what."""

    code = "filed_without_form"
    message = _("Say which form was filed on that day.")
    http_status = 422


class ConsentWithoutDay(DomainError):
    """A yes or no is dated."""

    code = "consent_without_day"
    message = _("Write the day on which they said whether we may speak with their representative.")
    http_status = 422


class EndsBeforeItBegan(DomainError):
    """Nobody stops before they begin."""

    code = "ends_before_it_began"
    message = _("The last day is before the first one. Check both.")
    http_status = 422


class AlreadyEnded(DomainError):
    """Somebody ended it before."""

    code = "already_ended"
    message = _("This was ended already.")


class NoList(DomainError):
    """There is no list of that city."""

    code = "no_list"
    message = _("There is no list of free legal help for this city yet.")


REFUSALS: dict[str, type[DomainError]] = {
    "hearings_representation_filed_with_a_form": FiledWithoutForm,
    "hearings_representation_consent_is_dated": ConsentWithoutDay,
    "hearings_representation_end_is_whole": EndsBeforeItBegan,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """What is known of a representative. `people` are those for whom they appear; nobody named means all of the household."""

    since: date
    kind: str = Representation.Kind.LAWYER
    name: str = ""
    phone: str = ""
    email: str = ""
    organisation: str = ""
    form: str = ""
    filed_on: date | None = None
    scope: str = Representation.Scope.ALL
    hearing: Hearing | None = None
    may_speak: bool | None = None
    may_speak_on: date | None = None
    people: Iterable[Person] = field(default=())

    def values(self) -> Mapping[str, Any]:
        """What the record itself keeps. A hearing is named only where the scope is one."""
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "people"}
        return kept | ({} if self.scope == Representation.Scope.HEARING else {"hearing": None})


@transaction.atomic
def note_representation(*, household: Household, appearance: Appearance, actor: Actor, at: datetime) -> Representation:
    """Note who represents people of `household`; the same said again while it stands is what is noted already.

    Raises NotAllowed, NobodyNamed, UnknownForm, FiledWithoutForm, ConsentWithoutDay, NotOfThisHousehold.
    """
    policies.check_can_note(actor, household)
    people = _checked(household, appearance)
    if there := _noted_already(household, appearance, people):
        return there
    with naming_violations(REFUSALS):
        noted = Representation.objects.create(household=household, noted_by=actor.id, **appearance.values())
    Represented.objects.bulk_create(Represented(representation=noted, person=person) for person in people)
    _record(EventType.REPRESENTATION_NOTED, noted, actor, at, kind=noted.kind, people=len(people))
    return noted


@transaction.atomic
def correct_representation(
    *, representation: Representation, appearance: Appearance, actor: Actor, at: datetime
) -> Representation:
    """Let `appearance` be what is known of a representative from now on; the log says which facts changed, never what they were.

    Raises NotAllowed, AlreadyEnded, and what `note_representation` raises.
    """
    policies.check_can_note(actor, representation.household)
    held = _standing(representation)
    people = _checked(held.household, appearance)
    changed = [name for name, value in appearance.values().items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, getattr(appearance, name) if name != "hearing" else appearance.values()["hearing"])
    before = set(held.represented.values_list("person_id", flat=True))
    now = {person.pk for person in people}
    if before != now:
        changed.append("people")
        held.represented.exclude(person__in=now).delete()
        Represented.objects.bulk_create(Represented(representation=held, person_id=key) for key in sorted(now - before))
    if changed:
        with naming_violations(REFUSALS):
            held.save()
        _record(EventType.REPRESENTATION_CORRECTED, held, actor, at, changed=sorted(changed))
    return held


@transaction.atomic
def end_representation(
    *, representation: Representation, ending: str, ended_on: date, actor: Actor, at: datetime
) -> Representation:
    """Note that a representative no longer appears, from `ended_on` on. Raises NotAllowed, AlreadyEnded, EndsBeforeItBegan."""
    policies.check_can_note(actor, representation.household)
    held = _standing(representation)
    held.ending, held.ended_on, held.ended_at = ending, ended_on, at
    with naming_violations(REFUSALS):
        held.save(update_fields=["ending", "ended_on", "ended_at"])
    _record(EventType.REPRESENTATION_ENDED, held, actor, at, ending=ending)
    return held


@transaction.atomic
def give_legal_list(
    *, uid: UUID, household: Household, city: City, language: str, actor: Actor, at: datetime
) -> tuple[LegalListGiven, bool]:
    """Note that `household` was given the list of `city` that is in force, in `language`, once per `uid` that a page made.

    Returns it and whether it is new. Raises NotAllowed, NoList, SentForAnother.
    """
    policies.check_can_give_list(actor, household)
    among = LegalListGiven.objects.filter(household=household)
    given = LegalListGiven(uid=uid, household=household, city=city, language=language, given_at=at, noted_by=actor.id)
    return once(uid, among, lambda: _give(given, actor))


def _give(given: LegalListGiven, actor: Actor) -> LegalListGiven:
    """Write `given` with the edition in force on its day, and record it. Raises NoList."""
    on_day = LegalProvider.objects.on(given.household.day_at(given.given_at)).filter(city=given.city)
    edition = on_day.values_list("valid_from", flat=True).first()
    if edition is None:
        raise NoList()
    given.edition = edition
    given.save(force_insert=True)
    record(
        EventType.LEGAL_LIST_GIVEN,
        subject=given,
        actor=actor,
        at=given.given_at,
        household=given.household.uid,
        city=given.city.pk,
        edition=edition.isoformat(),
        language=given.language,
    )
    return given


def _checked(household: Household, appearance: Appearance) -> list[Person]:
    """For whom they appear, once what is said of them can be."""
    if not (appearance.name.strip() or appearance.organisation.strip()):
        raise NobodyNamed()
    if appearance.form and appearance.form not in appearances():
        raise UnknownForm()
    if appearance.hearing is not None and appearance.hearing.household_id != household.pk:
        raise NotOfThisHousehold()
    people = list(appearance.people)
    if any(person.household_id != household.pk for person in people):
        raise NotOfThisHousehold()
    return people or list(Person.objects.filter(household=household).in_order())


def _noted_already(household: Household, appearance: Appearance, people: Iterable[Person]) -> Representation | None:
    """The record that says just this, as after a second tap; names are encrypted, so they are compared here."""
    Household.objects.select_for_update(no_key=True, of=("self",)).get(pk=household.pk)
    keys = {person.pk for person in people}
    for each in Representation.objects.standing().filter(household=household).order_by("pk"):
        is_same = all(getattr(each, name) == value for name, value in appearance.values().items())
        if is_same and keys == set(each.represented.values_list("person_id", flat=True)):
            return each
    return None


def _standing(representation: Representation) -> Representation:
    """The representation as it is now, held until the end of the transaction."""
    held = Representation.objects.select_for_update(of=("self",)).select_related("household").get(pk=representation.pk)
    if not held.stands:
        raise AlreadyEnded()
    return held


def _record(event: EventType, noted: Representation, actor: Actor, at: datetime, **facts: Any) -> None:
    record(event, subject=noted, actor=actor, at=at, household=noted.household.uid, **facts)
