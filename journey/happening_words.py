"""What the timeline says of each event: icon, tone and sentence. Facts hold ids, codes and counts, so words are made when they are read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import EventType
from cases.aid_kinds import aid_kind
from cases.kinds import paper_kind, test_kind
from cases.models import Consent, CovidTest, Isolation, Tap
from cases.states import Step
from core.look import within
from hearings.models import Claim
from hearings.models.tellings import pill_of
from journey import court_words, legal_words
from journey.families import Family
from journey.movement_words import PLAIN, contact_lost, out_for_a_time
from places import languages
from shelters.discretion import reason_told
from shelters.models import Destination

Facts = Mapping[str, Any]
Sentence = Callable[[Facts, Family], str]


def _plain(words: Callable[[], str]) -> Sentence:
    return lambda facts, family: words()


def _label(choices: Any, value: object) -> str:
    """The reader's word for a stored code; the code itself when the choice is gone."""
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value or "")


def _arrival(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or len(family.members))
    return ngettext("Received at the bridge: %(count)d person", "Received at the bridge: %(count)d people", count) % {
        "count": count
    }


def _step(facts: Facts, family: Family) -> str:
    step = _label(Step, facts.get("step")) or str(EventType.STEP_TAKEN.label)
    count = int(facts.get("people") or 0)
    if count and count < len(family.members):
        return _("%(step)s: %(count)d of %(all)d") % {"step": step, "count": count, "all": len(family.members)}
    return step


def _returned(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or len(family.members))
    return ngettext("Back from court: %(count)d person", "Back from court: %(count)d people", count) % {"count": count}


def _taken_back(facts: Facts, family: Family) -> str:
    what = within(_label(Tap.Kind, facts.get("kind")))
    return _("Taken back, it was a slip: %(what)s") % {"what": what}


def _corrected(facts: Facts, family: Family) -> str:
    reason = within(_label(CovidTest.Correction, facts.get("reason")))
    return _("Result of a test corrected: %(reason)s") % {"reason": reason}


def _isolation_planned(facts: Facts, family: Family) -> str:
    return _("Isolation planned: %(way)s") % {"way": within(_label(Isolation.Way, facts.get("way")))}


def _document(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or 0)
    kind = paper_kind(str(facts.get("kind") or "")).short
    return ngettext("%(kind)s given to %(count)d person", "%(kind)s given to %(count)d people", count) % {
        "kind": kind,
        "count": count,
    }


def _document_corrected(facts: Facts, family: Family) -> str:
    return _("Dates of the document corrected: %(kind)s") % {"kind": paper_kind(str(facts.get("kind") or "")).short}


def _tests(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or 0)
    return ngettext("%(count)d test taken: %(kind)s", "%(count)d tests taken: %(kind)s", count) % {
        "count": count,
        "kind": within(test_kind(str(facts.get("kind") or "")).short),
    }


def _place(facts: Facts, family: Family) -> str:
    """Shelter and room, where somebody of the family sleeps or slept there."""
    unit, shelter = facts.get("unit"), facts.get("shelter")
    sleeps = [sleep for member in family.members for sleep in member.sleeps]
    rooms = (sleep.place for sleep in sleeps if unit and sleep.unit_id == unit)
    houses = (sleep.shelter for sleep in sleeps if sleep.shelter_id == shelter)
    return next(rooms, "") or next(houses, "")


def _told(facts: Facts, family: Family) -> str:
    """How somebody told them of their hearing."""
    return str(pill_of(str(facts.get("way") or "")).text)


def _stay_begun(facts: Facts, family: Family) -> str:
    place = _place(facts, family)
    if facts.get("over"):
        return _("Placed over capacity: %(place)s") % {"place": place}
    return _("Placed: %(place)s") % {"place": place} if place else _("Place given")


def _stay_ended(facts: Facts, family: Family) -> str:
    place, to = _place(facts, family), facts.get("destination")
    reason = reason_told(str(facts.get("reason") or ""), sees_health=False)  # roles that may see it read the step
    words = _("Left %(place)s") % {"place": place} if place else _("Stay ended")
    destination = _label(Destination, to) if to != Destination.SHELTER else ""
    return " · ".join([words, *(within(each) for each in (reason, destination) if each)])


def _merged_files(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or 1)
    return ngettext("Two files of one person became one", "Two files became one: %(count)d people", count) % {
        "count": count
    }


def _consent(facts: Facts, family: Family) -> str:
    """What they answered this time: an answer about one purpose says nothing of the others."""
    yes, no = (
        "; ".join(within(_label(Consent.Purpose, each)) for each in facts.get(key) or [])
        for key in ("given", "refused")
    )
    told = [_("They agreed to: %(what)s") % {"what": yes}] if yes else []
    told += [_("They said no to: %(what)s") % {"what": no}] if no else []
    return " · ".join(told) or _("They agreed to nothing")


def _aid(facts: Facts, family: Family) -> str:
    count, kind = int(facts.get("people") or 0), aid_kind(str(facts.get("kind"))).name
    words = ngettext("%(kind)s for %(count)d person", "%(kind)s for %(count)d people", count)
    told = words % {"kind": kind, "count": count}
    spoken = languages.within_a_line(str(facts["language"])) if facts.get("language") else ""
    return f"{told} · {spoken}" if spoken else told


