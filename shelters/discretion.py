"""What a shelter is called before those who may not see health: the name of one that only isolates tells why somebody sleeps there."""

from typing import Any

from django.db.models import Exists
from django.db.models.expressions import Expression
from django.utils.translation import gettext as _

from shelters.models import LeavingReason, Unit
from shelters.rules import Kind


def isolates_only(**which: Any) -> Expression:
    """Whether all rooms of the shelter that `which` picks out (`shelter=OuterRef("unit__shelter")`) are for isolation."""
    return ~Exists(Unit.objects.filter(**which).exclude(kind=Kind.ISOLATION))


def name_told(name: str, city: str, *, is_isolation: bool, sees_health: bool) -> str:
    """The shelter's `name`, or no more than its city where the name alone would tell of health."""
    return _("a shelter of %(city)s") % {"city": city} if is_isolation and not sees_health else name


def reason_told(reason: str, *, sees_health: bool) -> str:
    """Why a stay ended, as far as it may be told. Who moved to isolation was transferred, like others: a reason left out would tell it."""
    if reason not in LeavingReason.values:
        return ""
    is_hidden = reason == LeavingReason.ISOLATION and not sees_health
    return str((LeavingReason.TRANSFERRED if is_hidden else LeavingReason(reason)).label)
