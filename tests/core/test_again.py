"""Two desks that lock the same rows crosswise: PostgreSQL breaks one off, and nobody hears of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from core.again import TIMES, atomic_again
from places.models import City
from tests.factories.places import CityFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("race")]


def lock_crosswise(first: City, second: City, meet: Barrier, tries: list[int]) -> None:
    tries.append(first.pk)
    City.objects.select_for_update().get(pk=first.pk)
    if len(tries) <= 2:
        meet.wait(timeout=10)
    City.objects.select_for_update().get(pk=second.pk)


class TestAtomicAgain:
    def test_does_the_deed_again_after_a_deadlock(self):
        one, other = CityFactory(name="Ciudad Uno"), CityFactory(name="Ciudad Dos")
        meet, tries = Barrier(2), []

        def desk(pair: tuple[City, City]) -> None:
            try:
                atomic_again(lock_crosswise)(*pair, meet, tries)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as desks:
            list(desks.map(desk, [(one, other), (other, one)]))

        assert len(tries) == 3

    def test_shows_the_deadlock_when_it_never_ends(self, monkeypatch):
        monkeypatch.setattr("core.again.FIRST_WAIT_SECONDS", 0.001)
        tries = []

        @atomic_again
        def broken_off() -> None:
            tries.append(1)
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

        with pytest.raises(OperationalError):
            broken_off()

        assert len(tries) == TIMES

    def test_leaves_what_is_inside_another_transaction_to_it(self):
        tries = []

        @atomic_again
        def broken_off() -> None:
            tries.append(1)
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")

        with pytest.raises(OperationalError), transaction.atomic():
            broken_off()

        assert tries == [1]

    def test_keeps_what_is_no_deadlock_as_it_is(self):
        tries = []

        @atomic_again
        def too_slow() -> None:
            tries.append(1)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 1")
                cursor.execute("SELECT pg_sleep(1)")

        with pytest.raises(OperationalError):
            too_slow()

        assert tries == [1]
