"""What staff wrote over the product's own texts, version by version, and who signed it."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Purpose(models.TextChoices):
    """What a text is for. The rungs of the ladder name the first four."""

    AHEAD = "ahead", _("Days ahead")
    TOMORROW = "tomorrow", _("The day before")
    TONIGHT = "tonight", _("The evening before")
    LEAVING = "leaving", _("Before leaving")
    CHANGED = "changed", _("There is a new date")
    CANCELLED = "cancelled", _("The date no longer holds")
    SHARED = "shared", _("On a phone that others read")


class Way(models.TextChoices):
    """Whether it is read or heard."""

    WRITTEN = "written", pgettext_lazy("way of a text", "Written")
    SPOKEN = "spoken", pgettext_lazy("way of a text", "Spoken")


class TemplateQuerySet(models.QuerySet["Template"]):
    """Questions asked of texts."""

    def of(self, *, purpose: str, language: str, way: str) -> Self:
        """The versions of one text."""
        return self.filter(purpose=purpose, language=language, way=way)

    def newest_first(self) -> Self:
        """By version."""
        return self.order_by("-version")


class Template(models.Model):
    """One version of one text. Versions are never rewritten: what was sent last year can still be told."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    language = models.CharField(max_length=3)
    way = models.CharField(max_length=7, choices=Way, default=Way.WRITTEN)
    version = models.PositiveIntegerField()
    text = models.TextField()
    in_plain_letters = models.BooleanField(default=False)
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField()
    signed_by = models.CharField(max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["language", "purpose", "way", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "purpose", "way", "version"], name="words_template_one_of_each_version"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="words_template_versions_begin_at_one"),
            models.CheckConstraint(condition=~Q(text=""), name="words_template_says_something"),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by="") | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
                name="words_template_signature_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} in {self.language}, version {self.version}"
