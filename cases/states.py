"""Where a household stands on its way, and the moves between.

The field is out of order and the software must not be: a move records what happened, nothing has to come before it, and every
closed state can reopen. Only what cannot be is missing from the table. `docs/journey.md` is drawn from `MOVES`.
"""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """The stations of the journey, in the order in which most people pass them (docs/journey.md)."""

    ANNOUNCED = "announced", _("Expected")
    RECEIVED = "received", _("Received")
    DOCUMENTED = "documented", _("Documented")
    TESTED = "tested", _("Tested")
    ISOLATED = "isolated", _("In isolation")
    PLACED = "placed", _("Placed")
    SUMMONED = "summoned", _("Summoned")
    TRANSPORTED = "transported", _("On the way")
    PRESENTED = "presented", _("Presented")
    RELIEF = "relief", _("Relief granted")
    REMOVED = "removed", _("Removal ordered")
    IN_ABSENTIA = "in_absentia", _("Ordered removed in absentia")
    TERMINATED = "terminated", _("Case terminated")
    ADMIN_CLOSED = "admin_closed", _("Administratively closed")
    WITHDRAWN = "withdrawn", _("Case withdrawn")
    DISENROLLED = "disenrolled", _("Disenrolled")
    INTERVIEW_PENDING = "interview_pending", _("Interview pending")
    NO_SHOW = "no_show", _("Did not appear")
    LEFT = "left", _("Left")
    MOVED = "moved", _("Moved to another city")
    VOLUNTARY_RETURN = "voluntary_return", _("Returned home")
    LOST_CONTACT = "lost_contact", _("Lost contact")
    DECEASED = "deceased", _("Deceased")


class Reopening(models.TextChoices):
    """Why a closed case opens again."""

    COURT = "court", _("The court reopened it")
    APPEAL = "appeal", _("An appeal was granted, or sent it back")
    READMITTED = "readmitted", _("Closed cases like theirs are let in again")
    NEW_PAPER = "new_paper", _("They have a new paper with a date")
    FOUND = "found", _("They were found again")
    MISTAKE = "mistake", _("It was closed by mistake")


S = Step

# What staff at the bridge mark by hand, in the order of the board's columns.
RECEPTION: tuple[Step, ...] = (S.RECEIVED, S.DOCUMENTED, S.TESTED, S.ISOLATED, S.PLACED)

_RECEPTION = frozenset(RECEPTION)
_ASIDE = frozenset({S.LEFT, S.MOVED, S.VOLUNTARY_RETURN, S.LOST_CONTACT, S.DECEASED})
_ENDINGS = frozenset(
    {S.RELIEF, S.REMOVED, S.IN_ABSENTIA, S.TERMINATED, S.ADMIN_CLOSED, S.WITHDRAWN, S.DISENROLLED}
)  # what a court or an authority decides
_OUTCOMES = _ENDINGS | {S.INTERVIEW_PENDING}
_ON_THE_WAY = frozenset({S.SUMMONED, S.TRANSPORTED, S.PRESENTED, S.NO_SHOW})

CLOSED = _ENDINGS | {S.VOLUNTARY_RETURN, S.DECEASED}

MOVES: Mapping[Step, frozenset[Step]] = {
    S.ANNOUNCED: _RECEPTION | _ASIDE,
    # Nobody may have tapped that they left for court: what came of it is noted from wherever they stand.
    **{
        step: (_RECEPTION | _ON_THE_WAY | _OUTCOMES | _ASIDE) - {step}
        for step in (*RECEPTION, S.SUMMONED, S.TRANSPORTED, S.PRESENTED, S.NO_SHOW)
    },
    # A case that was closed opens again with a new date, or with word that they did not appear after all.
    **{
        step: (_RECEPTION | _OUTCOMES | _ASIDE | {S.SUMMONED, S.NO_SHOW}) - {step}
        for step in (_OUTCOMES | _ASIDE) - {S.DECEASED}
    },
    # A record of a death can only be a mistake or stay: reopening it starts again at reception.
    S.DECEASED: frozenset({S.RECEIVED}),
}


def can_move(start: Step, end: Step) -> bool:
    """Whether the journey may go from `start` straight to `end`."""
    return end in MOVES[start]
