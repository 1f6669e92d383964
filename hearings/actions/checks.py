"""Asking the EOIR line: a list for a caller, what the line answered, and what a person makes of calls that disagree."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_of
from accounts.models import User
from audit.actions import record
from audit.models import EventType
from cases.models import Person
from core.actors import Actor, Capability
from core.errors import DomainError, naming_violations
from core.once import once
from hearings import line, policies, rules
from hearings.actions import HearingNotStanding, change_hearing, verify_hearing
from hearings.models import (
    CheckBatch,
    CheckCall,
    Claim,
    Hearing,
    due_for_a_check,
    second_call_wanted,
    with_caller,
)
from places import zones
from places.models import Court, Site

MOST_CALLS = 40
LONGEST = timedelta(hours=12)
Answer = CheckCall.Answer
Found = line.Found


class NotACaller(DomainError):
    """Lists are handed to callers of the site only: they see nothing else."""

    code = "not_a_caller"
    message = _("This account does not call the line here. Ask the administrator to give it that role.")


class CallerHasAList(DomainError):
    """One list at a time, so that what somebody may see stays small."""

    code = "caller_has_a_list"
    message = _("This caller still has a list. End that one first, or wait until it runs out.")


class NothingToAsk(DomainError):
    """No hearing is due, or nobody in those that are has an A-number."""

    code = "nothing_to_ask"
    message = _("No hearing here waits for a call by this person.")


class HandedJustNow(DomainError):
    """Two desks handed out the same hearing at once."""

    code = "handed_just_now"
    message = _("Somebody handed out some of these hearings just now. Try again.")


class ListIsOver(DomainError):
    """The list ended or ran out, or this one was answered."""

    code = "list_is_over"
    message = _("This list has ended. Nothing was noted: ask for a new one.")


class DateNotHeard(DomainError):
    """A date on the line has a day and a time."""

    code = "date_not_heard"
    message = _("Write the day and the time that the line said. If it said none, choose another answer.")
    http_status = 422


class CannotCount(DomainError):
    """The call was settled before, or named no date at a court that we know: that is noted on the family's page."""

    code = "cannot_count"
    message = _(
        "This call cannot count any more, or names no date at a court that we know. Note what it said on the family’s page."
    )


REFUSALS: dict[str, type[DomainError]] = {
    "hearings_checkcall_one_open_per_hearing": HandedJustNow,
    "hearings_checkbatch_one_open_per_caller": CallerHasAList,
}


@transaction.atomic
def hand_batch(
    *, uid: UUID, site: Site, caller: User, count: int, lasts: timedelta, actor: Actor, at: datetime
) -> tuple[CheckBatch, bool]:
    """Hand `caller` the `count` most urgent hearings of `site` (at most `MOST_CALLS`) until `lasts` (at most `LONGEST`) have passed.

    Those that await a second call come first, never to who made the first. Once per `uid` that a form made: returns the list and
    whether it is new. Raises NotAllowed, NotACaller, CallerHasAList, NothingToAsk, HandedJustNow, SentForAnother.
    """
    policies.check_can_hand_out(actor, site)
    among = CheckBatch.objects.filter(site=site, caller=caller)
    ends_at = at + min(lasts, LONGEST)
    batch = CheckBatch(uid=uid, site=site, caller=caller, handed_by=actor.id, handed_at=at, expires_at=ends_at)
    return once(uid, among, lambda: _hand(batch, count, actor))


def _hand(batch: CheckBatch, count: int, actor: Actor) -> CheckBatch:
    """Write `batch` with what is most urgent, and record it."""
    at, standing = batch.handed_at, actor_of(batch.caller)
    if not (policies.is_blind_caller(standing) and standing.works_at(batch.site_id)):
        raise NotACaller()
    _close_what_ran_out(at)
    chosen = _most_urgent(batch.site, batch.caller, min(count, MOST_CALLS), actor, at)
    if not chosen:
        raise NothingToAsk()
    with naming_violations(REFUSALS):
        batch.save(force_insert=True)
        CheckCall.objects.bulk_create(
            CheckCall(batch=batch, hearing=hearing, person=person, position=position)
            for position, (hearing, person) in enumerate(chosen)
        )
    record(EventType.CALLS_HANDED, subject=batch, actor=actor, at=at, caller=batch.caller_id, hearings=len(chosen))
    return batch


