"""Who was there when the family acted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases.actions.kin import note_found, note_missing
from cases.models import Household, Person
from core.actors import Actor


@transaction.atomic
def note_presence(
    *, household: Household, here: Sequence[Person], away: Sequence[Person], actor: Actor, at: datetime
) -> None:
    """Note that `here` were with `household` when it acted and `away` were not; whoever was missing is found. Raises NotAllowed."""
    if here:
        note_found(household=household, people=here, actor=actor, at=at)
    if away:
        note_missing(household=household, people=away, actor=actor, at=at)
