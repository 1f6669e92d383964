"""What a process keeps holds until something happened, and no longer."""

from collections.abc import Callable
from datetime import datetime

import pytest

from audit.actions import record
from audit.kept import LAST, Kept
from audit.models import Event, EventType
from core.actors import Actor
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

ACTOR = Actor.system("test")


@pytest.fixture
def happens(now: datetime) -> Callable[..., Event]:
    site = SiteFactory()
    return lambda: record(EventType.SHELTER_OPENED, subject=site, actor=ACTOR, at=now)


@pytest.fixture
def kept() -> Kept[int]:
    return Kept(most=2)


@pytest.fixture
def next_number() -> Callable[[], int]:
    numbers = iter(range(1, 100))
    return lambda: next(numbers)


class TestKept:
    def test_holds_until_something_happened(
        self, kept: Kept[int], next_number: Callable[[], int], happens: Callable[[], Event]
    ) -> None:
        assert [kept.of("a", next_number) for _ in range(3)] == [1, 1, 1]
        happens()
        assert [kept.of("a", next_number) for _ in range(3)] == [2, 2, 2]

    def test_is_worked_out_again_where_something_happened_meanwhile(
        self, kept: Kept[int], next_number: Callable[[], int], happens: Callable[[], Event]
    ) -> None:
        def interrupted() -> int:
            happens()
            return next_number()

        assert kept.of("a", interrupted) == 1
        assert kept.of("a", next_number) == 2

    @pytest.mark.parametrize("before", [1, LAST + 10])
    def test_notices_what_ended_later_than_what_was_recorded_after_it(
        self, kept: Kept[int], next_number: Callable[[], int], happens: Callable[[], Event], before: int
    ) -> None:
        first = happens()
        Event.objects.bulk_create(_copy(first, first.pk + 1 + number) for number in range(before))
        highest = first.pk + before + 5
        Event.objects.bulk_create([_copy(first, highest)])
        assert kept.of("a", next_number) == 1
        Event.objects.bulk_create([_copy(first, highest - 1)])
        assert kept.of("a", next_number) == 2

    def test_parts_answers_by_their_keys_and_forgets_the_oldest(
        self, kept: Kept[int], next_number: Callable[[], int]
    ) -> None:
        assert [kept.of(key, next_number) for key in "abab"] == [1, 2, 1, 2]
        assert [kept.of(key, next_number) for key in "acab"] == [1, 3, 1, 4]

    def test_keeps_nothing_that_failed(self, kept: Kept[int], next_number: Callable[[], int]) -> None:
        with pytest.raises(ZeroDivisionError):
            kept.of("a", lambda: 1 // 0)
        assert kept.of("a", next_number) == 1


def _copy(event: Event, pk: int) -> Event:
    copied = Event.objects.get(pk=event.pk)
    copied.pk = pk
    return copied
