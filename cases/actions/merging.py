"""Two files of one person become one, and come apart again: a pointer, and the records that went with it (docs/adr/merge.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases import policies
from cases.actions.access import follow_merge, unfollow_merge
from cases.actions.people import correct_person
from cases.actions.steps import stand_by_steps
from cases.likeness import alike
from cases.models import (
    SAME_COMING,
    Arrival,
    Household,
    Likeness,
    Merge,
    MergedPerson,
    Person,
    Relation,
    StepTaken,
)
from core.actors import Actor
from core.errors import DomainError, naming_violations

# Fields that the kept file may take over where it has none.
FILLABLE = ("given_names", "surnames", "birth_date", "sex", "nationality", "a_number", "phone", "email", "notes")

# What stays with the file that it was about. Everything else that points at a person or a household goes along, whichever room
# it belongs to: a record that somebody adds tomorrow too.
STAYS = frozenset(
    {
        "cases.Person",  # the people themselves
        "cases.Household",
        "cases.SearchToken",  # the merged file is still found by how it was spelt
        "cases.Likeness",
        "cases.Merge",
        "cases.MergedPerson",
        "cases.Regrouping",  # how that household parted and joined
        "cases.Tap",  # taking a tap back belongs to the file that was tapped
        "cases.StepTaken",  # carried by `_carry_steps`
        "cases.Arrival",  # carried by `_carry_arrivals`
    }
)

Before = dict[str, Any]
Carried = dict[str, list[list[Any]]]  # by model: key, and what its fields held before


class NotTwoFiles(DomainError):
    """A merge takes two people, each once, whose files stand."""

    code = "not_two_files"
    message = _("These are not two files that stand. Open them again: somebody may have merged them just now.")


class AlreadyUndone(DomainError):
    """The merge was undone before."""

    code = "already_undone"
    message = _("This was undone already.")


class LaterMergeStands(DomainError):
    """The kept file was merged into a third one since."""

    code = "later_merge_stands"
    message = _("The file that was kept has been merged into another since. Undo that first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """`other` is `kept`; `fill` names the fields that the kept file takes over from the other."""

    kept: Person
    other: Person
    fill: frozenset[str] = frozenset()


_refusals: dict[str, type[DomainError]] = {}


def refuse_merges_where(violations: Mapping[str, type[DomainError]]) -> None:
    """Let a room above name those of its constraints that forbid a merge. Records that break others stay with the merged file."""
    _refusals.update(violations)


@transaction.atomic
def merge_people(*, pairs: Sequence[Same], actor: Actor, at: datetime) -> Merge:
    """Merge the `other` of each pair into its `kept`: people of one household into people of one household.

    From now on every read finds the kept one, with the records of both. A household of which nobody is left leads to the kept one's.
    Reversible by `undo_merge`, by those who work with either. Raises NotAllowed, NotTwoFiles, and what rooms above refuse (both
    have a place to sleep).
    """
    kept_household, other_household = _households_of(pairs)
    policies.check_can_merge(actor, other_household)
    _check_stand(pairs)
    newest = _newest_arrival(kept_household)
    reasons = _reasons(pairs)
    merge = Merge.objects.create(
        kept=kept_household,
        other=other_household,
        reasons=reasons,
        merged_at=at,
        merged_by=actor.name[:80] or actor.id,
    )
    for pair in pairs:
        _merge_one(merge, pair, actor, at)
    if kept_household.pk != other_household.pk and not Person.objects.filter(household=other_household).exists():
        _merge_household(merge)
    for one in merge.people.select_related("kept", "other"):
        one.carried |= _carry_steps(one, kept_household)
        one.save(update_fields=["carried"])
    _stand_anew(kept_household, newest, actor, at)
    if kept_household.site_id != other_household.site_id:
        follow_merge(household=kept_household, site=other_household.site, actor=actor, at=at)
    record(
        EventType.PEOPLE_MERGED,
        subject=kept_household,
        actor=actor,
        at=at,
        household=kept_household.uid,
        people=len(pairs),
        other=str(other_household.uid),
        merge=str(merge.uid),
        reasons=list(reasons),
    )
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, actor: Actor, at: datetime) -> Merge:
    """Take `merge` back: both files stand as they did, each with its own records; what was noted since stays with the kept one.

    Raises NotAllowed, AlreadyUndone, LaterMergeStands.
    """
    kept, other = Household.with_merged.both_locked(merge.kept_id, merge.other_id)
    policies.check_can_compare(actor, kept, other)
    people = list(merge.people.select_related("kept", "other").order_by("-pk"))
    later = Merge.objects.standing().filter(pk__gt=merge.pk, other__in=[kept, other])
    if kept.merged_into_id or later.exists() or any(one.kept.merged_into_id for one in people):
        raise LaterMergeStands()
    if not Merge.objects.standing().filter(pk=merge.pk).update(undone_at=at, undone_by=actor.name[:80] or actor.id):
        raise AlreadyUndone()
    newest = _newest_arrival(kept)
    if other.merged_into_id == kept.pk and other.pk != kept.pk:
        Household.with_merged.filter(pk=other.pk).update(merged_into=None)
    _give_back(merge.carried)
    for one in people:
        _part(one, actor, at)
    _stand_anew(kept, newest, actor, at)
    if other.merged_into_id == kept.pk:
        _stand_anew(
            other, _newest_arrival(other), actor, at
        )  # what happened meanwhile, such as the end of an isolation
    unfollow_merge(household=kept, site=other.site, actor=actor, at=at)
    record(
        EventType.MERGE_UNDONE,
        subject=kept,
        actor=actor,
        at=at,
        household=kept.uid,
        people=len(people),
        other=str(other.uid),
        merge=str(merge.uid),
    )
    merge.refresh_from_db()
    return merge


def _households_of(pairs: Sequence[Same]) -> tuple[Household, Household]:
    """The household that is kept and the other, locked; the same one where a family wrote somebody down twice."""
    kept = {pair.kept.household_id for pair in pairs}
    other = {pair.other.household_id for pair in pairs}
    if len(kept) != 1 or len(other) != 1:
        raise NotTwoFiles()
    return Household.with_merged.both_locked(kept.pop(), other.pop())


def _check_stand(pairs: Sequence[Same]) -> None:
    """Lock the people; each stands, and each file is merged once, into one that is not merged in the same breath."""
    kept, others = {pair.kept.pk for pair in pairs}, {pair.other.pk for pair in pairs}
    standing = Person.objects.select_for_update().filter(pk__in=kept | others).order_by("pk")
    if len(others) != len(pairs) or len(kept) != len(pairs) or kept & others or len(standing) != len(kept | others):
        raise NotTwoFiles()


def _reasons(pairs: Sequence[Same]) -> list[str]:
    """What spoke for it, over all pairs, strongest first."""
    found = {reason for pair in pairs for reason in alike(pair.kept, pair.other).reasons}
    return [reason.value for reason in Likeness.Reason if reason in found]


def _merge_one(merge: Merge, pair: Same, actor: Actor, at: datetime) -> None:
    kept, other = pair.kept, pair.other
    pointing = Person.with_merged.filter(merged_into=other)
    pointers = list(pointing.order_by("pk").values_list("pk", flat=True))
    pointing.update(merged_into=kept)
    Person.objects.filter(pk=other.pk).update(merged_into=kept)
    filled = {
        name: getattr(other, name)
        for name in FILLABLE
        if name in pair.fill and getattr(other, name) and not getattr(kept, name)
    }
    if filled:
        together: dict[str, Before] = {
            "birth_date": {"birth_is_estimated": other.birth_is_estimated},
            "a_number": {"has_no_a_number_yet": False},
            "phone": {"phone_owner": other.phone_owner},
        }
        extra = {key: value for name in filled for key, value in together.get(name, {}).items()}
        correct_person(person=kept, changes=filled | extra, actor=actor, at=at)
    MergedPerson.objects.create(
        merge=merge,
        kept=kept,
        other=other,
        carried=_carry(Person, other.pk, kept.pk, household=(other.household_id, kept.household_id)),
        pointers=pointers,
        filled=sorted(filled),
    )


def _merge_household(merge: Merge) -> None:
    """Nobody is left of the other household: its own records go along, and whoever asks for it is led to the kept one."""
    pointing = Household.with_merged.filter(merged_into=merge.other)
    pointers = list(pointing.order_by("pk").values_list("pk", flat=True))
    pointing.update(merged_into=merge.kept)
    Household.objects.filter(pk=merge.other_id).update(merged_into=merge.kept)
    merge.carried = _carry(Household, merge.other_id, merge.kept_id) | _carry_arrivals(merge)
    if pointers:
        merge.carried[Household._meta.label] = [[key, {"merged_into_id": merge.other_id}] for key in pointers]
    merge.save(update_fields=["carried"])


def _links_to(target: type[models.Model]) -> Iterable[tuple[type[models.Model], str]]:
    """Every model that points at `target` and goes along in a merge, with the field by which it does, in any room."""
    for relation in sorted(
        target._meta.related_objects, key=lambda each: (each.related_model._meta.label, each.field.name)
    ):
        model = relation.related_model
        if model._meta.label not in STAYS:
            yield model, relation.field.attname


def _carry(target: type[models.Model], old: int, new: int, *, household: tuple[int, int] | None = None) -> Carried:
    """Point the records of `old` at `new`, one by one; those that a constraint refuses are doubles, and stay.

    A record of a person that names their household too (a stay) is brought to the household of the kept one.
    """
    carried: Carried = {}
    for model, field in _links_to(target):
        follows = household is not None and any(each.attname == "household_id" for each in model._meta.concrete_fields)
        rows = model._base_manager.filter(**{field: old}).order_by("pk")
        for key, belongs in list(rows.values_list("pk", "household_id" if follows else field)):
            before: Before = {field: old}
            after = {field: new}
            if follows and household is not None and belongs == household[0] and belongs != household[1]:
                before["household_id"], after["household_id"] = household
            if _moves(model, key, after):
                carried.setdefault(model._meta.label, []).append([key, before])
    return carried


def _moves(model: type[models.Model], key: Any, after: Before) -> bool:
    try:
        with naming_violations(_refusals):
            model._base_manager.filter(pk=key).update(**after)
    except IntegrityError:
        return False
    return True


def _carry_arrivals(merge: Merge) -> Carried:
    """The arrivals of the other household that were comings of their own; the same coming written down twice counts once."""
    known = list(Arrival.objects.filter(household=merge.kept))
    own = [
        arrival
        for arrival in Arrival.objects.filter(household=merge.other)
        if not any(_is_same_coming(arrival, one) for one in known)
    ]
    Arrival.objects.filter(pk__in=[arrival.pk for arrival in own]).update(household=merge.kept)
    return {"cases.Arrival": [[arrival.pk, {"household_id": merge.other_id}] for arrival in own]} if own else {}


def _is_same_coming(one: Arrival, other: Arrival) -> bool:
    return one.kind == other.kind and abs(one.occurred_at - other.occurred_at) < SAME_COMING


def _carry_steps(one: MergedPerson, household: Household) -> Carried:
    """The steps of the merged person, under the kept household's own arrival where both files tell of one coming."""
    arrivals = sorted(Arrival.objects.filter(household=household), key=attrgetter("occurred_at"))
    carried: list[list[Any]] = []
    for step in StepTaken.objects.filter(person=one.other).select_related("arrival"):
        same = next((each for each in arrivals if _is_same_coming(each, step.arrival)), step.arrival)
        if _moves(StepTaken, step.pk, {"person_id": one.kept_id, "arrival_id": same.pk}):
            carried.append([step.pk, {"person_id": one.other_id, "arrival_id": step.arrival_id}])
    return {StepTaken._meta.label: carried} if carried else {}


