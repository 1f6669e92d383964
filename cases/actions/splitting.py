"""Parting and joining of households: who goes, what goes with them, and the way back (docs/adr/parting-and-joining.md)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.seats import seat, seat_as_before, seats_now, under_a_head
from cases.actions.steps import stand_by_steps
from cases.following import Passage, let_follow
from cases.kinship import CLOSE, composed, seen_from
from cases.models import (
    Aid,
    Arrival,
    Consent,
    Household,
    Isolation,
    Kinship,
    Need,
    Person,
    Regrouping,
    Relation,
    StepTaken,
)
from cases.states import Step
from core.actors import Actor
from core.errors import DomainError

Kind = Regrouping.Kind
Reason = Regrouping.Reason


class NobodyChosen(DomainError):
    """A parting needs somebody who goes."""

    code = "nobody_chosen"
    message = _("Choose who becomes a family of their own.")
    http_status = 422


class NobodyStays(DomainError):
    """Whoever goes leaves somebody behind; otherwise nothing parts."""

    code = "nobody_stays"
    message = _("Somebody has to stay in this family. Leave at least one person unticked.")
    http_status = 422


class NotOfThisFamily(DomainError):
    """Somebody chosen belongs to another household, or was moved just now."""

    code = "not_of_this_family"
    message = _("Somebody you chose is no longer in this family. Open it again.")


class SameFamily(DomainError):
    """Two households are needed to make one."""

    code = "same_family"
    message = _("These are the same family already.")
    http_status = 422


class RegroupedSince(DomainError):
    """People came, went or were merged since, so the way back is no longer the opposite of the deed."""

    code = "regrouped_since"
    message = _("Somebody of these families was moved since. Nothing was changed: separate or join them by hand.")


@transaction.atomic
def split_household(
    *, household: Household, people: Iterable[Person], reason: Reason, actor: Actor, at: datetime
) -> Household:
    """Let `people` of `household` become a household of their own from `at` on, with a case code of its own; returns it.

    Steps, documents, tests, stays and summonses go with each person; consents are copied, but after a parting for protection only
    the one to reception: the rest is asked anew. Close kin who are parted are noted as kin, except for protection. It is no arrival.
    Raises NotAllowed, NobodyChosen, NobodyStays, NotOfThisFamily.
    """
    policies.check_can_edit(actor, household)
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    members = list(household.people.all().in_order())
    goers = _chosen(members, people)
    stayers = [person for person in members if person not in goers]
    own = _household_beside(household)
    let_follow(Passage(goers, household, own, is_whole=False), actor=actor, at=at)
    regrouping = Regrouping.objects.create(
        kind=Kind.SPLIT,
        household=household,
        into=own,
        reason=reason,
        before=seats_now(members),
        happened_at=at,
        noted_by=actor.id,
    )
    day = household.day_at(at)
    seat(own, under_a_head(goers, day))
    seat(household, under_a_head(stayers, day))
    for each in (household, own):
        stand_by_steps(household=each, actor=actor, at=at)
    _copy_consents(household, own, all_of_them=reason != Reason.PROTECTION)
    _copy_needs(household, own)
    if reason not in (Reason.PROTECTION, Reason.ENTRY):
        regrouping.carried = {"kin": _note_kin(goers, stayers, actor, at)}
        regrouping.save(update_fields=["carried"])
    _tell(EventType.HOUSEHOLD_SPLIT, regrouping, len(goers), actor, at)
    return own


@transaction.atomic
def join_households(
    *,
    household: Household,
    into: Household,
    relation: Relation = Relation.RELATIVE,
    reason: Reason,
    actor: Actor,
    at: datetime,
) -> Household:
    """Let the people of `household` join `into`, whose code stays; the other code leads there from now on. Returns `into`.

    `relation` is what the head of `household` is to the head of `into`; the others' follows from it. Everything noted of either is
    the joined household's; what the joined household answered stands before what the other one did. Raises NotAllowed, SameFamily,
    and what rooms above refuse (they sleep in different rooms).
    """
    policies.check_can_edit(actor, household)
    policies.check_can_edit(actor, into)
    household, into = Household.with_merged.both_locked(household.pk, into.pk)
    if household == into or household.merged_into_id or into.merged_into_id:
        raise SameFamily()
    comers = list(household.people.all().in_order())
    members = list(into.people.all().in_order())
    let_follow(Passage(comers, household, into, is_whole=True), actor=actor, at=at)
    regrouping = Regrouping.objects.create(
        kind=Kind.JOIN,
        household=household,
        into=into,
        reason=reason,
        before=seats_now([*comers, *members]),
        happened_at=at,
        noted_by=actor.id,
    )
    _move(regrouping, comers, relation, members)
    stand_by_steps(household=into, actor=actor, at=at)
    _tell(EventType.HOUSEHOLDS_JOINED, regrouping, len(comers), actor, at)
    return into


@transaction.atomic
def undo_regrouping(*, regrouping: Regrouping, actor: Actor, at: datetime) -> Household:
    """Take a parting or a joining back: everybody sits where they sat. Returns the household that parted or was joined.

    Raises NotAllowed, RegroupedSince, and what rooms above refuse.
    """
    origin, into = Household.with_merged.both_locked(regrouping.household_id, regrouping.into_id)
    policies.check_can_edit(actor, origin)
    policies.check_can_edit(actor, into)
    people = list(Person.objects.filter(pk__in=[int(key) for key in regrouping.before]).in_order())
    regrouping.household = origin
    goers = _goers_back(regrouping, people, into)
    if not Regrouping.objects.standing().filter(pk=regrouping.pk).update(undone_at=at):
        raise RegroupedSince()
    is_split = regrouping.kind == Kind.SPLIT
    if not is_split:
        Household.with_merged.filter(pk=origin.pk).update(merged_into=None)
        origin.merged_into_id = None
    let_follow(Passage(goers, into, origin, is_whole=is_split), actor=actor, at=at)
    seat_as_before(regrouping, people, origin, into)
    if is_split:
        Kinship.objects.filter(pk__in=regrouping.carried.get("kin", [])).update(withdrawn_at=at)
        Household.with_merged.filter(merged_into=into).update(merged_into=origin)
        Household.objects.filter(pk=into.pk).update(merged_into=origin)
    else:
        _give_back(regrouping, origin)
        stand_by_steps(household=into, actor=actor, at=at)
    _carry_steps(origin, list(origin.people.all()))
    stand_by_steps(household=origin, actor=actor, at=at)
    _tell(EventType.REGROUPING_UNDONE, regrouping, len(goers), actor, at)
    return origin if is_split else into


def _household_beside(household: Household) -> Household:
    """A household of its own that stands where `household` does, with nobody in it yet."""
    return Household.objects.create(
        prefix=household.prefix,
        site_id=household.site_id,
        guest_site_id=household.guest_site_id,
        houses_itself=household.houses_itself,
        cohort_id=household.cohort_id,
        language=household.language,
        step=household.step,
        step_at=household.step_at,
        arrived_at=household.arrived_at,
    )


def _chosen(members: Sequence[Person], people: Iterable[Person]) -> list[Person]:
    """The members among `people`, in the household's order."""
    keys = {person.pk for person in people}
    if not keys:
        raise NobodyChosen()
    if keys - {person.pk for person in members}:
        raise NotOfThisFamily()
    if len(keys) == len(members):
        raise NobodyStays()
    return [person for person in members if person.pk in keys]


