"""What every answer carries, and the questions of supervisors and monitoring."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit.models import EventType
from audit.tasks import dispatch_events
from messaging.tasks import send_due
from mpp_tracker.celery import app
from tests.factories.audit import EventFactory
from tests.factories.messaging import HeartbeatFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


class TestHealth:
    def test_live_asks_nobody_else(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/health/live/").status_code == 200

    def test_ready_needs_messages_to_be_swept(self, client):
        assert client.get("/health/ready/").status_code == 503
        HeartbeatFactory(ran_at=timezone.now())
        assert client.get("/health/ready/").status_code == 200

    def test_ready_finds_out_when_a_clock_jumps(self, client):
        with time_machine.travel(NOON, tick=False) as clock:
            send_due()
            assert client.get("/health/ready/").status_code == 200
            clock.move_to(NOON + timedelta(hours=1))
            assert client.get("/health/ready/").status_code == 503
            send_due()
            assert client.get("/health/ready/").status_code == 200
            clock.move_to(NOON)
            assert client.get("/health/ready/").status_code == 503
            send_due()
            assert client.get("/health/ready/").status_code == 200

    def test_ready_bears_a_clock_that_is_a_little_ahead(self, client):
        HeartbeatFactory(ran_at=timezone.now() + timedelta(seconds=5))
        assert client.get("/health/ready/").status_code == 200

    def test_ready_needs_what_follows_from_events_to_follow(self, client):
        HeartbeatFactory(ran_at=timezone.now())
        EventFactory(type=EventType.SIGNED_IN, recorded_at=timezone.now())
        assert client.get("/health/ready/").status_code == 200
        EventFactory(type=EventType.SIGNED_IN, recorded_at=timezone.now() - timedelta(minutes=3))
        answer = client.get("/health/ready/")
        assert (answer.status_code, b"events" in answer.content) == (503, True)
        dispatch_events()
        assert client.get("/health/ready/").status_code == 200

    def test_tells_no_secrets(self, client, settings):
        for path in ("/health/", "/health/live/", "/health/ready/"):
            body = client.get(path).content.decode()
            assert len(body) < 100
            assert settings.DATABASES["default"]["HOST"] not in body
            assert client.get(path)["Cache-Control"].startswith("max-age=0")

    def test_takes_no_post(self, client):
        assert client.post("/health/").status_code == 405


class TestRobots:
    def test_may_read_nothing(self, client):
        assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


class TestHeaders:
    @pytest.mark.parametrize("path", ["/account/login/", "/health/", "/nowhere/", "/robots.txt"])
    def test_let_nothing_in_from_outside(self, client, path):
        headers = client.get(path).headers
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";") if part.strip()
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert headers["X-Frame-Options"] == "DENY"
        assert {"camera=(self)", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Server" not in headers


class TestBeat:
    def test_keeps_no_file_that_a_crash_could_cut_short(self) -> None:
        """With celery's own shelf a beat killed in mid-write never starts again, and nothing is sent any more."""
        assert app.conf.beat_scheduler == "celery.beat:Scheduler"
        assert set(app.conf.beat_schedule) == {
            "dispatch-events",
            "send-due-messages",
            "end-due-access",
            "carry-on-plans",
            "carry-on-postponements",
            "carry-on-imports",
            "end-overdue-places",
            "ask-silent-shelters",
            "recheck-zones",
            "forget-old-sheets",
            "forget-old-lists",
            "forget-old-sessions",
            "forget-old-tokens",
        }

    def test_comes_round_before_it_is_likely_to_be_started_anew(self) -> None:
        """It remembers nothing: what is due less often than it restarts would never be done."""
        assert all(entry["schedule"].run_every <= timedelta(minutes=10) for entry in app.conf.beat_schedule.values())
