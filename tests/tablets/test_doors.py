"""How the outbox is answered when something stands in the way: always JSON, never a page to sign in."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from cases.models import Household
from tablets import answers
from tablets.entries import MOST_BYTES, MOST_ENTRIES
from tests.factories import tablets

pytestmark = pytest.mark.django_db

URL = "/tablet/sync/"


class TestReady:
    def test_tells_who_is_signed_in_and_the_key(self, client_of: Callable[..., Client], staff_in: Any) -> None:
        answer = client_of("reception").get("/tablet/ready/")
        told = answer.json()
        assert told["user"] == str(staff_in("reception").pk)
        assert set(told["key"]) == {"id", "spki"}
        assert "no-store" in answer.headers["Cache-Control"]
        assert datetime.fromisoformat(told["now"]).tzinfo is not None

    def test_gives_a_token_that_opens_the_way(self, staff_in: Callable[..., User], now: datetime) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(staff_in("reception"))
        sent = json.dumps(tablets.batch(device_now=now))
        refused = browser.post(URL, sent, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
        token = browser.get("/tablet/ready/").json()["csrf"]
        taken = browser.post(URL, sent, content_type="application/json", headers={"x-csrftoken": token})
        assert taken.status_code == 200

    def test_is_asked_once_more_after_the_session_ended(self, client: Client) -> None:
        answer = client.get("/tablet/ready/")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert "no-store" in answer.headers["Cache-Control"]


class TestSync:
    def test_with_an_expired_session_says_so_and_takes_nothing(self, client: Client, now: datetime) -> None:
        answer = client.post(URL, tablets.batch(device_now=now), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

    def test_of_a_role_without_the_deed_is_refused(self, client_of: Callable[..., Client], now: datetime) -> None:
        answer = client_of("shelter").post(URL, tablets.batch(device_now=now), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"[]",
            b"{}",
            b'{"device": "x", "device_now": "2021-12-08T18:00:00Z", "items": []}',
            b'{"device": "7ab1e700-0000-4000-8000-000000000001", "device_now": "2021-12-08T18:00:00", "items": []}',
            b'{"device": "7ab1e700-0000-4000-8000-000000000001", "device_now": "2021-12-08T18:00:00Z", "items": {}}',
        ],
    )
    def test_of_something_else_is_a_bad_batch(self, client_of: Callable[..., Client], body: bytes) -> None:
        answer = client_of("reception").post(URL, body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_batch")

    @pytest.mark.parametrize("size", [MOST_BYTES, 3_000_000])
    def test_of_too_much_is_told(self, client_of: Callable[..., Client], size: int) -> None:
        answer = client_of("reception").post(URL, b" " * (size + 1), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (413, "too_much")

    def test_of_too_many_entries_is_told(self, client_of: Callable[..., Client], now: datetime) -> None:
        many = tablets.batch(*[{"id": "x"}] * (MOST_ENTRIES + 1), device_now=now)
        assert client_of("reception").post(URL, many, content_type="application/json").status_code == 413

    def test_that_comes_as_a_form_is_a_bad_batch(self, client_of: Callable[..., Client]) -> None:
        browser = client_of("reception")
        browser.handler.enforce_csrf_checks = True
        token = browser.get("/tablet/ready/").json()["csrf"]
        answer = browser.post(URL, {"items": "x"}, headers={"x-csrftoken": token})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_batch")

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
    def test_of_a_moment_that_no_clock_shows_is_refused_and_not_tried_for_ever(
        self, client_of: Callable[..., Client], arrival: Callable[..., Any], flush: Callable[..., Any], moment: str
    ) -> None:
        (answer,) = flush(client_of("reception"), arrival() | {"written_at": moment})
        assert (answer["status"], answer["reason"]) == ("refused", "bad_entry")

    def test_answers_in_the_language_of_the_account(
        self,
        client_of: Callable[..., Client],
        staff_in: Callable[..., User],
        arrival: Callable[..., Any],
        flush: Callable[..., Any],
    ) -> None:
        said = set()
        for language in ("es", "en"):
            User.objects.filter(pk=staff_in("protection").pk).update(language=language)
            (answer,) = flush(client_of("protection"), arrival())
            said.add(answer["message"])
        assert len(said) == 2


class TestWithTheDatabaseAway:
    def test_the_rest_comes_again(
        self,
        client_of: Callable[..., Client],
        arrival: Callable[..., Any],
        flush: Callable[..., Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked = []
        deliver = answers.deliver

        def break_at_the_second(**told: Any) -> object:
            asked.append(told["entry"].uid)
            if len(asked) == 2:
                raise OperationalError
            return deliver(**told)

        monkeypatch.setattr(answers, "deliver", break_at_the_second)
        told = flush(client_of("reception"), arrival(), arrival(), arrival())
        assert [answer["status"] for answer in told] == ["received", "later", "later"]
        assert (len(asked), Household.objects.count()) == (2, 1)


class TestABug:
    def test_that_one_entry_meets_holds_up_no_other(
        self,
        client_of: Callable[..., Client],
        arrival: Callable[..., Any],
        flush: Callable[..., Any],
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        asked = []
        deliver = answers.deliver

        def break_at_the_first(**told: Any) -> object:
            asked.append(told["entry"].uid)
            if len(asked) == 1:
                raise ValueError("a bug")
            return deliver(**told)

        monkeypatch.setattr(answers, "deliver", break_at_the_first)
        told = flush(client_of("reception"), arrival(), arrival())
        assert [(answer["status"], answer.get("reason")) for answer in told] == [
            ("later", "broken"),
            ("received", None),
        ]
        assert "could not be taken" in caplog.text
        assert "Dayanara" not in caplog.text
