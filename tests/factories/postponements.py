"""Postponements for tests: the rule of 10 May 2020, worked out and not applied."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from hearings.models import Hearing, Postponement, PostponementLine
from hearings.postponing import Rule, Unit
from tests.factories.hearings import HearingFactory

MADE_AT = datetime(2021, 12, 8, 17, 0, tzinfo=UTC)


class PostponementFactory(DjangoModelFactory):
    class Meta:
        model = Postponement

    rule = Rule(unit=Unit.MONTHS, count=1, before_on=date(2022, 6, 22)).as_json()
    reason = "Aviso del 8 de diciembre"
    announced_on = date(2021, 12, 8)
    state = Postponement.State.PREVIEWED
    made_at = MADE_AT
    made_by = "1"
    made_by_name = "Maribel Ontiveros"
    acting = "1"
    acting_name = "Maribel Ontiveros"
    asked_at = MADE_AT
    previewed_at = MADE_AT


class PostponementLineFactory(DjangoModelFactory):
    class Meta:
        model = PostponementLine

    postponement = factory.SubFactory(PostponementFactory)
    hearing = factory.SubFactory(HearingFactory)
    household = factory.SelfAttribute("hearing.household")
    court = factory.SelfAttribute("hearing.court")
    version = factory.SelfAttribute("hearing.version")
    zone = factory.SelfAttribute("hearing.court_zone")
    from_on = factory.SelfAttribute("hearing.court_on")
    from_at = factory.SelfAttribute("hearing.court_at")
    basis_from = Hearing.Basis.UNKNOWN
    basis_to = Hearing.Basis.UNKNOWN
    refusal = "over"
