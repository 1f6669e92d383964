"""Every address times everyone who may knock. An address that is not in the table fails: nothing opens by accident.

A forbidden record answers like one that does not exist.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from api.throttling import counts
from cases.models import Household
from shelters.models import Shelter
from tests.walk.table import BODIES, MISSING_WITHOUT_A_KEY, TABLE, Api, Open, Page, Shut, Tablet
from tests.walk.world import Route, Visitor, World, make_world, routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now: datetime) -> Iterator[World]:
    """The world on the day of the story, with time standing still."""
    with time_machine.travel(now, tick=False):
        counts.clear()
        yield make_world()


def ask(visitor: Visitor, route: Route, path: str) -> HttpResponse:
    """One request, whose consequences are undone."""
    method = getattr(TABLE[route.name], "method", "get").upper()
    with transaction.atomic():
        response = visitor.client.generic(
            method, path, BODIES.get(route.name, ""), content_type="application/x-www-form-urlencoded"
        )
        transaction.set_rollback(True)
    return response


def outcome(response: HttpResponse) -> str:
    """What an answer comes to: "in", "sign in", "missing", "401" …"""
    if response.status_code in (301, 302) and response["Location"].startswith("/account/login/"):
        return "sign in"
    if response.status_code == 404:
        return "missing"
    if response.status_code in (401, 403):
        return str(response.status_code)
    return "in" if response.status_code < 500 else "broken"


def expected(door: Page | Api | Tablet, visitor: Visitor) -> str:
    """What `visitor` must meet at `door`."""
    if isinstance(door, Tablet):
        may = not door.can or bool(visitor.capabilities & set(door.can))
        return ("in" if may else "403") if visitor.is_staff else "401"
    if isinstance(door, Api):
        if not visitor.is_partner:
            return "401"
        return "missing" if door.about and not visitor.is_here else "in"
    if not visitor.is_staff:
        return "sign in"
    may = not door.can or bool(visitor.capabilities & set(door.can))
    return "in" if may and (visitor.is_here or not door.about) else "missing"


def plain(response: HttpResponse) -> str:
    """The body without what differs at each request: tokens, and the address itself."""
    text = response.content.decode()
    return re.sub(r'value="[^"]{20,}"|[0-9a-f]{8}-[0-9a-f-]{27}', "", text)


def address_of(route: Route, world: World) -> str:
    """The address of the world's own records."""
    return "/api/nothing/" if route.name == "api:missing" else reverse(route.name, kwargs=world.arguments_of(route))


def wrongs_at(route: Route, visitor: Visitor, world: World) -> Iterator[str]:
    """What is wrong with how one address answers one visitor."""
    door, path = TABLE[route.name], address_of(route, world)
    response = ask(visitor, route, path)
    met = outcome(response)
    if isinstance(door, Shut):
        right = met in ("missing", "401")
    elif isinstance(door, Open):
        right = met in ("in", "401", "sign in") or (route.name == "ready" and response.status_code == 503)
    elif met == "missing" and visitor.is_staff and route.name in MISSING_WITHOUT_A_KEY:
        right = True
    else:
        right = met == expected(door, visitor)
    if not right:
        yield f"{route.name}, {visitor}: {met} ({response.status_code})"
    if met != "in" or isinstance(door, Open) or not visitor.is_here:
        body = response.content.decode(errors="replace")
        yield from (f"{route.name}, {visitor}: learns {trace!r}" for trace in world.traces if trace in body)


def test_every_address_is_in_the_table_and_none_is_invented():
    assert {route.name for route in routes()} == set(TABLE)


@pytest.mark.parametrize("room", sorted({name.split(":")[0] for name in TABLE if ":" in name} | {""}))
class TestAddressesOf:
    def routes_of(self, room):
        return [route for route in routes() if (route.name.split(":")[0] if ":" in route.name else "") == room]

    def test_open_to_those_who_may_and_to_nobody_else(self, room, world):
        visits = [(route, visitor) for route in self.routes_of(room) for visitor in world.visitors]
        assert visits
        assert not [wrong for route, visitor in visits for wrong in wrongs_at(route, visitor, world)]

    def test_answer_for_a_forbidden_record_as_for_a_missing_one(self, room, world):
        ghosts = replace(world, household=ghost_of(world.household), shelter=ghost_of(world.shelter))
        for route in self.routes_of(room):
            if not getattr(TABLE[route.name], "about", False):
                continue
            here, nowhere = address_of(route, world), address_of(route, ghosts)
            for visitor in world.visitors:
                forbidden = ask(visitor, route, here)
                if outcome(forbidden) == "missing":
                    absent = ask(visitor, route, nowhere)
                    assert absent.status_code == 404
                    assert plain(forbidden) == plain(absent), f"{route.name}, {visitor}"
                    assert set(forbidden.headers) == set(absent.headers)


def ghost_of(record: Household | Shelter) -> Any:
    """A record that is in no database."""
    return type(record)(uid=uuid.uuid4())


class TestTheWalkItself:
    def test_notices_a_door_that_is_left_open(self, world):
        inside = next(visitor for visitor in world.visitors if visitor.name == "reception here")
        outside = replace(inside, capabilities=frozenset())
        door = TABLE["journey:household"]
        route = next(route for route in routes() if route.name == "journey:household")
        met = outcome(ask(inside, route, reverse(route.name, kwargs=world.arguments_of(route))))
        assert met == expected(door, inside) == "in"
        assert met != expected(door, outside)
