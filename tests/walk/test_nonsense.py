"""Whatever stands in an address or a form, no door breaks: what cannot be read is refused in words, or as if it were not said."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.db import transaction

from api.throttling import counts
from tests.walk.table import TABLE, Page
from tests.walk.test_urls_by_role import address_of
from tests.walk.world import World, make_world, routes

pytestmark = pytest.mark.django_db


def cursor(words: str) -> str:
    """A place in a list as its address says it, but of no list of ours."""
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


NONSENSE = [
    "\0",
    "²",
    "9" * 5000,
    "9999-12-31T23:59:59-14:00",
    cursor(f"2021-12-08T10:00:00+00:00 {'9' * 19}"),
    cursor(f"2021-12-08T10:00:00+00:00 {'9' * 4400}"),
]
TYPED = ["9" * 5000, "\0", "[" * 3000]
NOT_OURS = {name for name in TABLE if ":" not in name}  # the doors of sign-in
# What the addresses of the house may say behind their question mark.
ASKED = (
    "after all as at city code copies crossing day days done from from_shelter hearing kind lane lang language like month moment more "
    "near of only order over owed page paper part people pets picks ramp room safe seen shelter show show_all site source station time "
    "way why with word"
).split()


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it says when nobody touches it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.forms.append((said.get("action") or "", {}))
        elif tag in ("input", "select", "textarea", "button") and said.get("name") and self.forms:
            self.forms[-1][1].setdefault(str(said["name"]), said.get("value") or "")


@pytest.fixture
def world(now: datetime) -> Iterator[World]:
    with time_machine.travel(now, tick=False):
        counts.clear()
        yield make_world()


def ask(client: Any, method: str, address: str, said: dict[str, str]) -> int:
    client.raise_request_exception = False
    with transaction.atomic():
        if method == "GET":
            found = client.get(f"{address}?{urlencode(said)}")
        else:
            found = client.generic("POST", address, urlencode(said), content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return int(found.status_code)


def doors_of(room: str, world: World) -> Iterator[tuple[str, Page, Any]]:
    """The address of each page and deed of a room, and a browser of the first who may enter."""
    for route in routes():
        door = TABLE[route.name]
        if isinstance(door, Page) and route.name.partition(":")[0] == room:
            may = (each for each in world.visitors if each.is_here and each.is_staff)
            visitor = next(each for each in may if not door.can or each.capabilities & set(door.can))
            visitor.client.raise_request_exception = False
            yield address_of(route, world), door, visitor.client


@pytest.mark.parametrize(
    "room", sorted({name.partition(":")[0] for name, door in TABLE.items() if isinstance(door, Page)} - NOT_OURS)
)
def test_no_door_breaks_by_what_its_address_or_its_form_says(room: str, world: World) -> None:
    doors = {address: (client, door.method) for address, door, client in doors_of(room, world)}
    forms: dict[str, dict[str, str]] = {address: {} for address in doors}
    broken = []
    for address, (client, method) in doors.items():
        if method == "get":
            drawn = Forms()
            drawn.feed(client.get(address).content.decode(errors="replace"))
            for action, fields in drawn.forms:
                forms.get(urlsplit(action).path or address, {}).update(fields)
            broken += [
                (address, nonsense[:40])
                for nonsense in NONSENSE
                if ask(client, "GET", address, dict.fromkeys(ASKED, nonsense)) >= 500
            ]
    for address, fields in forms.items():
        typed = fields.keys() - {"csrfmiddlewaretoken"}
        alone = [{**fields, name: TYPED[0]} for name in typed]
        together = [{**fields, **dict.fromkeys(typed, nonsense)} for nonsense in TYPED]
        broken += [
            (address, str(said)[:200])
            for said in (*alone, *together)
            if ask(doors[address][0], "POST", address, said) >= 500
        ]
    assert not broken
