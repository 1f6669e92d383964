"""What people wrote back, as those who speak with them read it: whose number it is, what they said, what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.models import Household
from core.actors import Actor
from core.keyset import keyset_page
from core.look import Pill
from journey.families import Family, families_of
from messaging.models import Reply, ReplyAbout, ReplyQuerySet

PAGE_SIZE = 25

PILLS: dict[str, Pill] = {
    Reply.Meaning.HELP: Pill("stop", "alert-triangle", _("Asks for help")),
    Reply.Meaning.STOP: Pill("warn", "bell-off", _("Wants no more messages")),
    Reply.Meaning.WRONG: Pill("warn", "phone-off", _("Wrong number")),
    Reply.Meaning.UNCLEAR: Pill("calm", "message", _("To be read")),
    Reply.Meaning.YES: Pill("ok", "message-check", _("Yes")),
}
ADVICE = {
    Reply.Meaning.HELP: _("Call them now."),
    Reply.Meaning.STOP: _("Nothing more goes to this number. Tell them their date in person."),
    Reply.Meaning.WRONG: _("Nothing more goes to this number. Find out where they can be reached."),
    Reply.Meaning.UNCLEAR: _("Read it, and answer by phone or in person."),
}
Outcome = Reply.Outcome


@dataclass(frozen=True, slots=True)
class Bearer:
    """A family whose number it was; several may share one phone."""

    uid: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One reply. `number` is shown only where it is nobody's, for there is no file to find it in. A yes is noted by nobody."""

    uid: UUID
    pill: Pill
    advice: str
    text: str
    number: str
    received_at: datetime
    bearers: list[Bearer]
    outcomes: list[tuple[str, str, str]]
    handled_by: str


@dataclass(frozen=True, slots=True)
class Replies:
    """A page of replies, those that wait or those that were dealt with."""

    rows: list[Row]
    households: set[UUID]
    next_cursor: str
    is_open: bool


def replies_for(actor: Actor) -> ReplyQuerySet:
    """The replies that `actor` may read: from numbers of households that it sees, and from numbers that are nobody's."""
    return Reply.objects.among(Household.objects.visible_to(actor).values("uid"))


def replies(*, actor: Actor, now: datetime, is_open: bool = True, cursor: str = "") -> Replies:
    """A page of replies; of those that wait who asks for help comes first, then the oldest; of those dealt with the newest."""
    visible = replies_for(actor)
    found = visible.open().with_turn() if is_open else visible.exclude(handled_at=None)
    by = "turn" if is_open else "handled_at"
    page = keyset_page(found, by=by, cursor=cursor, descending=not is_open, size=PAGE_SIZE)
    families = _families(page.rows, actor, now)
    return Replies(
        rows=[_row(reply, families.get(reply.pk, [])) for reply in page.rows],
        households={family.household.uid for each in families.values() for family in each},
        next_cursor=page.next_cursor,
        is_open=is_open,
    )


def row_of(reply: Reply, *, actor: Actor, now: datetime) -> Row:
    """One reply, as a row of the page."""
    return _row(reply, _families([reply], actor, now).get(reply.pk, []))


def _families(found: Sequence[Reply], actor: Actor, now: datetime) -> dict[int, list[Family]]:
    """The visible families whose numbers these were, by reply."""
    about = list(ReplyAbout.objects.filter(reply__in=found).order_by("reply_id", "subject"))
    subjects = {each.subject for each in about}
    households = list(Household.objects.visible_to(actor).filter(uid__in=subjects).select_related("site__city"))
    by_uid = {each.household.uid: each for each in families_of(households, now=now, actor=actor, hearings={})}
    whose: dict[int, dict[UUID, Family]] = {}
    for each in about:
        if family := by_uid.get(each.subject):
            whose.setdefault(each.reply_id, {})[each.subject] = family
    return {reply: list(theirs.values()) for reply, theirs in whose.items()}


def _row(reply: Reply, families: Sequence[Family]) -> Row:
    meaning = Reply.Meaning(reply.meaning)
    return Row(
        uid=reply.uid,
        pill=PILLS[meaning],
        advice=str(ADVICE.get(meaning, "")),
        text=reply.text,
        number="" if families else reply.address,
        received_at=reply.received_at,
        bearers=[Bearer(each.household.uid, each.household.code, each.title) for each in families],
        outcomes=_outcomes(meaning),
        handled_by="" if meaning == Reply.Meaning.YES else reply.handled_by_name,
    )


def _outcomes(meaning: Reply.Meaning) -> list[tuple[str, str, str]]:
    """What can be noted of it: code, icon, words."""
    offered = [(Outcome.CALLED, "phone"), (Outcome.READ, "check")]
    if meaning == Reply.Meaning.WRONG:
        offered = [(Outcome.CALLED, "phone"), (Outcome.RIGHT, "check")]
    return [(code.value, icon, str(code.label)) for code, icon in offered]
