"""What may be told of a record that stands elsewhere: that there may be one, and a way to ask for it. Nothing of the record itself."""

import secrets
from collections.abc import Collection
from datetime import datetime

from cases.actions.access import hint_elsewhere
from cases.models import Household, Person
from core.doors import StaffRequest

KEPT = "elsewhere"
MOST_KEPT = 20


def token_for(request: StaffRequest, person: Person | None, *, now: datetime) -> str:
    """A word by which this visitor can ask for access to the record, kept on the server; empty where nothing may be told."""
    if person is None or not hint_elsewhere(household=person.household, actor=request.actor, at=now):
        return ""
    kept: dict[str, int] = request.session.get(KEPT, {})
    known = next((token for token, household in kept.items() if household == person.household_id), "")
    if known:
        return known
    token = secrets.token_urlsafe(12)
    request.session[KEPT] = dict([*kept.items(), (token, person.household_id)][-MOST_KEPT:])
    return token


def told_before(request: StaffRequest) -> Collection[int]:
    """The keys of the households that this visitor was told of."""
    kept: dict[str, int] = request.session.get(KEPT, {})
    return kept.values()


def household_behind(request: StaffRequest, token: str) -> Household | None:
    """The household that this visitor was told of under `token`, as long as it stands."""
    kept: dict[str, int] = request.session.get(KEPT, {})
    return Household.objects.filter(pk=kept.get(token, 0)).first()
