"""The office of Ciudad Juárez, its calendars and its hearings."""

import uuid

import pytest

from accounts.models import User
from docket.actions.feeds import open_feed
from docket.models import CalendarFeed
from docket.views.calendar import pace
from places.models import Site
from tests.factories.hearings import HearingFactory

Kind = CalendarFeed.Kind


@pytest.fixture(autouse=True)
def fresh_pace():
    pace.counts.clear()


@pytest.fixture
def site(officer):
    return Site.objects.select_related("city").get(code="JZ")


@pytest.fixture
def opened(officer, site, now):
    """A feed and its token; other kinds and holders may be named."""

    def act(kind=Kind.OFFICE, actor=officer, of=site):
        User.objects.update(language="en")
        return open_feed(uid=uuid.uuid4(), kind=kind, site=of, actor=actor, at=now)

    return act


@pytest.fixture
def note(site):
    def act(people=2, **facts):
        return HearingFactory(**{"household__site": site, "household__people": people, **facts})

    return act
