"""What a question answers that was worked out for somebody else, at another moment, is what its plain QuerySet answers now."""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import get_resolver

import accounts.backends
import accounts.sessions  # noqa: F401  # both are named in the settings only
from accounts.roles import Role
from api.throttling import counts
from core import prepared
from core.keyset import cursor_of
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.cases import AccessRequestFactory, HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import SiteFactory
from tests.walk.world import World, make_world

pytestmark = pytest.mark.django_db

LATER = timedelta(minutes=37)  # each asks so much later than the one before
DEEP = 6  # that far records lead to records


@dataclass
class Heard:
    """Which questions there are, which were asked, and what they answered otherwise than plainly."""

    there: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def told(row: Any, depth: int = 0) -> Any:
    """All that a row holds, comparable."""
    if isinstance(row, Model):
        if depth >= DEEP:
            return type(row), row.pk
        own = {name: told(value, depth + 1) for name, value in vars(row).items() if name != "_state"}
        return type(row), own, {name: told(value, depth + 1) for name, value in row._state.fields_cache.items()}
    if isinstance(row, dict):
        return {name: told(value, depth + 1) for name, value in row.items()}
    return [told(each, depth + 1) for each in row] if isinstance(row, list | tuple | QuerySet) else row


def each_question() -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """Where every question of the house is named: its own module, and those that import it."""
    assert get_resolver().url_patterns  # with the pages, all rooms are there
    rooms = {path.parent.name for path in settings.BASE_DIR.glob("*/__init__.py")} - {"tests"}
    for module in [module for name, module in sys.modules.items() if name.partition(".")[0] in rooms]:
        for name, value in list(vars(module).items()):
            if getattr(getattr(value, "__code__", None), "co_qualname", "") == "question.<locals>.ask":
                yield module, name, value


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Every question is asked plainly beside."""
    found = Heard()

    def doubted(ask: Any) -> Callable[..., Any]:
        @wraps(ask)
        def both(*args: Any, **kwargs: Any) -> Any:
            name = f"{ask.__module__}.{ask.__name__}"
            rows, plain = ask(*args, **kwargs), list(ask.__wrapped__(*args, **kwargs))
            found.asked.add(name)
            if told(rows) != told(plain):
                found.wrong.append(f"{name} {args} {kwargs}")
            return rows

        return both

    for module, name, ask in list(each_question()):
        found.there.add(f"{ask.__module__}.{ask.__name__}")
        monkeypatch.setattr(module, name, doubted(ask))
    return found


def browsers(world: World) -> list[Client]:
    """Everybody of the walk, those with two sites, and those to whom a household was opened."""
    there = SiteFactory(code="TJ")
    further = HouseholdFactory(site=there, people=2)
    HearingFactory(household=further)
    granted = {"is_granted": True, "decided_at": datetime(2021, 12, 8, 17, 45, tzinfo=UTC), "decided_by": "Nadia Reyna"}
    AccessRequestFactory(household=world.household, site=there, **granted)
    found = [visitor.client for visitor in world.visitors if visitor.is_staff]
    for role in Role:
        both = UserFactory()
        MembershipFactory(user=both, role=role, site=world.household.site)
        MembershipFactory(user=both, role=role, site=there)
        for user in (both, MembershipFactory(role=role, site=there).user):
            user.password = "pbkdf2_sha256$1$salt$nothing-opens-it"  # an account with a password, as all are
            user.save()
            found.append(Client())
            found[-1].force_login(user)
    return found


def paths(world: World) -> list[str]:
    """The pages that ask questions."""
    own = f"/households/{world.household.uid}/"
    lists = (
        "/",
        "/people/",
        "/reception/",
        "/shelters/",
        "/hearings/",
        "/hearings/not-reached/",
    )
    cursor = cursor_of(datetime(2021, 12, 9, tzinfo=UTC), 1)
    return [*lists, f"/people/?after={cursor}", own, f"{own}?all"]


def test_every_question_answers_as_plainly_asked(now: datetime, heard: Heard) -> None:
    shuffled = random.Random(8)
    with time_machine.travel(now, tick=False):
        world = make_world()
        clients, surname = browsers(world), world.household.people.first().surnames
    shuffled.shuffle(clients)
    for number, client in enumerate(clients):
        with time_machine.travel(now + number * LATER, tick=False):
            counts.clear()
            client.post("/find/", {"q": surname})
            for path in paths(world):
                client.get(path)
    assert sorted(set(heard.wrong)) == []
    assert heard.there - heard.asked == set()
    assert [name for kept in prepared._kept.values() for name, is_kept in kept.items() if not is_kept] == []
