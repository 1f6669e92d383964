"""Imports of sheets, the families on them, and what is wrong with their cells.

What a sheet tells of people lies encrypted, a family at a time, and only until the family is in, the sheet is discarded or
`KEPT_DAYS` are over. What stays says that something was imported, and keeps the same family from going in twice.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.actors import Actor, Capability
from places.models import Crossing, Site
from privacy.fields import EncryptedTextField
from sheets.states import WORKING, Fate, State

KEPT_DAYS = 7


class ImportQuerySet(models.QuerySet["Import"]):
    """Questions asked of imports."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's sites, for who imports sheets there."""
        if not actor.can(Capability.IMPORT_SHEETS):
            return self.none()
        return self if actor.everywhere else self.filter(site__any_of=actor.site_ids)

    def standing(self) -> Self:
        """Those that still mean something: neither discarded nor undone."""
        return self.exclude(state__in=[State.DISCARDED, State.UNDONE])

    def unfinished(self) -> Self:
        """Those that a worker has something to do for, and that nothing stopped."""
        return self.filter(state__in=WORKING, trouble="")


class Import(models.Model):
    """One sheet that was brought in. `outline` says what its columns hold, `digest` is the keyed fingerprint of the file.

    `acting` is the account on whose behalf a worker goes on: who asked last. `working_until` is how long a worker's claim holds.
    `trouble` is the code of what stopped it, if anything did. `tries` counts the workers that took up the part that is next.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, null=True, related_name="+")
    arrived_on = models.DateField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=80)
    uploaded_by_name = models.CharField(max_length=150)
    acting = models.CharField(max_length=80)
    name = EncryptedTextField(default="")
    outline = EncryptedTextField(default="")
    digest = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.CHECKING)
    with_known = models.BooleanField(default=False)
    trouble = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    working_until = models.DateTimeField(null=True)
    let_in_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ImportQuerySet.as_manager()

    open_fields = frozenset(
        "id uid site crossing arrived_on uploaded_at uploaded_by uploaded_by_name acting digest state with_known trouble tries "
        "working_until let_in_at recorded_at".split()
    )
    personal_fields = frozenset("name outline".split())

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(fields=["site", "-uploaded_at", "-id"], name="sheets_import_site"),
            models.Index(fields=["uploaded_at"], name="sheets_import_unfinished", condition=Q(state__in=WORKING)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "digest"],
                condition=~Q(state__in=[State.DISCARDED, State.UNDONE]),
                name="sheets_import_each_file_once",
            ),
        ]

    def __str__(self) -> str:
        return f"import #{self.pk}"

    @property
    def is_working(self) -> bool:
        """Whether a worker is at it, or will be by itself."""
        return self.state in WORKING and not self.trouble


class FamilyQuerySet(models.QuerySet["Family"]):
    """Questions asked of families on sheets."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of imports that `actor` may see."""
        return self.filter(sheet__in=Import.objects.visible_to(actor))

    def in_order(self) -> Self:
        """As they stand on the sheet."""
        return self.order_by("number")


class Family(models.Model):
    """The rows of one family. `content` is what the sheet says; `household` is the one it became.

    `fingerprint` is keyed and told by the people and their day alone: the same family on another sheet has the same.
    """

    sheet = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="families")
    number = models.PositiveIntegerField()
    first_row = models.PositiveIntegerField()
    size = models.PositiveSmallIntegerField()
    content = EncryptedTextField(default="")
    fingerprint = models.BigIntegerField(null=True)
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.UNCHECKED)
    household = models.UUIDField(null=True)

    objects = FamilyQuerySet.as_manager()

    open_fields = frozenset("id sheet number first_row size fingerprint fate household".split())
    personal_fields = frozenset({"content"})

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["sheet", "fate", "number"], name="sheets_family_by_fate")]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheets_family_number"),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(fate__in=[Fate.IN, Fate.MOVED_ON]),
                name="sheets_family_goes_in_once",
            ),
        ]

    def __str__(self) -> str:
        return f"family on a sheet #{self.pk}"


class FlawQuerySet(models.QuerySet["Flaw"]):
    """Questions asked of mistakes."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of imports that `actor` may see."""
        return self.filter(family__in=Family.objects.visible_to(actor))


class Flaw(models.Model):
    """What is wrong in one cell, as a code of `mistakes.MISTAKES`; it says nothing of what stands in the cell."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="flaws")
    row = models.PositiveIntegerField()
    column = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=24)

    objects = FlawQuerySet.as_manager()

    open_fields = frozenset("id family row column code".split())
    personal_fields: frozenset[str] = frozenset()

    class Meta:
        ordering = ["row", "column", "pk"]

    def __str__(self) -> str:
        return f"{self.code} #{self.pk}"
