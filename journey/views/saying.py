"""Saying what was noted just now, with the address where a slip is taken back."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Household, Tap
from core.doors import StaffRequest


def warn_of_children_alone(request: StaffRequest, households: Iterable[Household], now: datetime) -> None:
    """Say which of `households` are minors alone, now that their family has parted: they cannot wait for somebody to open the file."""
    for household in households:
        people, today = list(household.people.order_by("pk")), household.day_at(now)
        if people and all(person.is_minor_on(today) for person in people):
            words = _("No adult is with the children of %(code)s. Tell protection now, or take it back.")
            messages.warning(request, words % {"code": household.code})


def say_done(request: StaffRequest, household: Household, now: datetime) -> None:
    """Say what was noted at `now` for `household`; a message whose tags are an address offers to take it back there."""
    tap = Tap.objects.visible_to(request.actor).standing().filter(household=household, done_at=now).first()
    if tap is None:
        messages.success(request, _("Noted."))
        return
    words = ngettext("%(what)s: %(n)d person of %(code)s", "%(what)s: %(n)d people of %(code)s", tap.people)
    facts = {"what": tap.get_kind_display(), "n": tap.people, "code": household.code}
    messages.success(request, words % facts, extra_tags=reverse("journey:undo", args=[tap.uid]))