@transaction.atomic
def end_batch(*, batch: CheckBatch, actor: Actor, at: datetime) -> CheckBatch:
    """End a list before its time; what was not asked waits for another. By its caller, or who hands out lists. Raises NotAllowed."""
    if str(batch.caller_id) != actor.id or not actor.can(Capability.CHECK_LINE):
        policies.check_can_hand_out(actor, batch.site)
    if CheckBatch.objects.filter(pk=batch.pk, ended_at=None).update(ended_at=at):
        CheckCall.objects.filter(batch=batch).to_make().update(lapsed_at=at)
        record(EventType.CALLS_ENDED, subject=batch, actor=actor, at=at)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def note_line_busy(*, call: CheckCall, tries: int, actor: Actor, at: datetime) -> CheckCall:
    """Put a call to the end of its list: the line did not answer, after `tries` times before, as the page knew: its second tap changes
    nothing. Raises NotAllowed, ListIsOver.
    """
    call = _open_call(call, actor, at)
    if call.tries != tries:
        return call
    call.tries += 1
    call.save(update_fields=["tries"])
    record(EventType.LINE_BUSY, subject=call, actor=actor, at=at, household=call.hearing.household.uid)
    return call


@transaction.atomic
def answer_call(
    *,
    call: CheckCall,
    answer: str,
    actor: Actor,
    at: datetime,
    court_on: date | None = None,
    court_time: time | None = None,
    court: Court | None = None,
) -> CheckCall:
    """Note what the line answered, in the court's wall time, and let follow what follows (`line.found_of_call`).

    `court` is the one that the line named; the caller does not know which one we believe, and learns nothing of what follows. What the
    rules of hearings refuse is left for a person, never guessed at. Raises NotAllowed, ListIsOver, DateNotHeard, zones.NonexistentTime.
    """
    call = _open_call(call, actor, at)
    hearing = call.hearing
    has_date = answer in (Answer.DATE, Answer.OTHER_COURT)
    if has_date and (court_on is None or court_time is None):
        raise DateNotHeard()
    call.answer, call.answered_at, call.version = answer, at, hearing.version
    if has_date:
        call.said_court_on, call.said_court_time = court_on, court_time
        call.said_court = court if answer == Answer.DATE else None
    heard = list(CheckCall.objects.awaiting_second().filter(hearing=hearing).exclude(batch__caller=call.batch.caller))
    found = _found(call, heard, at)
    if found in (Found.AGREES, Found.CHANGED):
        found = _let_count(call, found, actor, at)
    call.finding, call.settled_at = found.value, at if found in line.SETTLED else None
    call.save()
    _close(heard, found, at)
    record(
        EventType.LINE_ANSWERED,
        subject=call,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        answer=answer,
        finding=found.value,
    )
    return call


@transaction.atomic
def settle_calls(*, hearing: Hearing, counts: CheckCall | None, actor: Actor, at: datetime) -> Hearing:
    """Decide what unsettled calls about `hearing` come to: the word of `counts`, or (None) that the line is asked again.

    Raises NotAllowed, HearingNotStanding, CannotCount, and what `change_hearing` raises.
    """
    policies.check_can_change(actor, hearing.household)
    hearing = Hearing.objects.select_for_update(of=("self",)).select_related("household__site__city").get(pk=hearing.pk)
    if not hearing.stands:
        raise HearingNotStanding()
    unsettled = list(CheckCall.objects.unsettled().filter(hearing=hearing))
    if counts is not None:
        if counts.pk not in {call.pk for call in unsettled} or not counts.may_count:
            raise CannotCount()
        _note_word(counts, hearing, actor, at)
    CheckCall.objects.filter(pk__in=[call.pk for call in unsettled]).update(settled_at=at)
    record(
        EventType.CALLS_SETTLED,
        subject=hearing,
        actor=actor,
        at=at,
        household=hearing.household.uid,
        counts=counts is not None,
    )
    return hearing


def _close_what_ran_out(at: datetime) -> None:
    """End the lists whose time is over, and free what was not asked."""
    CheckBatch.objects.filter(ended_at=None, expires_at__lte=at).update(ended_at=at)
    CheckCall.objects.to_make().filter(batch__ended_at__isnull=False).order_by().update(lapsed_at=at)


