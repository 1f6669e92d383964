"""What pages of places say once a deed is done."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.models import Household
from shelters.models import Unit


def say_where(request: HttpRequest, household: Household, unit: Unit) -> None:
    """Where `household` sleeps from now on."""
    words = {"code": household.code, "shelter": unit.shelter.name, "unit": unit.name}
    messages.success(request, _("%(code)s sleeps at %(shelter)s tonight, %(unit)s.") % words)
