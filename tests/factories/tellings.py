"""Tellings for tests: told in person at the moment of the story."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from hearings.models import Telling
from tests.factories.hearings import HearingFactory


class TellingFactory(DjangoModelFactory):
    class Meta:
        model = Telling

    hearing = factory.SubFactory(HearingFactory)
    version = factory.SelfAttribute("hearing.version")
    way = "person"
    result = factory.LazyAttribute(lambda telling: "told" if telling.way else "not_found")
    told_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
    noted_by = "7"
    noted_by_name = "Marta Ontiveros"
