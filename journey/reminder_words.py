"""What reminders say on the day they are sent: that day's phone, language and hearing, in the texts in force.

Composing is asked by the sweep, for as many messages at a time as a sender takes in hand; what no longer holds is left out.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings

from cases.models import Household, Person
from core.actors import Actor
from hearings.models import Hearing
from journey import reminders
from journey.reminder_facts import Facts
from journey.ways import Way, draft_for
from messaging.composing import Draft, Later, Skip, Worded, composes
from messaging.models import Message
from places import zones
from words.book import Book, language_for
from words.discretion import give_away
from words.ladder import ladder
from words.models import Purpose
from words.models import Way as TextWay
from words.rendering import worded
from words.tongues import Surety

WRITTEN, SPOKEN = TextWay.WRITTEN, TextWay.SPOKEN
IN_TIME = timedelta(minutes=15)  # what is no later than this is sent as it was planned
GIVES_AWAY = "would_give_away"  # left out, and the family is among those not reached: somebody must call


@composes(reminders.PURPOSE)
def compose(messages: Sequence[Message], actor: Actor, at: datetime) -> list[Worded]:
    """Word reminders as of `at` for each way to their readers, or say why one is not to go, or not in the night."""
    facts = Facts(messages, actor, at)
    return [_worded(message, facts) for message in messages]


def _worded(message: Message, facts: Facts) -> Worded:
    hearing = facts.hearing_of(message)
    if hearing is None or not _still_holds(message, hearing):
        return Skip("superseded")
    if facts.is_overtaken(message) and message.rung not in reminders.NEWS:
        return Skip("overtaken")
    if morning := _morning_to_wait_for(message, hearing, facts):
        return Later(morning, "quiet_hours")
    return _draft(message, hearing, facts)


def _draft(message: Message, hearing: Hearing, facts: Facts) -> Draft | Skip:
    """The words for each way to the reader, where there is one that may be taken and they give nobody away."""
    agreed_at = hearing.agreed_at  # type: ignore[attr-defined]
    if agreed_at is None:
        return Skip("no_consent")
    people = facts.people_of(hearing)
    person = next((each for each in people if each.uid == message.recipient), None)
    draft = person and draft_for(person, agreed_at=agreed_at, word=_wording(message, hearing, facts.texts, facts.at))
    if not draft:
        return Skip("no_address")
    said = {(each.language, each.title, each.body) for each in (draft, *draft.otherwise)}
    if any(_gives_away(f"{title} {body}", language, hearing.household, people) for language, title, body in said):
        return Skip(GIVES_AWAY)
    return draft


def _wording(message: Message, hearing: Hearing, texts: Book, at: datetime) -> Callable[[Way], Draft]:
    """What words the message for one way or another."""
    wall = zones.local(hearing.present_at, hearing.report_zone or hearing.court_zone)
    asleep = zones.local(at, reminders.sleeps_zone_of(hearing.household))
    says, language = purpose_of(message.rung, wall=wall, now=asleep), hearing.household.language

    def word(way: Way) -> Draft:
        purpose = says if way.is_private else Purpose.SHARED
        heard = SPOKEN if way.channel == Message.Channel.VOICE else WRITTEN
        text = texts[purpose, language_for(language), heard]
        words = worded(text, wall=wall, surety=_surety(hearing), phone=settings.OFFICE_PHONE, asked=language)
        return Draft(
            channel=way.channel,
            address=way.address,
            language=words.language,
            title=words.title,
            body=words.body,
            template=purpose,
            pieces=words.pieces,
        )

    return word


def purpose_of(rung: str, *, wall: datetime, now: datetime) -> Purpose:
    """What the step `rung` of the ladder says to someone whose clock shows `now` and who presents at `wall` (local moments).

    Nobody is told "tomorrow" of a day that is not: after days without a sweep, or where the night moved a step to the day before.
    """
    if rung in reminders.NEWS:
        return Purpose(rung)
    step = ladder().rung(rung)
    says = step.says if step else Purpose.AHEAD
    is_tomorrow = (wall.date() - now.date()).days == 1
    return Purpose.AHEAD if says in (Purpose.TOMORROW, Purpose.TONIGHT) and not is_tomorrow else says


def _gives_away(text: str, language: str, household: Household, people: Sequence[Person]) -> bool:
    names = [f"{person.given_names} {person.surnames}" for person in people]
    shelters = [household.guest_site.name] if household.guest_site else []
    return bool(give_away(text, language=language, names=names, shelters=shelters))


def _still_holds(message: Message, hearing: Hearing) -> bool:
    """Whether `message` speaks of the version that counts. That a date is off is said of one that no longer stands."""
    is_off = message.rung == Purpose.CANCELLED
    return hearing.version == message.params["version"] and hearing.stands != is_off


def _morning_to_wait_for(message: Message, hearing: Hearing, facts: Facts) -> datetime | None:
    """The end of the night into which a late run or a further try fell, where nothing comes before it; None where it is to go now.

    What was planned for the night itself (a date that is off before the morning) goes in the night.
    """
    night, zone, at = ladder(), reminders.sleeps_zone_of(hearing.household), facts.at
    if at - message.due_at < IN_TIME or not night.is_quiet(at, zone) or night.is_quiet(message.due_at, zone):
        return None
    morning = night.first_after_quiet(at, zone)
    earlier_at = facts.told_otherwise[hearing.pk].get(message.recipient)
    return morning if morning < reminders.too_late_from(hearing, earlier_at=earlier_at, at=at) else None


def _surety(hearing: Hearing) -> Surety:
    return {
        Hearing.Basis.DOCUMENTED: Surety.SURE,
        Hearing.Basis.ESTIMATED: Surety.ESTIMATED,
    }.get(Hearing.Basis(hearing.report_basis), Surety.UNKNOWN)
