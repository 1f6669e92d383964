"""A family of Ciudad Juárez with one phone, and its hearings."""

from datetime import date

import pytest

from audit.actions import dispatch_pending
from cases.models import PhoneOwner
from hearings.actions import change_hearing, note_hearing
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import sheet_says


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
    """Note the hearing of the story's sheet, with any fact replaced, and let follow what follows."""

    def act(**facts):
        hearing = note_hearing(**sheet_says(household=household, actor=officer, at=now) | facts)
        dispatch_pending(at=now)
        return hearing

    return act


@pytest.fixture
def change(officer, now):
    """`change(hearing, at, court_on=…)`: note what a notice of 9 December says otherwise, and let follow what follows."""

    def act(hearing, at=now, **facts):
        change_hearing(hearing=hearing, source="notice", said_on=date(2021, 12, 9), actor=officer, at=at, **facts)
        dispatch_pending(at=at)

    return act
