"""Back from court, whole: who came back, what the court decided, the new sheet, in one deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.actions.returns import record_return
from cases.models import Arrival, Household, Person
from core.actors import Actor
from core.again import atomic_again
from hearings.actions.outcomes import Decision, note_outcome
from hearings.models import Hearing, Outcome
from journey.actions.arrivals import HearingEntry, note_sheet
from journey.actions.presence import note_presence
from places.models import Crossing


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeEntry:
    """What the form says came of a hearing: for whom, by whose word, on which day."""

    hearing: Hearing
    decisions: Sequence[Decision]
    source: Outcome.Source | str
    decided_on: date
    note: str = ""


@atomic_again
def come_back(
    *,
    uid: UUID,
    household: Household,
    crossing: Crossing | None,
    occurred_at: datetime,
    here: Sequence[Person] | None = None,
    away: Sequence[Person] = (),
    outcome: OutcomeEntry | None = None,
    sheet: HearingEntry | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[Arrival, bool]:
    """Note that `household` came back from court at `occurred_at` (aware), with all that is known: all or nothing, once per `uid`.

    `here` came back (everybody unless told), `away` did not. Reception starts anew; a place that was kept stays theirs, and what
    follows from the outcome and the new date is planned by those who hear of it. Returns the arrival and whether it is new: the same
    `uid` again writes nothing. Raises what `record_return`, `note_outcome`, `note_sheet` and `note_presence` raise.
    """
    arrival, is_new = record_return(
        uid=uid,
        household=household,
        crossing=crossing,
        occurred_at=occurred_at,
        people=here,
        actor=actor,
        at=at,
    )
    if not is_new:
        return arrival, False
    present = list(household.people.all()) if here is None else here
    note_presence(household=household, here=present, away=away, actor=actor, at=at)
    if outcome is not None:
        note_outcome(
            hearing=outcome.hearing,
            decisions=outcome.decisions,
            source=outcome.source,
            decided_on=outcome.decided_on,
            note=outcome.note,
            actor=actor,
            at=at,
        )
    if sheet is not None:
        note_sheet(household=household, sheet=sheet, actor=actor, at=at)
    return arrival, True
