"""Calendar feeds of staff, each behind a secret address, and what each has published (docs/adr/calendar.md)."""

import hashlib
import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.actors import Actor, Capability
from places.models import Site


def digest_of(token: str) -> str:
    """What is kept of a token: it has 256 bits of chance, so that its checksum needs neither salt nor slowness."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    """Questions asked of feeds."""

    def visible_to(self, actor: Actor) -> Self:
        """Everybody's own, and all of them for those who administer accounts."""
        if actor.can(Capability.ADMINISTER):
            return self
        return self.filter(user_id=actor.id) if actor.id.isdecimal() else self.none()

    def behind(self, token: str) -> Self:
        """The one whose address holds `token`, if any."""
        return self.filter(digest=digest_of(token))

    def standing(self, moment: datetime) -> Self:
        """Those that nobody ended and whose year is not over at `moment`."""
        return self.filter(ended_at=None, expires_at__gt=moment)


class CalendarFeed(models.Model):
    """A calendar that one account has opened for a site. Of its address only a checksum is kept: it was shown once.

    `revision` counts the answers that differed from the one before.
    """

    class Kind(models.TextChoices):
        """What it holds."""

        OFFICE = "office", _("Hearings of the office")
        BRIDGE = "bridge", _("Who leaves for the bridges")
        SHELTER = "shelter", _("Who leaves a shelter")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_feeds")
    kind = models.CharField(max_length=7, choices=Kind)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_fetched_at = models.DateTimeField(null=True)
    fetches = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    objects = CalendarFeedQuerySet.as_manager()

    open_fields = frozenset(
        "id uid user kind site digest opened_at expires_at ended_at last_fetched_at fetches revision changed_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at")), name="docket_calendarfeed_expires_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(last_fetched_at=None, fetches=0) | Q(last_fetched_at__isnull=False, fetches__gt=0),
                name="docket_calendarfeed_fetches_have_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"calendar feed #{self.pk}"

    @property
    def etag(self) -> str:
        """What tells one answer from another: the words are those of its holder's language."""
        return f'"{self.uid.hex}.{self.revision}.{self.user.language}"'


class CalendarEntry(models.Model):
    """What a feed has published under one UID, as it was published: the next answer is compared with it.

    Counts, places and both clocks; nobody's name, number or code. `sequence` grows with each change, and one that is called off
    stays for a while as cancelled, so that calendars take it off.
    """

    feed = models.ForeignKey(CalendarFeed, on_delete=models.CASCADE, related_name="entries")
    key = models.UUIDField()
    begins_at = models.DateTimeField()
    begins_zone = models.CharField(max_length=40)
    begins_in = models.CharField(max_length=80)
    ends_at = models.DateTimeField()
    ends_zone = models.CharField(max_length=40)
    ends_in = models.CharField(max_length=80)
    place = models.CharField(max_length=150, blank=True)
    basis = models.CharField(max_length=10)
    people = models.PositiveIntegerField()
    families = models.PositiveIntegerField()
    is_cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    open_fields = frozenset(
        "id feed key begins_at begins_zone begins_in ends_at ends_zone ends_in place basis people families is_cancelled sequence "
        "changed_at".split()
    )
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["begins_at", "pk"]
        verbose_name_plural = "calendar entries"
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="docket_calendarentry_once_per_feed"),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("begins_at")), name="docket_calendarentry_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"calendar entry #{self.pk}"