def _aid_taken_back(facts: Facts, family: Family) -> str:
    return _("Noted by mistake, taken back: %(what)s") % {"what": within(aid_kind(str(facts.get("kind"))).name)}


def _by_source(words: Callable[[], str]) -> Sentence:
    def tell(facts: Facts, family: Family) -> str:
        source = within(_label(Claim.Source, facts["source"])) if facts.get("source") else ""
        return f"{words()} · {source}" if source else words()

    return tell


def _hearing_changed(facts: Facts, family: Family) -> str:
    if facts.get("cause") == "zones":
        return _("The rules of the clocks changed: the hearing is at another moment")
    if facts.get("cause") == "weighed":
        return _("What the sources say was weighed anew: papers count before what was heard")
    if facts.get("cause") == "undone":
        return _("The announcement was undone: the earlier date holds again")
    return _by_source(lambda: _("Hearing changed"))(facts, family)


def _planned(facts: Facts, family: Family) -> str:
    count = int(facts.get("count") or 0)
    return ngettext("%(count)d reminder planned", "%(count)d reminders planned", count) % {"count": count}


def _withdrawn(facts: Facts, family: Family) -> str:
    count = int(facts.get("count") or 0)
    return ngettext("%(count)d reminder withdrawn", "%(count)d reminders withdrawn", count) % {"count": count}


def _sent(facts: Facts, family: Family) -> str:
    if facts.get("may_have_arrived_twice"):
        return _("Reminder sent; it may have arrived twice")
    return _("Reminder sent")


def _arrived(facts: Facts, family: Family) -> str:
    return _("A reminder was read") if facts.get("receipt") == "read" else _("A reminder arrived")


def _replied(facts: Facts, family: Family) -> str:
    said = {
        "yes": _("They answered a reminder: yes"),
        "help": _("They answered a reminder: they ask for help"),
        "stop": _("They answered a reminder: no more messages"),
        "wrong": _("A reminder was answered: wrong number"),
    }
    return said.get(str(facts.get("meaning")), _("They answered a reminder"))


def _with_other(words: Callable[[Facts], str]) -> Sentence:
    """A sentence with the code of the other family, where it may be told."""

    def tell(facts: Facts, family: Family) -> str:
        other = str(facts.get("other") or "")
        return f"{words(facts)} · {other}" if other else words(facts)

    return tell


def _parted(facts: Facts) -> str:
    count = int(facts.get("people") or 0)
    if facts.get("came"):
        return _("Separated from another family")
    words = ngettext(
        "%(count)d person became a family of their own", "%(count)d people became a family of their own", count
    )
    return words % {"count": count}


def _joined(facts: Facts) -> str:
    count = int(facts.get("people") or 0)
    if not facts.get("came"):
        return _("Joined another family")
    return ngettext("%(count)d person joined", "%(count)d people joined", count) % {"count": count}


def _not_here(facts: Facts, family: Family) -> str:
    count = int(facts.get("people") or 0)
    return ngettext("%(count)d person was not with the family", "%(count)d people were not with the family", count) % {
        "count": count
    }


