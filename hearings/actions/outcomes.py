"""What came of a hearing, and whom somebody asked where nobody knows yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.actions.reopening import stand_at_with_deed
from cases.models import Arrival, Household, Person
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.once import once
from hearings import policies
from hearings.actions import HearingNotStanding, NotOfThisHousehold
from hearings.models import FollowUp, Hearing, Outcome
from hearings.outcome_rules import AHEAD_OF_THE_DAY, MAY_BE_APPEALED, Result, step_of

Status = Hearing.Status


class OutcomeAlreadyNoted(DomainError):
    """Somebody has an outcome of this hearing."""

    code = "outcome_already_noted"
    message = _("What came of this hearing is already noted. Open it to correct it.")


class HearingStillAhead(DomainError):
    """Nobody can have been heard, or have stayed away, before the day."""

    code = "hearing_still_ahead"
    message = _("This hearing is still ahead. Only an authority can end a case before the day; check what you chose.")
    http_status = 422


class NoAppealFromThis(DomainError):
    """Nobody appeals a new date, or an order that was made in absentia."""

    code = "no_appeal_from_this"
    message = _("An appeal can be reserved only from a removal order, from relief or from a case that was terminated.")
    http_status = 422


class NobodyDecided(DomainError):
    """An outcome is of somebody, each once."""

    code = "nobody_decided"
    message = _("Say for whom this was decided, each person once.")
    http_status = 422


class NothingToCorrect(DomainError):
    """No outcome of these people is noted."""

    code = "nothing_to_correct"
    message = _("Nothing is noted yet that could be corrected. Note the outcome instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a hearing brought for `people`."""

    result: Result
    people: Sequence[Person]
    appeal_reserved: bool = False