def _newest_arrival(household: Household) -> Arrival | None:
    return Arrival.objects.of(household).order_by("-occurred_at", "-pk").first()


def _stand_anew(household: Household, newest: Arrival | None, actor: Actor, at: datetime) -> None:
    """Let `household` stand by the steps, and the isolation, that came or went with a file.

    Where the `newest` arrival that it had is another one by now, its own people took no steps from that yet: it stands as before.
    """
    if newest is not None and newest == _newest_arrival(household):
        stand_by_steps(household=household, actor=actor, at=at)


def _give_back(carried: Carried) -> None:
    """Let each record that was carried point where it pointed before."""
    of_model = {model._meta.label: model for target in (Person, Household) for model in _related(target)}
    for label, rows in carried.items():
        for key, before in rows:
            of_model[label]._base_manager.filter(pk=key).update(**before)


def _related(target: type[models.Model]) -> Iterable[type[models.Model]]:
    return (relation.related_model for relation in target._meta.related_objects)


def _part(one: MergedPerson, actor: Actor, at: datetime) -> None:
    """Let the merged file stand again, in its household, with what it had; what the kept one took over is empty again."""
    kept, other = one.kept, one.other
    _give_back(one.carried)
    standing = Person.objects.filter(household=other.household_id)
    changes: Before = {"merged_into": None}
    if standing.filter(position=other.position).exists():
        last = standing.aggregate(last=models.Max("position"))["last"]
        changes["position"] = last + 1
    if other.relation == Relation.HEAD and standing.filter(relation=Relation.HEAD).exists():
        changes["relation"] = Relation.RELATIVE  # somebody else has become the head since
    Person.with_merged.filter(pk=other.pk).update(**changes)
    Person.with_merged.filter(pk__in=one.pointers, merged_into=kept).update(merged_into=other)
    empty = {name: None if name == "birth_date" else "" for name in one.filled}
    taken_over = {name: value for name, value in empty.items() if getattr(kept, name) == getattr(other, name)}
    if taken_over:
        correct_person(person=kept, changes=taken_over, actor=actor, at=at)