def _most_urgent(site: Site, caller: User, count: int, actor: Actor, at: datetime) -> list[tuple[Hearing, Person]]:
    """The hearings to ask about with whose number to ask; those without any are passed over."""
    here = Hearing.objects.visible_to(actor).filter(household__site=site).exclude(with_caller(at))
    mine = CheckCall.objects.awaiting_second().filter(batch__caller=caller).values("hearing")
    second = here.filter(second_call_wanted(), court_at__gt=at).exclude(pk__in=mine).order_by("court_at", "pk")
    due = due_for_a_check(here, at).exclude(second_call_wanted())
    likely = [*second[: 3 * count], *due[: 3 * count]]
    asked = _whose_numbers(likely)
    return [(hearing, asked[hearing.pk]) for hearing in likely if hearing.pk in asked][:count]


def _whose_numbers(hearings: Sequence[Hearing]) -> dict[int, Person]:
    """By hearing the first of the summoned, head first, who has an A-number. One query."""
    summoned = Person.objects.filter(summonses__hearing__in=hearings).annotate(called_to=F("summonses__hearing"))
    found: dict[int, Person] = {}
    for person in summoned.in_order():
        if person.a_number:
            found.setdefault(person.called_to, person)  # type: ignore[attr-defined]
    return found


def _open_call(call: CheckCall, actor: Actor, at: datetime) -> CheckCall:
    """The call as it is now, with its hearing locked, while its list still gives access to it."""
    policies.check_is_caller_of(actor, call.batch)
    hearings = Hearing.objects.select_for_update(of=("self",)).select_related("household__site__city", "court__city")
    hearing = hearings.get(pk=call.hearing_id)
    held = (
        CheckCall.objects.to_make().select_for_update(of=("self",)).select_related("batch").filter(pk=call.pk).first()
    )
    if held is None or not held.batch.is_open_at(at):
        raise ListIsOver()
    held.hearing = hearing
    return held


def _found(call: CheckCall, heard: Sequence[CheckCall], at: datetime) -> Found:
    names_another = call.said_court_id not in (None, call.hearing.court_id)
    if call.answer == Answer.OTHER_COURT or names_another:
        return Found.OTHER_COURT
    if call.answer == Answer.DATE:
        shown = call.hearing.court_at
        said = _moment(call, call.hearing)
        return line.found_of_call(said=said, shown=shown, heard=[_moment(each, call.hearing) for each in heard], at=at)
    if call.answer == Answer.NOT_YET:
        return Found.DISAGREES if heard else Found.ASK_AGAIN
    return Found.NOT_FOUND


def _moment(call: CheckCall, hearing: Hearing) -> datetime:
    """The moment that the wall time which the line said means at the hearing's court. Raises zones.NonexistentTime."""
    assert call.said_court_on is not None
    assert call.said_court_time is not None
    return zones.wall_to_utc(rules.wall(call.said_court_on, call.said_court_time), hearing.court_zone)


def _let_count(call: CheckCall, found: Found, actor: Actor, at: datetime) -> Found:
    """Confirm or change the hearing by what the line says; what its rules refuse is for a person."""
    try:
        with transaction.atomic():
            _note_word(call, call.hearing, policies.may_confirm(actor), at)
    except DomainError:
        return Found.CANNOT
    return found


def _note_word(call: CheckCall, hearing: Hearing, actor: Actor, at: datetime) -> None:
    """Let the line's word count: verify what is shown where it is the same, else change it."""
    said_on = hearing.household.day_at(at)
    court = call.said_court if call.said_court_id != hearing.court_id else None
    if court is None and (call.said_court_on, call.said_court_time) == (hearing.court_on, hearing.court_time):
        verify_hearing(hearing=hearing, said_on=said_on, actor=actor, at=at)
    else:
        change_hearing(
            hearing=hearing,
            source=Claim.Source.EOIR_LINE,
            said_on=said_on,
            court=court,
            court_on=call.said_court_on,
            court_time=call.said_court_time,
            actor=actor,
            at=at,
        )


def _close(heard: Sequence[CheckCall], found: Found, at: datetime) -> None:
    """Settle first calls that a second one bore out; those that it contradicts wait with it for a person."""
    keys = [call.pk for call in heard]
    if found is Found.CHANGED:
        CheckCall.objects.filter(pk__in=keys).update(settled_at=at, finding=Found.CHANGED.value)
    else:
        CheckCall.objects.filter(pk__in=keys).update(finding=Found.DISAGREES.value)