@transaction.atomic
def note_outcome(
    *,
    hearing: Hearing,
    decisions: Sequence[Decision],
    source: Outcome.Source | str,
    decided_on: date,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> list[Outcome]:
    """Note what came of `hearing` on `decided_on` (the court's date), for each of its people, as `source` says.

    The hearing counts as held, or as cancelled where an authority ended the case before the day. The household stands where the latest
    outcomes of all its people say, unless it came back from court since. Raises NotAllowed, HearingNotStanding, HearingStillAhead,
    NotOfThisHousehold, NobodyDecided, NoAppealFromThis, OutcomeAlreadyNoted.
    """
    policies.check_can_note(actor, hearing.household)
    household, held = _locked(hearing)
    if held.status == Status.CANCELLED:
        raise HearingNotStanding()
    if at < held.present_at and any(each.result not in AHEAD_OF_THE_DAY for each in decisions):
        raise HearingStillAhead()
    outcomes = _written(household, held, decisions, source=source, decided_on=decided_on, note=note, actor=actor, at=at)
    if held.stands:
        held.status = Status.CANCELLED if at < held.present_at else Status.HELD
        held.version += held.status == Status.CANCELLED
        held.save(update_fields=["status", "version"])
    _record(EventType.OUTCOME_NOTED, held, outcomes, household=household, actor=actor, at=at)
    _stand_by_outcomes(household, held, actor, at)
    hearing.refresh_from_db(fields=["status", "version"])
    return outcomes


@transaction.atomic
def correct_outcome(
    *,
    hearing: Hearing,
    decisions: Sequence[Decision],
    source: Outcome.Source | str,
    decided_on: date,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> list[Outcome]:
    """Let other outcomes take the place of those noted of the people of `decisions`; the earlier ones stay in the file.

    What says the same as what is noted, as a second tap does, changes nothing.

    Raises NotAllowed, NothingToCorrect, NotOfThisHousehold, NobodyDecided, NoAppealFromThis.
    """
    policies.check_can_change(actor, hearing.household)
    household, held = _locked(hearing)
    people = [person.pk for each in decisions for person in each.people]
    noted = Outcome.objects.standing().filter(hearing=held, person__in=people)
    if same := _that_say_so(noted, decisions, source=source, decided_on=decided_on, note=note):
        return same
    if not noted.update(replaced_at=at):
        raise NothingToCorrect()
    outcomes = _written(household, held, decisions, source=source, decided_on=decided_on, note=note, actor=actor, at=at)
    _record(EventType.OUTCOME_CORRECTED, held, outcomes, household=household, actor=actor, at=at)
    _stand_by_outcomes(household, held, actor, at)
    return outcomes


@transaction.atomic
def note_follow_up(
    *,
    uid: UUID,
    hearing: Hearing,
    contact: FollowUp.Contact | str,
    answer: FollowUp.Answer | str,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> tuple[FollowUp, bool]:
    """Note that `contact` was asked about the people of `hearing` and what it came to, once per `uid` that a form made.

    Returns it and whether it is new. Raises NotAllowed, SentForAnother.
    """
    policies.check_can_follow_up(actor, hearing.household)
    told = {"contact": contact, "answer": answer, "note": note, "noted_at": at}
    by = {"noted_by": actor.id, "noted_by_name": actor.name}
    asked, is_new = once(
        uid,
        FollowUp.objects.filter(hearing=hearing),
        lambda: FollowUp.objects.create(uid=uid, hearing=hearing, **told, **by),
    )
    if is_new:
        record(
            EventType.FOLLOW_UP_NOTED,
            subject=hearing,
            actor=actor,
            at=at,
            household=hearing.household.uid,
            contact=str(contact),
            answer=str(answer),
        )
    return asked, is_new


def _that_say_so(
    noted: Iterable[Outcome], decisions: Sequence[Decision], *, source: str, decided_on: date, note: str
) -> list[Outcome]:
    """The outcomes of `noted`, where they say just this of just these people; else none."""
    standing = {each.person_id: each for each in noted}
    said = {person.pk: (each.result, each.appeal_reserved) for each in decisions for person in each.people}
    is_same = {key: (each.result, each.appeal_reserved) for key, each in standing.items()} == said and all(
        (each.source, each.decided_on, each.note) == (source, decided_on, note) for each in standing.values()
    )
    return list(standing.values()) if is_same else []


def _locked(hearing: Hearing) -> tuple[Household, Hearing]:
    """The household and its hearing as they are now, locked in the order in which all deeds lock them."""
    households = Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city")
    household = households.get(pk=hearing.household_id)
    return household, Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)


def _written(
    household: Household,
    hearing: Hearing,
    decisions: Sequence[Decision],
    *,
    source: str,
    decided_on: date,
    note: str,
    actor: Actor,
    at: datetime,
) -> list[Outcome]:
    """The outcomes of `decisions`, one a person."""
    people = [person for each in decisions for person in each.people]
    if not people or len({person.pk for person in people}) != len(people):
        raise NobodyDecided()
    if any(person.household_id != household.pk for person in people):
        raise NotOfThisHousehold()
    if any(each.appeal_reserved and each.result not in MAY_BE_APPEALED for each in decisions):
        raise NoAppealFromThis()
    rows = [
        Outcome(
            hearing=hearing,
            person=person,
            result=each.result,
            source="" if each.result == Result.LOST_CONTACT else source,
            decided_on=decided_on,
            appeal_reserved=each.appeal_reserved,
            note=note,
            noted_at=at,
            noted_by=actor.id,
            noted_by_name=actor.name,
        )
        for each in decisions
        for person in each.people
    ]
    with naming_violations({"hearings_outcome_one_standing_per_person": OutcomeAlreadyNoted}):
        return Outcome.objects.bulk_create(rows)


def _stand_by_outcomes(household: Household, hearing: Hearing, actor: Actor, at: datetime) -> None:
    """Let `household` stand where the latest outcomes of its people say.

    Whoever came back from court since is at the bridge or in their place again: there they stay, and the outcome stands in the file.
    """
    back = Arrival.objects.filter(household=household, kind=Arrival.Kind.COURT_RETURN)
    if back.filter(occurred_at__gt=hearing.present_at).exists():
        return
    latest = (
        Outcome.objects.standing()
        .filter(person__household=household, person__merged_into=None)
        .order_by("person_id", "-hearing__court_at", "-pk")
        .distinct("person_id")
    )
    results = [(Result(row.result), row.appeal_reserved) for row in latest]
    stand_at_with_deed(household=household, step=step_of(results, household.people.count()), actor=actor, at=at)


def _record(
    event: EventType, hearing: Hearing, outcomes: Sequence[Outcome], *, household: Household, actor: Actor, at: datetime
) -> None:
    record(
        event,
        subject=hearing,
        actor=actor,
        at=at,
        household=household.uid,
        version=hearing.version,
        results=sorted({str(outcome.result) for outcome in outcomes}),
        source=outcomes[0].source,
        people=len(outcomes),
        appeals=sum(outcome.appeal_reserved for outcome in outcomes),
    )
