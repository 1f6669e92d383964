"""What files still owe, in words, each with the form that mends it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from cases.intake import owed_of, owes
from cases.models import Household, Owed, Person
from cases.names import family_name
from cases.policies import step_told
from core.actors import Actor
from core.look import short_day
from journey.families import Family
from places import zones

ICONS = {
    Owed.NAMES: "user",
    Owed.BIRTH: "calendar",
    Owed.SEX: "gender-female",
    Owed.NATIONALITY: "map-pin",
    Owed.A_NUMBER: "id",
    Owed.PHONE: "phone-off",
    Owed.CONSENT: "shield-check",
    Owed.HEARING: "calendar-plus",
}


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One thing that is owed: in words, and where it is mended."""

    owed: Owed
    icon: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One household of the list."""

    household: Household
    name: str
    people: int
    arrived: str
    step: str
    lines: list[OwedLine]


def rows_of(households: Sequence[Household], *, actor: Actor) -> list[Row]:
    """`households` (fetched with `site__city`) as rows, in their order. One query."""
    people: dict[int, list[Person]] = {household.pk: [] for household in households}
    for person in Person.objects.filter(household__in=households).in_order().defer("email", "notes"):
        people[person.household_id].append(person)
    return [
        Row(
            household=household,
            name=family_name(people[household.pk]),
            people=len(people[household.pk]),
            arrived=short_day(zones.local(household.arrived_at, household.site.city.zone)),
            step=str(step_told(actor, household).label),
            lines=lines_of(household, people[household.pk], household.owed),
        )
        for household in households
    ]


def owed_lines(family: Family) -> list[OwedLine]:
    """What the file of a family, fetched for its page with its numbers, owes at this moment. No query."""
    people = [member.person for member in family.members]
    answered = [row["purpose"] for row in family.household.answers]  # type: ignore[attr-defined]
    owed = owed_of(people, answered=answered, has_hearing=family.hearing is not None)
    if family.hearing is None and Owed.HEARING not in family.household.owed:
        owed.remove(Owed.HEARING)  # there was one, and it is over
    return lines_of(family.household, people, owed)


def lines_of(household: Household, people: Sequence[Person], owed: Iterable[str]) -> list[OwedLine]:
    """The codes `owed` in words: how many people lack it, and the form that takes it."""
    lacking = {person: owes(person) for person in people}
    return [_line(Owed(code), household, people, [each for each in people if code in lacking[each]]) for code in owed]


def _line(owed: Owed, household: Household, people: Sequence[Person], who: Sequence[Person]) -> OwedLine:
    text = str(owed.label)
    if len(who) > 1:
        text = ngettext("%(what)s of %(count)d", "%(what)s of %(count)d", len(who)) % {"what": text, "count": len(who)}
    return OwedLine(owed, ICONS[owed], text, _form_of(owed, household, who or people))


def _form_of(owed: Owed, household: Household, who: Sequence[Person]) -> str:
    if owed == Owed.CONSENT:
        return reverse("journey:consent", args=[household.uid])
    if owed == Owed.HEARING:
        return reverse("journey:note_hearing", args=[household.uid])
    if who:
        return reverse("journey:correct", args=[household.uid, who[0].uid])
    return reverse("journey:household", args=[household.uid])
