"""Whether a family knows of a hearing, or that it is off, by a message or from somebody who told it (docs/adr/not-reached.md).

One rule, said twice: as a question to the database (`not_reached`, for lists and counts) and of one hearing (`Word`, for its pill). A
test holds the two together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import CharField, Exists, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from cases.states import CLOSED
from core.look import Pill
from core.look.parts import Text
from hearings.models import Hearing, HearingQuerySet
from hearings.models.tellings import told_of, was_told, was_told_otherwise
from journey.reminder_words import GIVES_AWAY
from journey.reminders import PURPOSE, prefix_of, version_of
from messaging.models import Message, MessageQuerySet, Number
from words.ladder import ladder

Status = Message.Status
WAITING = (Status.PLANNED, Status.CLAIMED, Status.UNCERTAIN)
# A later step of the ladder was due as well, or a later version counts: no word of whether they know.
OVERTAKEN = ("overtaken", "superseded")
LOST = Q(status=Status.FAILED) | Q(status=Status.SKIPPED) & ~Q(error_code__in=OVERTAKEN)

NOT_REACHED = Pill("warn", "phone-off", _("Not reached"))
WRONG_NUMBER = "wrong_number"
WHYS: dict[str, Text] = {
    WRONG_NUMBER: _("The number is somebody else’s"),
    "stopped": _("They asked for no more messages"),
    "no_consent": _("They did not agree to messages"),
    "no_address": _("They have no phone and no e-mail"),
    GIVES_AWAY: _("The words would have given them away"),
    "gives_away": _("The words would have given them away"),
    "expired": _("The message came too late"),
}
TOLD_OTHERWISE: Text = _("This changed, and they still believe what they were told before")
TOLD_OF_WHAT_IS_OFF: Text = _("It is off, and they still believe the earlier date")
CASE_CLOSED = Pill("calm", "lock", _("Case closed"))
OFF = Pill("calm", "calendar-off", _("It is off"))
NO_WAY_LEFT: Text = _("No message got through")
NOTHING_PLANNED: Text = _("No message is planned: it was too late for one, or no way to them is left")


@dataclass(frozen=True, slots=True)
class Word:
    """What is known of whether a family was told of the version of its hearing that counts. `why` says why it was not."""

    pill: Pill
    is_reached: bool = True
    why: str = ""


# ---- asked of the database


def not_reached(hearings: HearingQuerySet, now: datetime) -> HearingQuerySet:
    """Those of `hearings` whose people should know the version that counts and nobody told them, by any way.

    Within the ladder everybody should; at any distance those whom somebody told of an earlier date. Of one that is off those should
    who may still go there. Nothing is told of what may still be undone.
    """
    days = max(rung.days_before for rung in ladder().rungs)
    # One arm for each status, so that either finds its own index.
    standing = Q(status=Hearing.Status.SCHEDULED, present_at__gte=now) & _untold()
    off = Q(status=Hearing.Status.CANCELLED, present_at__gte=now) & _untold_that_it_is_off()
    found = hearings.exclude(held_until__gt=now).exclude(household__step__in=CLOSED).filter(due_within(days, now))
    return found.filter(standing | off).order_by("present_at", "pk")


def due_within(days: int, now: datetime) -> Q:
    """That people should know of a hearing by `now`, where those should who present within `days`."""
    return Q(present_at__lt=now + timedelta(days=days)) | was_told_otherwise()


@cache  # sub-selects, put together once
def _untold() -> Q:
    waiting = Exists(about_version().filter(status__in=WAITING))
    return _never_heard() & (Q(_lost()) | ~Q(waiting) | was_told_otherwise())


@cache
def _untold_that_it_is_off() -> Q:
    """That they were told of a date that is off, and nobody took that back; another hearing at that moment keeps it true."""
    same = Hearing.objects.standing().filter(household=OuterRef("household"), present_at=OuterRef("present_at"))
    return _never_heard() & (Q(_lost()) | was_told_otherwise()) & ~Q(Exists(same))


def _never_heard() -> Q:
    """That nobody told them of the version that counts, and no message did."""
    return ~Q(was_told()) & ~Q(Exists(about_version().filter(status=Status.SENT).exclude(is_wrong())))


def _lost() -> Exists:
    """That a message about the version that counts did not reach them."""
    return Exists(about_version().filter(LOST | Q(status=Status.SENT) & Q(is_wrong())))


def about_version() -> MessageQuerySet:
    """The reminders of the version that counts, of a hearing in the outer query."""
    version = OuterRef("version")
    key = Cast(version, CharField())
    earlier = Func(OuterRef("restored"), key, function="jsonb_extract_path_text", output_field=CharField())
    same = [_prefix(key), _prefix(Coalesce(earlier, Value("none")))]
    about = Message.objects.filter(subject=OuterRef("household__uid"), purpose=PURPOSE).order_by()
    return about.filter(Q(plan_key__startswith=same[0]) | Q(plan_key__startswith=same[1]))


def _prefix(version: Any) -> Concat:
    """What the plan keys of `version` of the hearing in the outer query begin with, as `reminders.prefix_of` makes them."""
    return Concat(Value("hearing:"), Cast(OuterRef("uid"), CharField()), Value(":"), version, Value(":"))


def is_wrong() -> Exists:
    """That the number of a message in the outer query is somebody else's."""
    return Exists(Number.objects.filter(token=OuterRef("token"), wrong_at__isnull=False))


