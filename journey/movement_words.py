"""What the timeline says of places held, transfers and guests who are out: icon, tone and sentence by event."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import EventType
from cases.models import Absence
from core.look import within

Facts = Mapping[str, Any]

# Without the name of the other shelter: they may never sleep there, and the name of some tells of health.
PLAIN: dict[str, tuple[str, str, Callable[[], str]]] = {
    EventType.HOLD_MADE: ("hourglass", "accent", lambda: _("Places held for them")),
    EventType.HOLD_RENEWED: ("hourglass", "", lambda: _("Places held for longer")),
    EventType.HOLD_RELEASED: ("hourglass", "", lambda: _("Held places released")),
    EventType.HOLD_EXPIRED: ("hourglass", "warn", lambda: _("Held places ran out")),
    EventType.TRANSFER_REQUESTED: ("arrows-right-left", "", lambda: _("Another shelter was asked to take them")),
    EventType.TRANSFER_ACCEPTED: ("check", "accent", lambda: _("The other shelter takes them")),
    EventType.TRANSFER_DECLINED: ("x", "warn", lambda: _("The other shelter does not take them")),
    EventType.TRANSFER_ARRANGED: ("calendar-check", "", lambda: _("Transport to the other shelter arranged")),
    EventType.TRANSFER_DEPARTED: ("arrow-right", "accent", lambda: _("On the way to the other shelter")),
    EventType.TRANSFER_ARRIVED: ("circle-check", "ok", lambda: _("Arrived at the other shelter")),
    EventType.TRANSFER_CANCELLED: ("ban", "", lambda: _("Transfer called off")),
    EventType.TRIP_NOTED: ("bus", "", lambda: _("How they get to the bridge was noted")),
    EventType.TRIP_WITHDRAWN: ("arrow-back-up", "", lambda: _("How they get to the bridge was taken back")),
    EventType.TRANSFER_EXPIRED: ("clock-exclamation", "warn", lambda: _("The transfer ran out")),
}


def out_for_a_time(facts: Facts, family: object) -> str:
    """How many went out, and why."""
    count = int(facts.get("people") or 0)
    words = ngettext("%(count)d person out for a time", "%(count)d people out for a time", count) % {"count": count}
    reason = str(facts.get("reason") or "")
    return f"{words} · {within(str(Absence.Reason(reason).label))}" if reason in Absence.Reason.values else words


def contact_lost(facts: Facts, family: object) -> str:
    """With how many contact counts as lost."""
    count = int(facts.get("people") or 0)
    return ngettext(
        "Contact lost with %(count)d person; the place is kept",
        "Contact lost with %(count)d people; their places are kept",
        count,
    ) % {"count": count}
