"""Opening and ending calendar feeds, and what happens when a calendar asks for one."""

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_of
from audit.actions import record
from audit.models import EventType
from core.actors import Actor, Capability
from core.errors import DomainError, NotAllowed, naming_violations
from docket import policies
from docket.appointments import SAID, Appointment, appointments_of
from docket.models import CalendarEntry, CalendarFeed
from docket.models.feeds import digest_of
from places.models import Site

TOKEN_BYTES = 32
MOST_AT_ONCE = 12
A_YEAR = timedelta(days=365)
# What is past or called off stays in the feed for so long: a phone that was off learns of it.
KEPT = timedelta(days=14)
ENTRIES_PER_WRITE = 1000


class TooManyFeeds(DomainError):
    """Nobody needs a dozen calendars; addresses that were forgotten are best ended."""

    code = "too_many_feeds"
    message = _("You have twelve calendar addresses. End one that you no longer use.")


class AddressAlreadyShown(DomainError):
    """The same form was sent twice, and the address of the first time cannot be shown again."""

    code = "address_already_shown"
    message = _("This address was made and shown already. If it is lost, end it and make another.")


@dataclass(frozen=True, slots=True)
class Published:
    """What a feed says now, on whose behalf, and whose households stand behind its counts."""

    feed: CalendarFeed
    holder: Actor
    entries: Sequence[CalendarEntry]
    households: Collection[uuid.UUID]


@transaction.atomic
def open_feed(*, uid: uuid.UUID, kind: str, site: Site, actor: Actor, at: datetime) -> tuple[CalendarFeed, str]:
    """Open a calendar of `kind` for `site`, for a year; returns it with the token of its address, which is kept nowhere.

    `uid` is the form's own, so that a form sent twice opens one. Raises NotAllowed, TooManyFeeds, AddressAlreadyShown.
    """
    policies.check_can_hold(actor, kind, site)
    if CalendarFeed.objects.filter(user_id=actor.id).standing(at).count() >= MOST_AT_ONCE:
        raise TooManyFeeds()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with naming_violations({"docket_calendarfeed_uid_key": AddressAlreadyShown}):
        feed = CalendarFeed.objects.create(
            uid=uid,
            user_id=int(actor.id),
            kind=kind,
            site=site,
            digest=digest_of(token),
            opened_at=at,
            expires_at=at + A_YEAR,
        )
    record(EventType.FEED_OPENED, subject=feed, actor=actor, at=at, kind=kind)
    return feed, token


@transaction.atomic
def end_feed(*, feed: CalendarFeed, actor: Actor, at: datetime, reason: str = "ended") -> None:
    """Have the address of `feed` answer no more, for good. Ending one that is over changes nothing.

    Raises NotAllowed for somebody else's, unless `actor` administers accounts.
    """
    if not (actor.id == str(feed.user_id) or actor.can(Capability.ADMINISTER)):
        raise NotAllowed()
    if CalendarFeed.objects.filter(pk=feed.pk, ended_at=None).update(ended_at=at):
        CalendarEntry.objects.filter(feed=feed).delete()
        record(EventType.FEED_ENDED, subject=feed, actor=actor, at=at, kind=feed.kind, reason=reason)


@transaction.atomic
def fetch_feed(*, token: str, actor: Actor, at: datetime) -> Published | None:
    """What the calendar at the address of `token` is told at `at`; None where no such feed stands.

    One whose holder is gone or no longer does that work at its site is ended here. What differs from the answer before grows its
    SEQUENCE, and what is called off stays for a while as cancelled.
    """
    feeds = CalendarFeed.objects.behind(token).standing(at).select_for_update(of=("self",))
    feed = feeds.select_related("user", "site__city").first()
    if feed is None:
        return None
    holder = actor_of(feed.user)
    if not (feed.user.is_active and policies.can_hold(holder, feed.kind, feed.site)):
        end_feed(feed=feed, actor=actor, at=at, reason="no_longer_entitled")
        return None
    wanted, households = appointments_of(feed, actor=holder, at=at)
    if _publish(feed, wanted, at):
        feed.revision, feed.changed_at = feed.revision + 1, at
    feed.last_fetched_at, feed.fetches = at, feed.fetches + 1
    feed.save(update_fields=["revision", "changed_at", "last_fetched_at", "fetches"])
    return Published(feed, holder, list(feed.entries.all()), households)


def _publish(feed: CalendarFeed, wanted: Mapping[uuid.UUID, Appointment], at: datetime) -> bool:
    """Bring the entries of `feed` to what is wanted; returns whether anything differs."""
    known = {entry.key: entry for entry in feed.entries.all()}
    new = [_entry(feed, each, at) for key, each in wanted.items() if key not in known]
    changed = [entry for key, entry in known.items() if _change(entry, wanted.get(key), at)]
    old = [entry.pk for entry in known.values() if _is_over(entry, at)]
    CalendarEntry.objects.bulk_create(new, batch_size=ENTRIES_PER_WRITE)
    CalendarEntry.objects.bulk_update(changed, CHANGES, batch_size=ENTRIES_PER_WRITE)
    CalendarEntry.objects.filter(pk__in=old).delete()
    return bool(new or changed or old)


CHANGES = [*SAID[1:], "is_cancelled", "sequence", "changed_at"]


def _entry(feed: CalendarFeed, said: Appointment, at: datetime) -> CalendarEntry:
    return CalendarEntry(feed=feed, changed_at=at, **{name: getattr(said, name) for name in SAID})


def _change(entry: CalendarEntry, wanted: Appointment | None, at: datetime) -> bool:
    """Have `entry` say what is wanted, or that it is called off; what is past stays as it was told. Whether that changed it."""
    if wanted is None and (entry.is_cancelled or entry.begins_at < at):
        return False
    if wanted is not None and wanted.is_as(entry):
        return False
    if wanted is not None:
        for name in SAID:
            setattr(entry, name, getattr(wanted, name))
    entry.is_cancelled = wanted is None
    entry.sequence, entry.changed_at = entry.sequence + 1, at
    return True


def _is_over(entry: CalendarEntry, at: datetime) -> bool:
    """Whether no calendar needs to hear of `entry` any more."""
    return max(entry.changed_at, entry.begins_at) < at - KEPT if entry.is_cancelled else entry.begins_at < at - KEPT
