"""Pages that cost the same wherever one is."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Event
from core.keyset import keyset_page
from tests.factories.audit import EventFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 12, 8, 12, 0, tzinfo=UTC)


def walk(rows, **options):
    """The keys of all rows, page by page."""
    found, cursor = [], ""
    while True:
        page = keyset_page(rows, by="recorded_at", cursor=cursor, size=4, **options)
        found += [row.pk for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return found


class TestKeysetPage:
    def test_loses_and_repeats_nothing_at_equal_moments(self):
        keys = [EventFactory(recorded_at=NOON).pk for _ in range(11)]
        assert walk(Event.objects.all()) == keys[::-1]
        assert walk(Event.objects.all(), descending=False) == keys

    def test_goes_by_the_moment_before_the_key(self):
        keys = [EventFactory(recorded_at=NOON - timedelta(minutes=number)).pk for number in range(9)]
        assert walk(Event.objects.all()) == keys

    def test_ends_without_an_empty_page(self):
        EventFactory.create_batch(4, recorded_at=NOON)
        assert keyset_page(Event.objects.all(), by="recorded_at", size=4).next_cursor == ""

    def test_of_nothing_is_empty(self):
        assert keyset_page(Event.objects.all(), by="recorded_at").rows == []

    @pytest.mark.parametrize(
        "text",
        ["", "x", "2021-12-08 1", "2021-12-08T12:00:00 1", "soon 1", "2021-12-08T12:00:00+00:00 x", "a b c"]
        + [f"2021-12-08T12:00:00+00:00 {key}" for key in ("²", "٣", "9" * 19, "9" * 4400, "-1", "\0")],
    )
    def test_takes_a_cursor_that_is_none_of_ours_as_the_first_page(self, text):
        EventFactory(recorded_at=NOON)
        cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        assert len(keyset_page(Event.objects.all(), by="recorded_at", cursor=cursor).rows) == 1

    def test_takes_a_key_beyond_all_keys(self):
        EventFactory(recorded_at=NOON)
        cursor = base64.urlsafe_b64encode(f"{NOON.isoformat()} {10**30}".encode()).decode().rstrip("=")
        assert len(keyset_page(Event.objects.all(), by="recorded_at", cursor=cursor).rows) == 1
