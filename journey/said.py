"""What was said to a family about its hearing: messages, and what somebody told it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext

from core.actors import Actor
from core.look import Pill, short_weekday
from core.questions import question
from hearings.models.tellings import ANSWERS, told_of
from hearings.policies import can_tell
from journey.families import Family
from journey.reached import Word, is_wrong, plan_of, prefixes_of, why_nothing, word_of
from messaging.models import Message
from places import zones
from words.ladder import ladder

MOST_MESSAGES = 12
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
class Said:
    """All that was said, and whether the family knows of the hearing ahead; how to note it where it does not."""

    rows: Sequence[SaidRow]
    word: Word | None
    look: UUID
    may_tell: bool

    @property
    def is_untold(self) -> bool:
        """Whether somebody must still tell them."""
        return self.word is not None and not self.word.is_reached

    @property
    def answers(self) -> Sequence[tuple[str, str, Any]]:
        """What can be noted."""
        return ANSWERS


def said_to(family: Family, *, is_agreed: bool, actor: Actor, now: datetime) -> Said:
    """What was said to `family` (`family_of`), which agreed to messages or not. One query."""
    messages = _newest(about=family.household.uid)[::-1]
    hearing: Any = family.hearing
    word = None
    if hearing is not None and hearing.present_at > now:
        prefixes = prefixes_of(hearing)
        word = word_of([each for each in messages if plan_of(each) in prefixes], hearing)
        if not word.is_reached and not word.why:
            has_address = any(member.person.phone or member.person.email for member in family.members)
            word = Word(word.pill, is_reached=False, why=why_nothing(is_agreed=is_agreed, has_address=has_address))
    return Said(
        rows=[*_messages(family, messages[-MOST_MESSAGES:]), *_told(family)],
        word=word,
        look=uuid4(),
        may_tell=can_tell(actor, family.household),
    )


@question
def _newest(*, about: UUID) -> QuerySet[Message]:
    messages = Message.objects.about(about).exclude(status=Message.Status.WITHDRAWN)
    plain = messages.defer("address", "title", "body", "pieces").annotate(is_wrong=is_wrong())
    return plain.order_by("-due_at", "-pk")[:FETCHED]


def _messages(family: Family, messages: Sequence[Message]) -> Iterator[SaidRow]:
    names = {member.person.uid: member.first_name for member in family.members}
    for each in messages:
        when = _when(each.sent_at or each.due_at, family)
        yield SaidRow(when, _rung(each.rung), names.get(each.recipient, ""), each.pill)


def _told(family: Family) -> Iterator[SaidRow]:
    hearing: Any = family.hearing
    for each in told_of(hearing) if hearing is not None else ():
        yield SaidRow(_when(each.at, family), each.by, "", each.pill)


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
