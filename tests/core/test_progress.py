"""How far a long transaction is, as others see it."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from core.progress import Progress, percent_of


@pytest.mark.django_db(transaction=True)
class TestProgress:
    def test_is_seen_by_others_while_nothing_else_is_and_goes_with_the_transaction(self):
        told, seen = Event(), Event()

        def work():
            with transaction.atomic():
                Progress("sorting 7", begins=40).tell(1, 2)
                told.set()
                seen.wait(20)
            connection.close()

        worker = Thread(target=work)
        worker.start()
        assert told.wait(20)
        assert (percent_of("sorting 7"), percent_of("sorting 70")) == (70, None)
        seen.set()
        worker.join()
        assert percent_of("sorting 7") is None
