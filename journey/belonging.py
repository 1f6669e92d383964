"""Who belongs to whom, as the pages tell it: care of children, kin in other families, partings and joinings, who is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.cards import household_of, looks_like_card
from cases.finding import CODE
from cases.kinship import TAKES_CARE, Flag, Need, flags_of, needs
from cases.models import (
    FROM_THE_OTHER_END,
    GONE,
    Absence,
    Household,
    HouseholdQuerySet,
    Kinship,
    Person,
    PersonQuerySet,
    Regrouping,
)
from cases.policies import can_edit
from core.actors import Actor, Capability
from core.look import Tag, short_day
from core.questions import question
from journey.families import Family, Member, today_of
from places import zones

WORDS: dict[Flag, tuple[str, Promise]] = {
    Flag.CHILD_HEADED: ("mood-kid", gettext_lazy("children alone")),
    Flag.UNACCOMPANIED: ("alert-circle", gettext_lazy("unaccompanied minor")),
    Flag.SEPARATED: ("alert-circle", gettext_lazy("separated minor")),
    Flag.SINGLE_CAREGIVER: ("user", gettext_lazy("one adult with minors")),
}
MEANING: dict[Flag, Promise] = {
    Flag.CHILD_HEADED: gettext_lazy("Only minors, without an adult."),
    Flag.UNACCOMPANIED: gettext_lazy("A minor without parent, relative or legal caregiver in this family."),
    Flag.SEPARATED: gettext_lazy("A minor with adult relatives, but without parent or legal caregiver in this family."),
    Flag.SINGLE_CAREGIVER: gettext_lazy("One adult takes care of all the minors."),
}
MOST_MISSING = 200
MOST_PARTED = 500
URGENT = (Flag.CHILD_HEADED, Flag.UNACCOMPANIED, Flag.SEPARATED)


@dataclass(frozen=True, slots=True)
class Care:
    """What stands out about who takes care of whom, with the code that partners use for it."""

    icon: str
    words: str
    meaning: str
    need: Need
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """A relation of somebody here to somebody here or in another family."""

    uid: UUID
    person: str
    words: str
    relative: str
    household: Household
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Past:
    """A parting or joining as this family's page tells it."""

    uid: UUID
    icon: str
    words: str
    other: Household | None
    reason: str
    when: str
    is_undone: bool
    may_be_undone: bool


def tags_of(family: Family, now: datetime) -> list[Tag]:
    """What a card or a row says about care, and about who is not there."""
    tags = [Tag(WORDS[flag][0], str(WORDS[flag][1])) for flag in family.flags_on(today_of(family, now))]
    return [*tags, *_missing_tags(len(family.missing))]


