"""Kin, absences, regroupings and cards for tests."""

import factory
from factory.django import DjangoModelFactory

from cases.models import Absence, Card, Kinship, Regrouping
from tests.factories.cases import ARRIVED_AT, HouseholdFactory, PersonFactory


class KinshipFactory(DjangoModelFactory):
    class Meta:
        model = Kinship

    person = factory.SubFactory(PersonFactory)
    relative = factory.SubFactory(PersonFactory)
    kind = Kinship.Kind.SIBLING
    noted_at = ARRIVED_AT
    noted_by = "1"


class AbsenceFactory(DjangoModelFactory):
    class Meta:
        model = Absence

    person = factory.SubFactory(PersonFactory)
    noted_at = ARRIVED_AT
    noted_by = "1"


class RegroupingFactory(DjangoModelFactory):
    class Meta:
        model = Regrouping

    kind = Regrouping.Kind.SPLIT
    household = factory.SubFactory(HouseholdFactory)
    into = factory.SubFactory(HouseholdFactory)
    reason = Regrouping.Reason.FAMILY
    happened_at = ARRIVED_AT
    noted_by = "1"


class CardFactory(DjangoModelFactory):
    class Meta:
        model = Card

    household = factory.SubFactory(HouseholdFactory)
    token = factory.Sequence(lambda number: f"K7QM2F{number:04d}")
    issued_at = ARRIVED_AT
    issued_by = "1"
