"""A family of Ciudad Juárez with one phone, and its hearings."""

from datetime import date, time

import pytest

from audit.actions import dispatch_pending
from cases.models import PhoneOwner
from hearings.actions import note_hearing
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.places import CourtFactory, CrossingFactory


@pytest.fixture
def officer(actor_in):
    return actor_in("coordinator", "JZ")


@pytest.fixture
def household(officer):
    household = HouseholdFactory(site_id=min(officer.site_ids))
    PersonFactory(household=household, phone="+526561230001", phone_owner=PhoneOwner.OWN)
    ConsentFactory(household=household)
    return household


@pytest.fixture
def note(household, officer, now):
    def act(**facts):
        given = {
            "household": household,
            "court": CourtFactory(),
            "court_on": date(2021, 12, 16),
            "court_time": time(8, 30),
            "crossing": CrossingFactory(),
            "report_time": time(4, 30),
            "source": "sheet",
            "said_on": date(2021, 12, 8),
        }
        hearing = note_hearing(**(given | facts), actor=officer, at=facts.pop("at", now))
        dispatch_pending(at=now)
        return hearing

    return act
