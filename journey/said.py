"""What was said to a family about its hearings: messages, and what somebody told it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cases.states import CLOSED
from core.actors import Actor
from core.look import Pill, short_weekday
from core.questions import question
from hearings.models import Hearing
from hearings.models.tellings import ANSWERS, told_of
from hearings.policies import can_tell
from journey.families import Family
from journey.reached import Word, is_wrong, plan_of, prefixes_of, why_nothing, word_of
from journey.reminders import prefix_of
from messaging.models import Message
from places import zones
from words.ladder import ladder

MOST_SENT, NEXT_PLANNED = 10, 2  # what is shown; what waits after that is folded
FETCHED = 60
OTHER_STEPS = {
    "night_before": gettext_lazy("the evening before"),
    "departure": gettext_lazy("before leaving"),
    "changed": gettext_lazy("the new date"),
    "cancelled": gettext_lazy("the date no longer holds"),
}


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A message to the family, or that somebody told it: when, which of the ladder, to whom or by whom, and its fate."""

    when: str
    rung: str
    to: str
    pill: Pill


@dataclass(frozen=True, slots=True)
class Untold:
    """A hearing of which somebody must still tell them, or that it is off, and why no message did."""

    hearing: Hearing
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What was said and goes out next, what is `planned` after that, what somebody must still tell them, how each hearing was told."""

    rows: Sequence[SaidRow]
    planned: Sequence[SaidRow]
    untold: Sequence[Untold]
    words: Mapping[int, Word]
    is_closed: bool
    look: UUID
    may_tell: bool

    @property
    def is_untold(self) -> bool:
        """Whether somebody must still tell them."""
        return bool(self.untold)

    @property
    def answers(self) -> Sequence[tuple[str, str, Any]]:
        """What can be noted."""
        return ANSWERS


def said_to(family: Family, *, is_agreed: bool, actor: Actor, now: datetime) -> Said:
    """What was said to `family` (`family_of`), which agreed to messages or not. One query."""
    messages = _newest(about=family.household.uid)[::-1]
    ahead = [hearing for hearing in family.told_of if hearing.present_at > now]
    words = {hearing.pk: _word(hearing, messages, family, is_agreed) for hearing in ahead}
    shown, folded = _parted(messages)
    return Said(
        rows=[*_messages(family, shown), *_told(family)],
        planned=[*_messages(family, folded)],
        untold=[
            Untold(each, _title(each, family), words[each.pk].why) for each in ahead if not words[each.pk].is_reached
        ],
        words=words,
        is_closed=family.household.step in CLOSED,
        look=uuid4(),
        may_tell=can_tell(actor, family.household),
    )


def _word(hearing: Hearing, messages: Sequence[Message], family: Family, is_agreed: bool) -> Word:
    prefixes = prefixes_of(hearing)
    word = word_of([each for each in messages if plan_of(each) in prefixes], hearing)
    if word.is_reached or word.why:
        return word
    has_address = any(member.person.phone or member.person.email for member in family.members)
    return replace(word, why=why_nothing(is_agreed=is_agreed, has_address=has_address))


def _title(hearing: Hearing, family: Family) -> str:
    """What nobody has told them; of several hearings which one is meant."""
    if hearing.is_off:
        return _("Nobody has told them that %(day)s is off") % {"day": _day(hearing)}
    if family.later:
        return _("Nobody has told them of the hearing of %(day)s") % {"day": _day(hearing)}
    return _("Nobody has told them of this hearing")


def _day(hearing: Hearing) -> str:
    """The day on which they present."""
    return short_weekday(hearing.report_on or hearing.court_on)


@question
def _newest(*, about: UUID) -> QuerySet[Message]:
    messages = Message.objects.about(about).exclude(status=Message.Status.WITHDRAWN)
    plain = messages.defer("address", "title", "body", "pieces").annotate(is_wrong=is_wrong())
    return plain.order_by("-due_at", "-pk")[:FETCHED]


def _parted(messages: Sequence[Message]) -> tuple[Sequence[Message], Sequence[Message]]:
    """Of `messages` (by their hour) the last that left and the next that will, and what is planned after those."""
    waiting = [each for each in messages if each.status == Message.Status.PLANNED]
    gone = [each for each in messages if each.status != Message.Status.PLANNED]
    count = NEXT_PLANNED if len(waiting) > NEXT_PLANNED + 1 else len(waiting)  # one alone is not folded away
    return sorted([*gone[-MOST_SENT:], *waiting[:count]], key=lambda each: each.due_at), waiting[count:]


def _messages(family: Family, messages: Sequence[Message]) -> Iterator[SaidRow]:
    names = {member.person.uid: member.first_name for member in family.members}
    days = _days(family)
    for each in messages:
        when = _when(each.sent_at or each.due_at, family)
        rung = " · ".join(filter(None, [_rung(each.rung), days.get(_of_hearing(each), "")]))
        yield SaidRow(when, rung, names.get(each.recipient, ""), each.pill)


def _of_hearing(message: Message) -> str:
    """What the plans of the hearing that `message` is about begin with, as `prefix_of` makes it."""
    return ":".join([*message.plan_key.split(":")[:2], ""])


def _days(family: Family) -> dict[str, str]:
    """The day of each hearing ahead by what the plans of its reminders begin with; of one alone it need not be told."""
    several = family.told_of if len(family.told_of) > 1 else []
    return {prefix_of(hearing): _day(hearing) for hearing in several}


def _told(family: Family) -> Iterator[SaidRow]:
    days = _days(family)
    for hearing in family.told_of:
        for each in told_of(hearing):
            yield SaidRow(_when(each.at, family), each.by, days.get(prefix_of(hearing), ""), each.pill)


def _when(moment: datetime, family: Family) -> str:
    local = zones.local(moment, family.zone)
    return f"{short_weekday(local)}, {local:%H:%M}"


def _rung(key: str) -> str:
    """Which step of the ladder, or which news, in words; empty for one that is no longer on it."""
    if key in OTHER_STEPS:
        return str(OTHER_STEPS[key])
    rung = ladder().rung(key)
    if rung is None:
        return ""
    days = rung.days_before
    return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}
