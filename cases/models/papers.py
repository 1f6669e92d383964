"""Documents given by Mexican authorities."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from cases.kinds import PaperKind, paper_kind
from cases.models.people import OfPersonQuerySet, Person
from privacy.fields import EncryptedTextField


class DocumentQuerySet(OfPersonQuerySet["Document"]):
    """Questions asked of documents."""

    def running_out(self, today: date, days: int) -> Self:
        """Those whose last day is `today` or up to `days` later, of people who hold nothing that lasts longer."""
        lasts_longer = Document.objects.filter(person=OuterRef("person")).filter(
            Q(valid_until__gt=OuterRef("valid_until"))
            | Q(valid_until=OuterRef("valid_until"), pk__gt=OuterRef("pk"))  # two that end on one day are one line
        )
        window = self.filter(valid_until__gte=today, valid_until__lte=today + timedelta(days=days))
        return window.exclude(Exists(lasts_longer))


class Document(models.Model):
    """A paper that Mexican authorities gave; `kind` is a code of `cases/data/document_kinds.csv`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=16)
    number = EncryptedTextField(default="")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = DocumentQuerySet.as_manager()

    open_fields = frozenset("id person kind issued_on valid_until recorded_at".split())
    personal_fields = frozenset({"number"})

    class Meta:
        ordering = ["-issued_on", "-pk"]
        indexes = [
            models.Index(fields=["valid_until", "id"], name="cases_document_running_out"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("issued_on")),
                name="cases_document_valid_from_its_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def what(self) -> PaperKind:
        """What is known of papers of its kind."""
        return paper_kind(self.kind)