def with_care(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with who is missing and which caregivers were noted, within their own query."""
    carers = Kinship.objects.standing().filter(person__household=OuterRef("pk"), kind__in=sorted(TAKES_CARE))
    rows = carers.order_by("pk").values(row=JSONObject(person="person_id", relative="relative_id", kind="kind"))
    missing = Absence.objects.open().filter(person__household=OuterRef("pk"), person__merged_into=None)
    return households.annotate(
        carer_rows=ArraySubquery(rows), missing_people=ArraySubquery(missing.order_by("pk").values("person_id"))
    )


def care_tags(household: Any, people: Sequence[Person], day: date) -> list[Tag]:
    """What a card says of a household fetched `with_care`: a child without those who take care of it, and who is not here."""
    kin = {(row["person"], row["relative"]): row["kind"] for row in household.carer_rows}
    flags = [flag for flag in flags_of(people, day=day, kin=kin) if flag in URGENT]
    return [
        *(Tag(WORDS[flag][0], str(WORDS[flag][1])) for flag in flags),
        *_missing_tags(len(household.missing_people)),
    ]


def _missing_tags(missing: int) -> list[Tag]:
    words = ngettext("%(n)d not here", "%(n)d not here", missing)
    return [Tag("user-x", words % {"n": missing})] if missing else []


@dataclass(frozen=True, slots=True)
class Unattended:
    """A household whose children no adult is with; `is_missing` says whether somebody of it was noted as not here."""

    household: Household
    is_missing: bool


def children_without_adult(*, actor: Actor, now: datetime) -> list[Unattended]:
    """The households in which a minor is missing, or no adult is with the minors, as `actor` may know of them. One query.

    Ages are encrypted, so only those are asked of whom somebody is missing, or who parted or joined and are still here.
    """
    found: dict[Household, list[tuple[bool, bool]]] = {}
    for person in _perhaps_alone(actor=actor):
        states = found.setdefault(person.household, [])
        states.append((person.is_minor_on(person.household.day_at(now)), person.is_missing))  # type: ignore[attr-defined]
    return [
        Unattended(household, any(away for _is_minor, away in states))
        for household, states in found.items()
        if _lacks_adult(states)
    ]


@question
def _perhaps_alone(*, actor: Actor) -> PersonQuerySet:
    missing = Absence.objects.open().filter(person=OuterRef("pk"))
    theirs = Absence.objects.open().values("person__household")[:MOST_MISSING]
    parted = Regrouping.objects.standing().order_by("-pk")[:MOST_PARTED]
    # One list of keys: an "or" over three of them would read everybody.
    asked = theirs.union(parted.values("household"), parted.values("into"))
    return (
        Person.objects.visible_to(actor)
        .filter(household__in=asked)
        .filter(Q(household__in=theirs) | ~Q(household__step__in=GONE))
        .annotate(is_missing=Exists(missing))
        .select_related("household__site__city")
        .only("birth_date", "household__prefix", "household__uid", "household__site__city__zone")
        .in_order()
    )


def _lacks_adult(states: list[tuple[bool, bool]]) -> bool:
    minors = [away for is_minor, away in states if is_minor]
    return any(minors) or (bool(minors) and all(away for is_minor, away in states if not is_minor))


def belonging_of(family: Family, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The context of the page "who belongs to whom", in two queries more than the family took."""
    return {
        "family": family,
        "household": family.household,
        "tags": tags_of(family, now),
        "cares": care_of_family(family, now),
        "kin": kin_of(family, actor=actor),
        "past": past_of(family, actor=actor),
        "may_edit": can_edit(actor, family.household),
    }


def care_of_family(family: Family, now: datetime) -> list[Care]:
    """What stands out, the urgent first."""
    return [
        Care(WORDS[flag][0], str(WORDS[flag][1]), str(MEANING[flag]), needs()[flag], flag in URGENT)
        for flag in family.flags_on(today_of(family, now))
    ]


def kin_of(family: Family, *, actor: Actor) -> list[Kin]:
    """The relations noted of the family's people, as far as `actor` may see both ends. One query."""
    mine = {member.person.pk for member in family.members}
    rows = (
        Kinship.objects.standing()
        .visible_to(actor)
        .filter(Q(person__household=family.household) | Q(relative__household=family.household))
        .select_related("person__household", "relative__household")
    )
    return [_kin(row, row.person_id in mine) for row in rows]


def _kin(row: Kinship, from_here: bool) -> Kin:
    kind = Kinship.Kind(row.kind)
    here, there = (row.person, row.relative) if from_here else (row.relative, row.person)
    return Kin(
        uid=row.uid,
        person=name_of(here),
        words=str((kind if from_here else FROM_THE_OTHER_END[kind]).label),
        relative=name_of(there),
        household=there.household,
        is_elsewhere=here.household_id != there.household_id,
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A relation to another family, told without the name of who is there."""

    words: str
    person: str
    code: str
    household: UUID


def kin_elsewhere() -> dict[str, ArraySubquery]:
    """The relations of a household's people to other households, as two rows of arrays within its own query."""
    standing = Kinship.objects.standing().order_by("pk")
    told = {"kind": "kind", "person": "person_id", "relative": "relative_id"}
    there = {"pk": "pk", "prefix": "prefix", "uid": "uid", "site": "site_id", "guest": "guest_site_id"}

    def rows(here: str, away: str) -> ArraySubquery:
        mine = standing.filter(**{f"{here}__household": OuterRef("pk"), f"{away}__merged_into": None})
        others = mine.exclude(**{f"{away}__household": OuterRef("pk")})
        return ArraySubquery(
            others.values(row=JSONObject(**told, **{key: f"{away}__household__{name}" for key, name in there.items()}))
        )

    return {"kin_from": rows("person", "relative"), "kin_to": rows("relative", "person")}


def kin_told(family: Family, *, actor: Actor) -> list[Elsewhere]:
    """The relations of a household fetched with `kin_elsewhere`, as far as `actor` works where the other one is. No query."""
    household: Any = family.household
    names = {member.person.pk: member.first_name for member in family.members}
    found = []
    for rows, here, from_here in ((household.kin_from, "person", True), (household.kin_to, "relative", False)):
        for row in rows:
            kind = Kinship.Kind(row["kind"])
            if not (actor.works_at(row["site"]) or (row["guest"] and actor.works_at(row["guest"]))):
                continue
            words = kind.label if from_here else FROM_THE_OTHER_END[kind].label
            code = Household(pk=row["pk"], prefix=row["prefix"]).code
            found.append(Elsewhere(str(words), names.get(row[here], ""), code, UUID(row["uid"])))
    return found


def name_of(person: Person) -> str:
    """The full name, or what to call someone whose name nobody wrote down."""
    return person.full_name or _("Person %(number)d") % {"number": person.position}


def past_of(family: Family, *, actor: Actor) -> list[Past]:
    """How the family parted and joined, newest first. Whom protection keeps apart is not named. One query."""
    rows = (
        Regrouping.objects.filter(Q(household=family.household) | Q(into=family.household))
        .select_related("household__site", "into__site")
        .order_by("-pk")
    )
    return [_past(row, family, actor) for row in rows]


def _past(row: Regrouping, family: Family, actor: Actor) -> Past:
    came = row.into_id == family.household.pk
    other = row.household if came else row.into
    is_told = row.reason != Regrouping.Reason.PROTECTION
    is_seen = actor.everywhere or {other.site_id, other.guest_site_id} & set(actor.site_ids)
    is_health = row.reason == Regrouping.Reason.ISOLATION and not actor.can(Capability.SEE_HEALTH)
    count = sum(seat["of"] == row.household_id for seat in row.before.values())
    words: dict[tuple[str, bool], Any] = {
        (Regrouping.Kind.SPLIT, False): _("Some became a family of their own"),
        (Regrouping.Kind.SPLIT, True): _("Separated from another family"),
        (Regrouping.Kind.JOIN, False): _("Joined another family"),
        (Regrouping.Kind.JOIN, True): ngettext("%(n)d person joined", "%(n)d people joined", count) % {"n": count},
    }
    return Past(
        uid=row.uid,
        icon="arrows-split" if row.kind == Regrouping.Kind.SPLIT else "arrows-join",
        words=str(words[row.kind, came]),
        other=other if is_told and is_seen else None,
        reason="" if is_health else str(Regrouping.Reason(row.reason).label),
        when=short_day(zones.local(row.happened_at, family.zone)),
        is_undone=row.undone_at is not None,
        may_be_undone=row.undone_at is None and bool(is_seen) and actor.can(Capability.EDIT_PEOPLE),
    )


def household_called(text: str, *, actor: Actor) -> Household | None:
    """The household that a case code or a card's code names, as far as `actor` may know of it."""
    if code := CODE.match(text):
        visible = Household.objects.visible_to(actor).select_related("site__city")
        theirs = Q(pk=int(code[2])) | Q(merged__pk=int(code[2]))
        return visible.filter(theirs, prefix=code[1].upper()).distinct().first()
    return household_of(text, actor) if looks_like_card(text) else None


def unticked(members: Sequence[Member], ticked: Sequence[Person]) -> list[Person]:
    """Those of the family who were not ticked."""
    keys = {person.pk for person in ticked}
    return [member.person for member in members if member.person.pk not in keys]
