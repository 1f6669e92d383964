"""One entry at the bridge, whole: who came, what they agreed to, and the hearing on their sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from cases.actions.arrivals import record_arrival
from cases.actions.consent import note_consent
from cases.actions.people import PersonEntry
from cases.models import Consent, Household
from core.actors import Actor
from hearings.actions import note_hearing
from hearings.models import Claim, Hearing
from places.models import Court, Crossing, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingEntry:
    """What the family's sheet says: wall times as printed, each on its own side's clock."""

    court: Court
    court_on: date
    court_time: time
    said_on: date
    crossing: Crossing | None = None
    report_on: date | None = None
    report_time: time | None = None
    kind: str = Hearing.Kind.INITIAL_MASTER
    source: str = Claim.Source.MPP_SHEET


@transaction.atomic
def log_arrival(
    *,
    uid: UUID,
    site: Site,
    crossing: Crossing | None,
    people: Sequence[PersonEntry],
    language: str,
    occurred_at: datetime,
    consents: Mapping[Consent.Purpose, bool],
    hearing: HearingEntry | None,
    notice_way: Consent.Way | str = "",
    actor: Actor,
    at: datetime,
) -> tuple[Household, bool]:
    """Log an arrival with its consents and the hearing on the sheet, all or nothing, once per client-made `uid`.

    `occurred_at` is when they crossed, by the device's clock; `at` is now. The same `uid` again returns the household that is there
    and False. Raises what `record_arrival`, `note_consent` and `note_hearing` raise.
    """
    household, is_new = record_arrival(
        uid=uid,
        site=site,
        crossing=crossing,
        people=people,
        language=language,
        occurred_at=occurred_at,
        actor=actor,
        at=at,
    )
    if not is_new:
        return household, False
    note_consent(household=household, answers=consents, language=language, way=notice_way, actor=actor, at=at)
    if hearing is not None:
        note_sheet(household=household, sheet=hearing, actor=actor, at=at)
    return household, True


def note_sheet(*, household: Household, sheet: HearingEntry, actor: Actor, at: datetime) -> Hearing:
    """Note the hearing of `household` that `sheet` states. Raises what `note_hearing` raises."""
    return note_hearing(
        household=household,
        kind=sheet.kind,
        court=sheet.court,
        court_on=sheet.court_on,
        court_time=sheet.court_time,
        crossing=sheet.crossing,
        report_on=sheet.report_on,
        report_time=sheet.report_time,
        source=sheet.source,
        said_on=sheet.said_on,
        actor=actor,
        at=at,
    )
