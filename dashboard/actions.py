"""Taking a report out of the house, which is written down."""

from datetime import date, datetime

from django.db import transaction

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from dashboard import policies
from places.models import Site


@transaction.atomic
def note_export(*, site: Site, day: date, form: str, actor: Actor, at: datetime) -> None:
    """Write down that `actor` took the situation report of `day` at `site` out, as `form` ("csv", "xlsx"). Raises NotAllowed."""
    policies.check_can_report(actor, site)
    record(EventType.REPORT_EXPORTED, subject=site, actor=actor, at=at, day=day.isoformat(), form=form, site=site.code)
