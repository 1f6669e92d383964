"""What tests of imports need: a coordinator, a sheet that is brought, worked on and put in."""

import pytest

from accounts.models import Membership
from core.actors import Actor
from sheets import actions, working
from sheets.reading import read_book
from tests.factories.sheets import HEADINGS, xlsx


@pytest.fixture
def coordinator(actor_in):
    return actor_in("coordinator")


@pytest.fixture
def bring(coordinator, now, site):
    """`bring(rows)`: the sheet with these rows, received."""

    def receive(*rows, headings=HEADINGS, actor=coordinator, at=now):
        content = xlsx([headings, *rows])
        book = read_book(content, "a.xlsx")
        told = {"crossing": None, "arrived_on": at.date(), "name": "llegadas.xlsx", "site": site}
        return actions.receive_sheet(book=book, content=content, **told, actor=actor, at=at)

    return receive


@pytest.fixture
def site(coordinator):
    return Membership.objects.select_related("site__city").get(user_id=coordinator.id).site


@pytest.fixture
def work(now):
    """`work(sheet)`: what a worker does for it, and how it stands then."""

    def carry_on(sheet, clock=lambda: now):
        working.carry_on(actor=Actor.system("imports"), clock=clock, uid=sheet.uid)
        sheet.refresh_from_db()
        return sheet

    return carry_on


@pytest.fixture
def put_in(bring, work, coordinator, now):
    """`put_in(rows)`: brought, checked and in."""

    def do(*rows, **how):
        sheet = work(bring(*rows, **how))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        return work(sheet)

    return do