SENTENCES: dict[str, tuple[str, str, Sentence]] = {
    EventType.HOUSEHOLD_SPLIT: ("arrows-split", "accent", _with_other(_parted)),
    EventType.HOUSEHOLDS_JOINED: ("arrows-join", "accent", _with_other(_joined)),
    EventType.REGROUPING_UNDONE: (
        "arrow-back-up",
        "",
        _with_other(lambda facts: _("Separating or joining taken back")),
    ),
    EventType.KINSHIP_NOTED: ("users", "", _plain(lambda: _("A relation was noted"))),
    EventType.KINSHIP_WITHDRAWN: ("users", "", _plain(lambda: _("A relation was taken back"))),
    EventType.PERSON_MISSING: ("user-x", "warn", _not_here),
    EventType.PERSON_OUT: ("door-exit", "", out_for_a_time),
    EventType.CONTACT_LOST: ("user-x", "stop", contact_lost),
    EventType.PERSON_FOUND: ("user-check", "ok", _plain(lambda: _("Back with the family"))),
    EventType.CARD_ISSUED: ("id", "", _plain(lambda: _("Card given"))),
    EventType.CARD_VOIDED: ("id", "", _plain(lambda: _("Their card no longer counts"))),
    EventType.ARRIVAL_RECORDED: ("building-bridge-2", "", _arrival),
    EventType.PERSON_CORRECTED: ("pencil", "", _plain(lambda: _("A person's record was corrected"))),
    EventType.PEOPLE_MERGED: ("arrow-merge", "accent", _merged_files),
    EventType.MERGE_UNDONE: ("arrow-back-up", "warn", _plain(lambda: _("A merge was undone: two files again"))),
    EventType.TOLD_APART: ("users", "", _plain(lambda: _("Told apart from somebody alike"))),
    EventType.ACCESS_ASKED: ("key", "", _plain(lambda: _("Another site asked to see this file"))),
    EventType.ACCESS_GRANTED: ("key", "ok", _plain(lambda: _("Another site may see this file"))),
    EventType.ACCESS_DENIED: ("key-off", "", _plain(lambda: _("Another site was not let in"))),
    EventType.ACCESS_ENDED: ("key-off", "", _plain(lambda: _("Another site sees this file no longer"))),
    EventType.CONSENT_RECORDED: ("shield-check", "", _consent),
    EventType.AID_GIVEN: ("heart-handshake", "ok", _aid),
    EventType.AID_TAKEN_BACK: ("arrow-back-up", "", _aid_taken_back),
    EventType.NEEDS_NOTED: ("bed", "", _plain(lambda: _("What they need of a place was noted"))),
    EventType.STEP_TAKEN: ("check", "ok", _step),
    EventType.EXPECTED_MATCHED: ("list-check", "", _plain(lambda: _("Found on the announced list"))),
    EventType.EXPECTED_UNDONE: ("list-check", "", _plain(lambda: _("Not who was announced after all"))),
    EventType.DOCUMENT_GIVEN: ("file-text", "", _document),
    EventType.DOCUMENT_CORRECTED: ("file-text", "warn", _document_corrected),
    EventType.CONFLICT_DECIDED: (
        "arrows-diff",
        "",
        _plain(lambda: _("It was decided which of two notes holds: the office's or the tablet's")),
    ),
    EventType.TEST_TAKEN: ("test-pipe", "", _tests),
    EventType.TEST_RESULTED: ("test-pipe", "", _plain(lambda: _("Result of a test noted"))),
    EventType.TEST_CORRECTED: ("test-pipe", "warn", _corrected),
    EventType.ISOLATION_PLANNED: ("virus", "", _isolation_planned),
    EventType.ISOLATION_ENDED: ("virus", "ok", _plain(lambda: _("Isolation ended"))),
    EventType.TAKEN_BACK: ("arrow-back-up", "", _taken_back),
    EventType.RETURN_RECORDED: ("building-bridge-2", "", _returned),
    **{event: (icon, tone, _plain(words)) for event, (icon, tone, words) in PLAIN.items()},
    **court_words.SENTENCES,
    **legal_words.SENTENCES,
    EventType.STAY_BEGUN: ("bed", "accent", _stay_begun),
    EventType.STAY_ENDED: ("door-exit", "", _stay_ended),
    EventType.HEARING_NOTED: ("calendar-plus", "accent", _by_source(lambda: _("Hearing noted"))),
    EventType.HEARING_CHANGED: ("calendar-event", "warn", _hearing_changed),
    EventType.HEARING_CANCELLED: ("calendar-off", "warn", _by_source(lambda: _("Hearing cancelled"))),
    EventType.HEARING_VERIFIED: ("calendar-check", "ok", _plain(lambda: _("Hearing verified with EOIR"))),
    EventType.HEARING_CLAIM_ADDED: ("calendar-event", "", _by_source(lambda: _("Another source on the hearing"))),
    EventType.HEARING_SETTLED: ("check", "", _by_source(lambda: _("Decided which source on the hearing counts"))),
    EventType.HEARING_ZONES_SEEN: ("clock", "", _plain(lambda: _("Change of clocks looked at"))),
    EventType.HEARING_TOLD: ("user-check", "ok", _told),
    EventType.HEARING_NOT_FOUND: (
        "user-x",
        "warn",
        _plain(lambda: _("Looked for in vain, to tell them of their hearing")),
    ),
    EventType.HEARING_TELLING_UNDONE: ("arrow-back-up", "", _plain(lambda: _("Taken back: they were not told of it"))),
    EventType.MESSAGES_PLANNED: ("message", "", _planned),
    EventType.MESSAGES_WITHDRAWN: ("message-x", "", _withdrawn),
    EventType.MESSAGE_SENT: ("message-check", "ok", _sent),
    EventType.MESSAGE_UNCERTAIN: ("message", "warn", _plain(lambda: _("Nobody knows yet whether a reminder went out"))),
    EventType.MESSAGE_SKIPPED: ("minus", "", _plain(lambda: _("A reminder was left out"))),
    EventType.MESSAGE_FAILED: ("message-x", "warn", _plain(lambda: _("A reminder could not be sent"))),
    EventType.MESSAGE_ARRIVED: ("message-check", "ok", _arrived),
    EventType.MESSAGE_UNDELIVERED: ("message-x", "warn", _plain(lambda: _("A reminder was not delivered"))),
    EventType.REPLY_RECEIVED: ("message", "", _replied),
    EventType.REPLY_HANDLED: ("check", "", _plain(lambda: _("Their reply was dealt with"))),
    EventType.NUMBER_STOPPED: ("bell-off", "warn", _plain(lambda: _("They want no more messages to their phone"))),
    EventType.NUMBER_WRONG: ("phone-off", "warn", _plain(lambda: _("Somebody answered that it is the wrong number"))),
    EventType.NUMBER_RIGHT: ("phone", "ok", _plain(lambda: _("Their phone number is right after all"))),
}
