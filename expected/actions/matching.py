"""Saying which arrival is which announced household: the machine where it is sure, else a person.

A list that comes in and an arrival that is being compared both hold the row of their site, so that neither misses the other.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.models import SAME_COMING, Arrival, Household, Person
from core.actors import Actor
from core.errors import DomainError, naming_violations
from expected import policies
from expected.candidates import Candidates, tokens_of, with_people
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedHouseholdQuerySet, Pairing
from expected.rules import Likeness, Reason, settled, worth_asking
from places.models import Site

# A family announced for one day that crosses after midnight is still that family.
LATE = timedelta(days=1)


class AlreadyPaired(DomainError):
    """The arrival or the announced household was matched to another one meanwhile."""

    code = "already_paired"
    message = _("This was decided meanwhile. Look at the list again.")


class NotPaired(DomainError):
    """There is no match to undo."""

    code = "not_paired"
    message = _("This family is not matched any more.")


@transaction.atomic
def compare_arrivals(*, arrivals: Iterable[int], actor: Actor, at: datetime) -> None:
    """Compare `arrivals` (keys, of one site) with the lists of their day and of the day before, where there are any.

    A sure match is made; likely ones are offered to a person; what a person refused is not offered again. Running twice changes
    nothing. Raises NotAllowed.
    """
    waiting = _unpaired(Arrival.objects.filter(pk__in=list(arrivals)))
    for site_id in sorted(set(waiting.values_list("site_id", flat=True))):
        policies.check_can_compare(actor, site_id)
        Site.objects.select_for_update(no_key=True).get(pk=site_id)
        here = list(waiting.filter(site=site_id))  # asked under the lock: a list may have matched some of them just now
        for days, arrived in _by_days_near(here).items():
            _compare(arrived, days, actor, at)


@transaction.atomic
def compare_day(*, day: ExpectedDay, actor: Actor, at: datetime) -> None:
    """Compare everybody who came on `day` or on the day after with its list. Raises NotAllowed."""
    policies.check_can_compare(actor, day.site_id)
    came = Arrival.objects.filter(site=day.site_id, occurred_at__gte=day.begins_at, occurred_at__lt=day.ends_at + LATE)
    _compare(list(_unpaired(came)), [day], actor, at)


@transaction.atomic
def compare_files(*, files: Iterable[UUID], actor: Actor, at: datetime) -> None:
    """Compare anew whoever came by `files` (uids of households), which were merged or are two again, and ask no more what was answered
    for either of them. Raises NotAllowed.
    """
    households = Household.with_merged.filter(uid__in=list(files))
    arrivals = list(Arrival.objects.filter(household__in=households).select_related("household"))
    compare_arrivals(arrivals=[arrival.pk for arrival in arrivals], actor=actor, at=at)
    for arrival in arrivals:
        policies.check_can_compare(actor, arrival.site_id)
        offered = Pairing.objects.offered().filter(arrival=arrival)
        if Pairing.objects.matched().filter(_of_coming(arrival)).exists():
            offered.delete()
        refused = Pairing.objects.refused().filter(_of_family(arrival))
        offered.filter(household__in=refused.values("household")).delete()


@transaction.atomic
def answer_offer(*, pairing: Pairing, is_same: bool, actor: Actor, at: datetime) -> None:
    """Say that an offered `pairing` is the same family, or that it is not, which is remembered, by whichever of their arrivals it was
    asked. Raises NotAllowed, AlreadyPaired.
    """
    household = pairing.household
    policies.check_can_compare(actor, household.day.site_id)
    if not Pairing.objects.offered().select_for_update().filter(pk=pairing.pk).exists():
        raise AlreadyPaired()
    if is_same:
        _match(household, pairing.arrival, Likeness(pairing.likeness, Reason.TOLD, is_sure=True), actor, at)
    else:
        _refuse(pairing, actor, at)
        Pairing.objects.offered().filter(_of_family(pairing.arrival), household=household).delete()
        record(
            EventType.EXPECTED_REFUSED,
            subject=household.day,
            actor=actor,
            at=at,
            household=pairing.arrival.household.uid,
        )


@transaction.atomic
def undo_match(*, household: ExpectedHousehold, actor: Actor, at: datetime) -> None:
    """Say that the family matched to `household` is not it after all, and look again for both. Raises NotAllowed, NotPaired."""
    policies.check_can_compare(actor, household.day.site_id)
    Site.objects.select_for_update(no_key=True).get(pk=household.day.site_id)
    pairing = Pairing.objects.matched().filter(household=household).select_related("arrival__household").first()
    if pairing is None:
        raise NotPaired()
    _refuse(pairing, actor, at)
    record(
        EventType.EXPECTED_UNDONE, subject=household.day, actor=actor, at=at, household=pairing.arrival.household.uid
    )
    compare_day(day=household.day, actor=actor, at=at)


@transaction.atomic
def open_entry(*, household: ExpectedHousehold, actor: Actor, at: datetime) -> UUID:
    """The id for the arrival form that `actor` opens from the row of `household`: what is saved under it is matched without a
    question. Raises NotAllowed, AlreadyPaired.
    """
    policies.check_can_compare(actor, household.day.site_id)
    if Pairing.objects.matched().filter(household=household).exists():
        raise AlreadyPaired()
    household.opened_as = uuid4()
    household.save(update_fields=["opened_as"])
    return household.opened_as


def _refuse(pairing: Pairing, actor: Actor, at: datetime) -> None:
    pairing.standing, pairing.decided_at, pairing.decided_by = Pairing.Standing.REFUSED, at, actor.id
    pairing.save(update_fields=["standing", "decided_at", "decided_by"])


def _unpaired(arrivals: "QuerySet[Arrival]") -> "QuerySet[Arrival]":
    """First returns among `arrivals` that nobody was matched to, with their people."""
    matched = Pairing.objects.matched().of_coming()
    people = Prefetch("household__people", Person.objects.defer("phone", "email", "notes").order_by("position"))
    return (
        arrivals.filter(~Exists(matched), kind=Arrival.Kind.FIRST_RETURN, household__merged_into=None)
        .select_related("household")
        .prefetch_related(people)
        .order_by("occurred_at", "pk")
    )


def _by_days_near(arrivals: Sequence[Arrival]) -> dict[tuple[ExpectedDay, ...], list[Arrival]]:
    """`arrivals` (of one site) by the days on whose lists they may stand: that on which they came and the day before, where a list
    came for them. One query.
    """
    moments = [arrival.occurred_at for arrival in arrivals]
    found: dict[tuple[ExpectedDay, ...], list[Arrival]] = {}
    if not moments:
        return found
    days = list(
        ExpectedDay.objects.filter(
            site=arrivals[0].site_id, begins_at__lte=max(moments), ends_at__gt=min(moments) - LATE
        ).order_by("begins_at")
    )
    for arrival in arrivals:
        at = arrival.occurred_at
        near = tuple(day for day in days if day.begins_at <= at < day.ends_at + LATE)
        found.setdefault(near, []).append(arrival)
    return found


def _compare(arrivals: Sequence[Arrival], days: Sequence[ExpectedDay], actor: Actor, at: datetime) -> None:
    """Match what is sure over all of `arrivals` first, then offer what is likely of the rest."""
    if not (arrivals and days):
        return
    candidates = Candidates(with_people(_candidates_for(arrivals, days)))
    refused = _refused({arrival.household_id for arrival in arrivals})
    rest: list[tuple[Arrival, dict[int, Likeness]]] = []
    for arrival in arrivals:
        alike = _like(arrival, candidates, refused)
        key = settled(alike)
        if key is None:
            rest.append((arrival, alike))
        else:
            _match(candidates.take(key), arrival, alike[key], actor, at)
    Pairing.objects.offered().filter(arrival__in=[arrival for arrival, _alike in rest]).delete()
    Pairing.objects.bulk_create(
        _offer(candidates.households[key], arrival, alike[key])
        for arrival, alike in rest
        for key in worth_asking({key: each for key, each in alike.items() if key in candidates.left})
    )


def _candidates_for(arrivals: Sequence[Arrival], days: Sequence[ExpectedDay]) -> ExpectedHouseholdQuerySet:
    """Standing households of `days` that did not come and share a token with one of `arrivals`, or were opened as one."""
    tokens = {token for arrival in arrivals for person in arrival.household.people.all() for token in tokens_of(person)}
    shares = Q(people__tokens__overlap=sorted(tokens)) if tokens else Q(pk__in=[])
    return (
        ExpectedHousehold.objects.standing()
        .unmatched()
        .filter(Q(opened_as__in=[arrival.uid for arrival in arrivals]) | shares, day__in=days)
        .distinct()
    )


def _refused(families: Collection[int]) -> set[tuple[int, int]]:
    """The announced households that a person said not to be one of `families` (keys of files that stand), with that family."""
    family = Coalesce("arrival__household__merged_into", "arrival__household")
    said = Pairing.objects.refused().filter(arrival__household__in=_files_of(families))
    return set(said.values_list("household_id", family))


def _files_of(families: Collection[int]) -> "QuerySet[Household]":
    """The files of `families`, with those that were merged into them."""
    return Household.with_merged.filter(Q(pk__in=families) | Q(merged_into__in=families))


def _of_family(arrival: Arrival) -> Q:
    """That a pairing is of the family of `arrival`, whichever of its files and arrivals it names."""
    file = arrival.household
    return Q(arrival__household__in=_files_of([file.merged_into_id or file.pk]))


def _of_coming(arrival: Arrival) -> Q:
    """That a pairing is of the same coming over the bridge as `arrival`, which may have been written down twice."""
    at = arrival.occurred_at
    same = Q(arrival__occurred_at__gt=at - SAME_COMING, arrival__occurred_at__lt=at + SAME_COMING)
    return Q(arrival=arrival) | (_of_family(arrival) & same & Q(arrival__kind=arrival.kind))


def _like(arrival: Arrival, candidates: Candidates, refused: set[tuple[int, int]]) -> dict[int, Likeness]:
    """How alike each candidate is; the one whose row the arrival was logged from is sure."""
    opened = [key for key in candidates.left if candidates.households[key].opened_as == arrival.uid]
    if opened:
        return {opened[0]: Likeness(100.0, Reason.OPENED, is_sure=True)}
    people = list(arrival.household.people.all())
    if not people:
        return {}
    alike = candidates.like(people)
    return {key: each for key, each in alike.items() if (key, arrival.household_id) not in refused}


def _offer(household: ExpectedHousehold, arrival: Arrival, alike: Likeness) -> Pairing:
    return Pairing(
        household=household,
        arrival=arrival,
        standing=Pairing.Standing.OFFERED,
        reason=alike.reason,
        likeness=round(alike.score),
    )


def _match(household: ExpectedHousehold, arrival: Arrival, alike: Likeness, actor: Actor, at: datetime) -> None:
    """Write that `arrival` is `household`; other offers to either are moot. Raises AlreadyPaired."""
    with naming_violations(
        {
            "expected_pairing_one_arrival_per_household": AlreadyPaired,
            "expected_pairing_one_household_per_arrival": AlreadyPaired,
        }
    ):
        Pairing.objects.update_or_create(
            household=household,
            arrival=arrival,
            defaults={
                "standing": Pairing.Standing.MATCHED,
                "reason": alike.reason,
                "likeness": round(alike.score),
                "decided_at": at,
                "decided_by": actor.id,
            },
        )
    Pairing.objects.offered().filter(Q(household=household) | _of_coming(arrival)).delete()
    record(
        EventType.EXPECTED_MATCHED,
        subject=household.day,
        actor=actor,
        at=at,
        household=arrival.household.uid,
        reason=alike.reason,
    )
