"""Ciudad Juárez takes a list in, and families come."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from audit.actions import dispatch_pending
from cases.actions.arrivals import record_arrival
from cases.actions.people import PersonEntry
from cases.models import Household
from core.actors import Actor
from expected.actions.lists import FamilyEntry, receive_list
from expected.models import ExpectedList
from places.models import Site
from tests.expected.people import CAME_AT, MORNING
from tests.factories.expected import DAY
from tests.factories.places import CrossingFactory, SiteFactory


@pytest.fixture
def site() -> Site:
    found: Site = SiteFactory(code="JZ")
    return found


@pytest.fixture
def officer(actor_in: Callable[..., Actor], site: Site) -> Actor:
    return actor_in("reception", site)


@pytest.fixture
def receive(site: Site, officer: Actor) -> Callable[..., tuple[ExpectedList, bool]]:
    def take(*families: FamilyEntry, day: date = DAY) -> tuple[ExpectedList, bool]:
        return receive_list(site=site, day=day, source="inm", families=families, actor=officer, at=MORNING)

    return take


@pytest.fixture
def come(site: Site, officer: Actor) -> Callable[..., Household]:
    """A household logs, and whatever follows from it has followed."""

    def log(*people: PersonEntry, at: datetime = CAME_AT, **more: object) -> Household:
        household, _is_new = record_arrival(
            **{"uid": uuid4(), "site": site, "crossing": CrossingFactory(), "language": "spa", **more},
            people=[replace(person, uid=uuid4()) for person in people],
            occurred_at=at,
            actor=officer,
            at=at,
        )
        dispatch_pending(at=at)
        return household

    return log
