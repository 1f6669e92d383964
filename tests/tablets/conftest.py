"""A tablet at the bridge of Ciudad Juárez, on the day of the story."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from places.models import Crossing
from tests.factories import tablets


@pytest.fixture
def story_time(now: datetime) -> Iterator[datetime]:
    """Time stands still at the moment of the story."""
    with time_machine.travel(now, tick=False):
        yield now


@pytest.fixture
def fields(reference_data: None) -> dict[str, list[str]]:
    """The form at the bridge as the page sends it: a mother and her son over Paso del Norte."""
    written = {
        "size": "2",
        "p1-given_names": "Dayanara Lizeth",
        "p1-surnames": "Funes Amador",
        "p1-sex": "F",
        "p1-age": "31",
        "p1-a_number": "A 12-345-678",
        "p2-given_names": "Kevin",
        "p2-age": "01/06/2014",
        "p2-relation": "child",
        "crossing": str(Crossing.objects.get(name="Paso del Norte").pk),
        "arrived_on": "2021-12-08",
        "arrived_time": "10:40",
        "nationality": "HN",
        "language": "spa",
        "phone_owner": "own",
        "phone": "656 123 4567",
        "has_sheet": "no",
        "notice_read": "on",
        "agree_messages": "yes",
        "agree_partners": "yes",
    }
    return {name: [value] for name, value in written.items()}


@pytest.fixture
def arrival(fields: dict[str, list[str]]) -> Callable[..., dict[str, Any]]:
    """`arrival(uid=..., size=["3"], ...)`: an entry of the outbox with that family, its fields changed as told."""

    def make(
        uid: uuid.UUID | None = None, outside: dict[str, Any] | None = None, **changes: list[str]
    ) -> dict[str, Any]:
        return tablets.item({"fields": fields | changes}, uid=uid, **(outside or {}))

    return make


@pytest.fixture
def flush(story_time: datetime) -> Callable[..., Any]:
    """`flush(client, item, ...)`: send the entries as the outbox does, and return what the server says of each."""

    def send(client: Client, *items: dict[str, Any], device_now: datetime | None = None) -> Any:
        sent = tablets.batch(*items, device_now=device_now or story_time)
        answer = client.post("/tablet/sync/", sent, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()["results"]

    return send