def _goers_back(regrouping: Regrouping, people: Sequence[Person], into: Household) -> list[Person]:
    """Who goes back, as long as nobody was merged or moved since."""
    known = {person.pk: person for person in people}
    goers = [known[int(key)] for key, seat in regrouping.before.items() if seat["of"] == regrouping.household_id]
    is_split = regrouping.kind == Kind.SPLIT
    if is_split:
        goers = [person for person in goers if person.household_id == into.pk]
    rest = Person.objects.filter(household=into).exclude(pk__in=[person.pk for person in goers])
    is_as_left = all(person.household_id == into.pk for person in goers) and not (is_split and rest.exists())
    points_right = into.merged_into_id is None and regrouping.household.merged_into_id == (
        None if is_split else into.pk
    )
    if not (goers and is_as_left and points_right) or len(known) != len(regrouping.before):
        raise RegroupedSince()
    return goers


def _move(regrouping: Regrouping, comers: Sequence[Person], relation: Relation, members: Sequence[Person]) -> None:
    """Seat the comers after the members, and have everything noted of their household go with them."""
    household, into = regrouping.household, regrouping.into
    if members:
        relation = Relation.RELATIVE if relation == Relation.HEAD else relation
        seat(into, [(person.pk, composed(relation, Relation(person.relation))) for person in comers])
    else:
        seat(into, [(person.pk, person.relation) for person in comers])
    regrouping.carried = {
        "arrivals": _carried(Arrival.objects.filter(household=household), into),
        "aid": _carried(Aid.objects.filter(household=household), into),
        "consents": _carried(_unanswered(household, into), into),
        "isolations": _carried(_isolations(household, into), into),
        "needs": _carried(_needs(household, into), into),
        "codes": list(Household.with_merged.filter(merged_into=household).values_list("pk", flat=True)),
    }
    Household.with_merged.filter(pk__in=regrouping.carried["codes"]).update(merged_into=into)
    Household.objects.filter(pk=household.pk).update(merged_into=into)
    regrouping.carried["steps"] = _carry_steps(into, [*comers, *members])
    regrouping.save(update_fields=["carried"])


def _unanswered(household: Household, into: Household) -> Any:
    """The standing consents of `household` for purposes that `into` was not asked about."""
    asked = Consent.objects.filter(household=into, withdrawn_at=None).values("purpose")
    return Consent.objects.filter(household=household, withdrawn_at=None).exclude(purpose__in=asked)


