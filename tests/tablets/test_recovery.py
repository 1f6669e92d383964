"""The page that brings home what a broken tablet holds."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Arrival, Household
from tablets.models import Delivery
from tests.factories import tablets

pytestmark = pytest.mark.django_db

URL = "/tablet/recover/"


def exported(*items: dict[str, Any], **more: Any) -> SimpleUploadedFile:
    """The file that a tablet writes."""
    found = {"format": "mpp-tracker-outbox", "version": 1, "device": str(tablets.DEVICE), "items": items, **more}
    return SimpleUploadedFile("tablet.json", json.dumps(found).encode(), content_type="application/json")


@pytest.fixture
def client(client_of: Callable[..., Client], story_time: datetime) -> Client:
    return client_of("coordinator")


class TestRecover:
    def test_delivers_what_is_missing_and_says_what_each_became(
        self, client: Client, arrival: Callable[..., Any], flush: Callable[..., Any]
    ) -> None:
        sent, unsent, wrong = arrival(), arrival(), arrival(phone=["12"])
        flush(client, sent)
        page = client.post(URL, {"file": exported(sent, unsent, wrong)}).content.decode()
        assert Household.objects.count() == 2
        assert all(household.code in page for household in Household.objects.all())
        assert [page.count(pill) for pill in ("x-pill ok", "x-pill stop", "x-pill calm")] == [1, 1, 1]

    def test_twice_changes_nothing(self, client: Client, arrival: Callable[..., Any]) -> None:
        entry = arrival()
        for _ in range(2):
            assert client.post(URL, {"file": exported(entry)}).status_code == 200
        assert (Household.objects.count(), Delivery.objects.count()) == (1, 1)

    def test_takes_the_tablet_at_its_word_where_nobody_knows_its_clock(
        self, client: Client, arrival: Callable[..., Any], now: datetime
    ) -> None:
        client.post(URL, {"file": exported(arrival(outside={"untouched_clock": True}))})
        assert Delivery.objects.get().skew_seconds is None
        assert Arrival.objects.get().occurred_at == tablets.WRITTEN_AT

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("x.json", b"%PDF-1.4"),
            SimpleUploadedFile("x.json", b"[]"),
            SimpleUploadedFile("x.json", b'{"format": "other", "version": 1, "items": []}'),
            SimpleUploadedFile("x.json", b'{"format": "mpp-tracker-outbox", "version": 1, "items": 7, "device": "x"}'),
            SimpleUploadedFile("x.json", b""),
            SimpleUploadedFile("x.json", b"[" * 100_000),
        ],
        ids=["pdf", "list", "other", "broken", "empty", "deep"],
    )
    def test_says_that_another_file_is_none(self, client: Client, file: SimpleUploadedFile) -> None:
        answer = client.post(URL, {"file": file})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()

    def test_opens_the_form_with_what_was_written_when_only_fields_are_wrong(
        self, client: Client, arrival: Callable[..., Any], client_of: Callable[..., Client]
    ) -> None:
        wrong = arrival(phone=["12"])
        page = client.post(URL, {"file": exported(wrong)}).content.decode()
        assert 'action="/arrivals/new/"' in page
        written = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
        assert written["p1-given_names"] == "Dayanara Lizeth"
        form = client.post("/arrivals/new/", written)
        assert form.status_code == 422
        client.post("/arrivals/new/", written | {"phone": "656 123 4567"})
        assert str(Arrival.objects.get().uid) == wrong["id"]
        elsewhere = client_of("coordinator", "TJ").post(URL, {"file": exported(wrong | {"id": wrong["id"]})})
        assert "Dayanara" not in elsewhere.content.decode()

    def test_shows_nothing_of_an_entry_for_a_crossing_elsewhere(
        self, client_of: Callable[..., Client], arrival: Callable[..., Any]
    ) -> None:
        page = client_of("coordinator", "TJ").post(URL, {"file": exported(arrival())}).content.decode()
        assert "x-pill stop" in page
        assert "Dayanara" not in page

    def test_asks_for_the_file(self, client: Client) -> None:
        assert client.get(URL).status_code == 200
        assert client.post(URL).status_code == 422

    def test_is_for_coordinators(self, client_of: Callable[..., Client]) -> None:
        assert client_of("reception").get(URL).status_code == 404