# ---- asked of one hearing


def words_of(hearings: Iterable[Hearing]) -> dict[int, Word]:
    """For each of `hearings` (`with_tellings`), whether its people were told; one query."""
    hearings = list(hearings)
    prefixes = {prefix: hearing.pk for hearing in hearings for prefix in prefixes_of(hearing)}
    said: dict[int, list[Any]] = {hearing.pk: [] for hearing in hearings}
    messages = (
        Message.objects.about(*{hearing.household.uid for hearing in hearings})
        .filter(purpose=PURPOSE)
        .defer("address", "title", "body", "pieces")
        .annotate(is_wrong=is_wrong())
        .order_by("due_at", "pk")
    )
    for message in messages:
        key = prefixes.get(plan_of(message))
        if key is not None:
            said[key].append(message)
    return {hearing.pk: word_of(said[hearing.pk], hearing) for hearing in hearings}


def prefixes_of(hearing: Hearing) -> list[str]:
    """What the plans of the reminders of its present version are called, and of an earlier one that says the same."""
    return [f"{prefix_of(hearing)}{version}" for version in hearing.same_versions]


def plan_of(message: Message) -> str:
    """Which version of which hearing a reminder is about, as `prefixes_of` calls it."""
    return version_of(message.plan_key)


def word_of(messages: Sequence[Any], hearing: Any) -> Word:
    """What `messages` about the version of `hearing` (`with_tellings`) that counts, in order, each with `is_wrong`, and people told."""
    if hearing.household.step in CLOSED:
        return Word(CASE_CLOSED)
    told = told_of(hearing)
    if by_hand := [each for each in told if each.way]:
        return Word(by_hand[-1].pill)
    if heard := [each for each in messages if each.status == Status.SENT and not each.is_wrong]:
        return Word(heard[-1].pill)
    lost = [each for each in messages if _is_lost(each)]
    waiting = [each for each in messages if each.status in WAITING]
    if hearing.is_told_otherwise:
        why = TOLD_OF_WHAT_IS_OFF if hearing.is_off else TOLD_OTHERWISE
        return Word(told[-1].pill if told else NOT_REACHED, is_reached=False, why=str(why))
    if not lost and (waiting or hearing.is_off):
        return Word(waiting[0].pill if waiting else OFF)
    pill = told[-1].pill if told else lost[-1].pill if lost and lost[-1].status == Status.FAILED else NOT_REACHED
    return Word(pill, is_reached=False, why=_why(lost[-1]) if lost else "")


def _is_lost(message: Any) -> bool:
    if message.status == Status.SENT:
        return bool(message.is_wrong)
    is_left_out = message.status == Status.SKIPPED and message.error_code not in OVERTAKEN
    return message.status == Status.FAILED or is_left_out


def _why(message: Any) -> str:
    code = WRONG_NUMBER if message.status == Status.SENT else message.error_code
    return str(WHYS.get(code, NO_WAY_LEFT))


def why_nothing(*, is_agreed: bool, has_address: bool) -> str:
    """Why no message was even planned."""
    if not is_agreed:
        return str(WHYS["no_consent"])
    return str(NOTHING_PLANNED if has_address else WHYS["no_address"])
