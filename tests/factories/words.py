"""Texts that staff wrote."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from words.models import Template


class TemplateFactory(DjangoModelFactory):
    """A signed first version of the Spanish text for days ahead; `signed_at=None, signed_by=""` for a draft."""

    class Meta:
        model = Template

    purpose = "ahead"
    language = "spa"
    way = "written"
    version = factory.Sequence(lambda number: number + 1)
    text = "Su cita: {weekday} {date}, {time}. Dudas: {office_phone}"
    written_by = "Hearings officer"
    written_at = datetime(2021, 12, 1, 18, 0, tzinfo=UTC)
    signed_by = "Coordinator"
    signed_at = datetime(2021, 12, 2, 18, 0, tzinfo=UTC)
