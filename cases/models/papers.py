"""Documents given by Mexican authorities."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models.people import OfPersonQuerySet, Person
from privacy.fields import EncryptedTextField


class Document(models.Model):
    """A paper that Mexican authorities gave: FMM, TVRH, temporary CURP, COMAR certificate."""

    class Kind(models.TextChoices):
        """Which paper."""

        FMM = "fmm", _("FMM (multiple migration form)")
        TVRH = "tvrh", _("TVRH (humanitarian visitor card)")
        CURP = "curp", _("Temporary CURP")
        COMAR = "comar", _("COMAR certificate")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=8, choices=Kind)
    number = EncryptedTextField(default="")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = OfPersonQuerySet["Document"].as_manager()

    open_fields = frozenset("id person kind issued_on valid_until recorded_at".split())
    personal_fields = frozenset({"number"})

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("issued_on")),
                name="cases_document_valid_from_its_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
