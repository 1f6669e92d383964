"""What a log line and an error report may say."""

import sys

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter

from privacy.logs import HIDDEN, QuietReporterFilter, redact, redact_text


class TestRedact:
    @pytest.mark.parametrize(
        "key", ["name", "surnames", "phone", "email", "a_number", "birth_date", "body", "q", "Notes"]
    )
    def test_hides_personal_keys_at_any_depth(self, key: str) -> None:
        event = redact(None, "info", {"event": "x", key: "Juana", "facts": [{key: "Juana"}]})
        assert "Juana" not in repr(event)
        assert event[key] == HIDDEN

    @pytest.mark.parametrize(
        "text",
        [
            "sent to +52 1 656 123 4567 now",
            "sent to 656-123-4567",
            "sent to (656) 123 4567",
            "sent to 55 1234 5678",
            "sent to 6561234567.",
            "unknown A012345678",
            "unknown A 012-345-678",
            "unknown 012345678",
            "mail to juana.ines@example.org failed",
            "broke: /calendar/PKSMeOhUWBgdc9N9ijQk8D-656123_mrbuykj7ChnsS7HM.ics",
        ],
    )
    def test_hides_what_looks_like_a_number_or_address(self, text: str) -> None:
        for key in ("event", "exception", "anything"):
            event = redact(None, "info", {key: text})
            assert HIDDEN in event[key]
            assert not any(part in event[key] for part in ("656", "123", "345", "1234", "juana"))

    @pytest.mark.parametrize(
        "text",
        [
            "2026-11-21T20:35:42.123456+00:00 started",
            "2026-11-21 20:35:42 started",
            "household 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "GET /shelters/12/ 200 in 12.3456789 ms on 127.0.0.1:40839",
            "case JZ-4182, 1,234,567 rows",
        ],
    )
    def test_leaves_moments_ids_and_addresses_of_machines(self, text: str) -> None:
        assert redact_text(text) == text

    def test_hides_what_an_exception_says(self) -> None:
        event = redact(None, "error", {"event": "x", "error": ValueError("656 123 4567")})
        assert event["error"] == f"ValueError: {HIDDEN}"

    def test_leaves_numbers_and_empty_values(self) -> None:
        assert redact(None, "info", {"count": 123456789, "phone": "", "at": None}) == {
            "count": 123456789,
            "phone": "",
            "at": None,
        }


class TestQuietReporterFilter:
    def test_shows_neither_what_was_posted_nor_local_variables(self) -> None:
        posted, kept = "Juana", "Inés"
        request = RequestFactory().post("/find/", {"given_names": posted * 2})
        request.exception_reporter_filter = QuietReporterFilter()
        local = kept * 2
        try:
            raise RuntimeError
        except RuntimeError:
            reporter = ExceptionReporter(request, *sys.exc_info())
            shown = reporter.get_traceback_text() + reporter.get_traceback_html()
        assert "given_names" in shown
        assert posted * 2 not in shown
        assert local not in shown
