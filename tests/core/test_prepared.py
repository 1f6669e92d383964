"""What a connection keeps ready answers as if it were asked anew, and what it cannot keep is asked as it is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.prepared import Statement

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 12, 8, 12, tzinfo=UTC)
numbers = count(1)


def statement(sql: str, *params: Any, at: dict[int, int]) -> Statement:
    return Statement(f"test_prepared_{next(numbers)}", sql, params, at)


def rows(asked: Statement, *values: Any) -> list[tuple[Any, ...]]:
    sql, params = asked.asked(connection, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


@pytest.fixture
def sum_of_two() -> Statement:
    return statement("SELECT n * %s + %s FROM unnest(%s::int[]) n WHERE '5%%' <> ''", 100, 0, [], at={1: 0, 2: 1})


class TestStatement:
    def test_is_asked_by_its_name_with_other_values_each_time(self, sum_of_two: Statement) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert rows(sum_of_two, 7, [1, 2]) == [(107,), (207,)]
            assert rows(sum_of_two, 8, [3]) == [(308,)]
            assert rows(sum_of_two, 9, []) == []
        assert [query["sql"].split("(")[0] for query in queries] == [f"EXECUTE {sum_of_two.name}"] * 3

    def test_has_one_place_for_a_value_that_stands_in_several(self) -> None:
        asked = statement("SELECT %s::timestamptz = %s::timestamptz, %s", None, None, "word", at={0: 0, 1: 0})
        assert rows(asked, NOON) == [(True, "word")]

    def test_needs_no_values(self) -> None:
        assert rows(statement("SELECT %s", "word", at={})) == [("word",)]

    def test_outlasts_a_transaction_that_is_undone(self, sum_of_two: Statement) -> None:
        with transaction.atomic():
            rows(sum_of_two, 7, [1])
            transaction.set_rollback(True)
        assert rows(sum_of_two, 7, [2]) == [(207,)]

    @pytest.mark.django_db(transaction=True)
    def test_is_prepared_anew_when_the_database_was_restarted(self, sum_of_two: Statement) -> None:
        rows(sum_of_two, 7, [1])
        connection.health_check_enabled, connection.health_check_done = True, False
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.health_check_done = False
        assert rows(sum_of_two, 7, [2]) == [(207,)]

    def test_is_asked_as_it_is_where_the_database_cannot_keep_it(self, caplog: pytest.LogCaptureFixture) -> None:
        untold = statement("SELECT json_build_array(%s)", [], at={0: 0})
        with CaptureQueriesContext(connection) as queries:
            assert rows(untold, [1, 2]) == [([[1, 2]],)]
            assert rows(untold, [3]) == [([[3]],)]
        assert len(queries) == 2
        assert [record.getMessage().split(" ", 1)[1] for record in caplog.records] == ["cannot be kept ready: 42P18"]

    def test_is_asked_as_it_is_through_a_pooler(self, sum_of_two: Statement, pooler: None) -> None:
        with CaptureQueriesContext(connection) as queries:
            assert rows(sum_of_two, 7, [1]) == [(107,)]
        assert queries[0]["sql"].startswith("SELECT")


@pytest.fixture
def pooler() -> Iterator[None]:
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
    yield
    del connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
