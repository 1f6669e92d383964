"""What the timeline says of a day at court and what came of it: icon, tone and sentence by event."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from audit.models import EventType
from cases.states import Reopening
from core.look import within
from hearings.models import EvidencePacket, FollowUp, Outcome

Facts = Mapping[str, Any]


def _label(choices: type[TextChoices], value: object) -> str:
    """The reader's word for a stored code, to stand within a sentence; the code itself when the choice is gone."""
    return within(str(choices(value).label)) if value in choices.values else str(value or "")


def _outcome(words: Callable[[], str]) -> Callable[[Facts, object], str]:
    def tell(facts: Facts, family: object) -> str:
        results = ", ".join(_label(Outcome.Result, each) for each in facts.get("results") or [])
        source = _label(Outcome.Source, facts.get("source"))
        appeal = _("appeal reserved") if facts.get("appeals") else ""
        return " · ".join(filter(None, [f"{words()}: {results}", appeal, source]))

    return tell


def _reopened(facts: Facts, family: object) -> str:
    return _("The case is open again: %(reason)s") % {"reason": _label(Reopening, facts.get("reason"))}


def _asked(facts: Facts, family: object) -> str:
    return _("Nobody knew what came of the hearing. %(who)s: %(answer)s") % {
        "who": str(FollowUp.Contact(facts["contact"]).label) if facts.get("contact") else "",
        "answer": _label(FollowUp.Answer, facts.get("answer")),
    }


def _evidence(facts: Facts, family: object) -> str:
    return _("Packet of evidence made: %(purpose)s") % {"purpose": _label(EvidencePacket.Purpose, facts.get("purpose"))}


SENTENCES: dict[str, tuple[str, str, Callable[[Facts, Any], str]]] = {
    EventType.OUTCOME_NOTED: ("gavel", "accent", _outcome(lambda: _("Outcome of the hearing"))),
    EventType.OUTCOME_CORRECTED: ("gavel", "warn", _outcome(lambda: _("Outcome of the hearing corrected"))),
    EventType.CASE_REOPENED: ("lock-open", "accent", _reopened),
    EventType.FOLLOW_UP_NOTED: ("phone", "", _asked),
    EventType.EVIDENCE_EXPORTED: ("file-text", "", _evidence),
}
