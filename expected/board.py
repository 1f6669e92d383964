"""What the reception board says of today's list."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actors import Actor, Capability
from expected.models import ExpectedDay
from journey.board_facts import BoardFact, board_fact


@board_fact
def todays_list(actor: Actor, now: datetime) -> BoardFact | None:
    """Today's list in numbers of families, over the actor's sites, and the way to it. One query."""
    if not actor.can(Capability.LOG_ARRIVAL):
        return None
    button = {"icon": "list-check", "button": _("Compare with the list"), "url": reverse("expected:compare")}
    days = list(ExpectedDay.objects.visible_to(actor).at(now).with_counts())
    if not days:
        return BoardFact("", **button)
    words = _("Expected list: %(all)d · came %(came)d · not on it %(others)d") % {
        "all": sum(day.families for day in days),
        "came": sum(day.families_came for day in days),
        "others": sum(day.unannounced for day in days),
    }
    return BoardFact(words, **button)