def _isolations(household: Household, into: Household) -> Any:
    """The isolations of `household`; an open one only where `into` has none."""
    is_isolated = Isolation.objects.open().filter(household=into).exists()
    mine = Isolation.objects.filter(household=household)
    return mine.filter(ended_at__isnull=False) if is_isolated else mine


def _needs(household: Household, into: Household) -> Any:
    """The needs of `household`; a standing one only where `into` has none of its kind."""
    there = Need.objects.standing().filter(household=into).values("kind")
    return Need.objects.filter(household=household).exclude(withdrawn_at=None, kind__in=there)


def _carried(rows: Any, into: Household) -> list[int]:
    """Give `rows` to `into`; their keys."""
    keys = list(rows.values_list("pk", flat=True))
    rows.model.objects.filter(pk__in=keys).update(household=into)
    return keys


def _carry_steps(household: Household, people: Sequence[Person]) -> list[list[int]]:
    """Let the steps of those who came another time count from the arrival that the household goes by now.

    Each as its key and that of its own arrival. That they were received stays with their own arrival: who came when stays true.
    """
    arrival = Arrival.objects.last_of(household)
    rows = StepTaken.objects.filter(person__in=people).exclude(arrival=arrival).exclude(step=Step.RECEIVED)
    taken = set(StepTaken.objects.filter(arrival=arrival).values_list("person_id", "step"))
    newest = rows.order_by("person_id", "step", "-arrival__occurred_at", "-pk").distinct("person_id", "step")
    moving = [row for row in newest if (row.person_id, row.step) not in taken]
    StepTaken.objects.filter(pk__in=[row.pk for row in moving]).update(arrival=arrival)
    return [[row.pk, row.arrival_id] for row in moving]


def _give_back(regrouping: Regrouping, origin: Household) -> None:
    """What was carried at a joining goes back; what was noted since stays."""
    carried = regrouping.carried
    rooms = {"arrivals": Arrival, "aid": Aid, "consents": Consent, "isolations": Isolation, "needs": Need}
    for name, model in rooms.items():
        model.objects.filter(pk__in=carried.get(name, [])).update(household=origin)  # type: ignore[attr-defined]
    for key, arrival in carried.get("steps", []):
        StepTaken.objects.filter(pk=key).update(arrival=arrival)
    Household.with_merged.filter(pk__in=carried.get("codes", [])).update(merged_into=origin)


def _copy_needs(household: Household, own: Household) -> None:
    """Needs are a household's, so nobody knows whose they were: those who go keep them, those who stay too."""
    Need.objects.bulk_create(
        Need(household=own, kind=need.kind, noted_at=need.noted_at, noted_by=need.noted_by)
        for need in Need.objects.standing().filter(household=household)
    )


def _copy_consents(household: Household, own: Household, *, all_of_them: bool) -> None:
    standing = Consent.objects.filter(household=household, withdrawn_at=None)
    copies = standing if all_of_them else standing.filter(purpose=Consent.Purpose.RECEPTION)
    rows = list(copies)
    for consent in rows:
        consent.pk, consent.household = None, own
        consent._state.adding = True
    Consent.objects.bulk_create(rows)


def _note_kin(goers: Sequence[Person], stayers: Sequence[Person], actor: Actor, at: datetime) -> list[int]:
    """Note what those who part are to each other, as far as the relations to the head tell; the keys of what is new."""
    known = {
        frozenset(pair)
        for pair in Kinship.objects.standing()
        .filter(person__in=[*goers, *stayers], relative__in=[*goers, *stayers])
        .values_list("person_id", "relative_id")
    }
    ends = [
        (goer, stayer, seen_from(Relation(goer.relation), Relation(stayer.relation)))
        for goer in goers
        for stayer in stayers
        if frozenset((goer.pk, stayer.pk)) not in known
    ]
    rows = [
        Kinship(person=stayer, relative=goer, kind=Kinship.Kind.PARENT, noted_at=at, noted_by=actor.id)
        if relation == Relation.CHILD
        else Kinship(person=goer, relative=stayer, kind=relation, noted_at=at, noted_by=actor.id)
        for goer, stayer, relation in ends
        if relation in CLOSE
    ]
    return [row.pk for row in Kinship.objects.bulk_create(rows)]


def _tell(event: EventType, regrouping: Regrouping, people: int, actor: Actor, at: datetime) -> None:
    """Record it for both households. The log keeps no reason: it may tell of health, or whom somebody is protected from."""
    for one, other in ((regrouping.household, regrouping.into), (regrouping.into, regrouping.household)):
        is_named = regrouping.reason != Reason.PROTECTION
        record(
            event,
            subject=regrouping,
            actor=actor,
            at=at,
            household=one.uid,
            kind=regrouping.kind,
            people=people,
            other=other.code if is_named else "",
            came=one.pk == regrouping.into_id,
        )
