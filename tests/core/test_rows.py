from datetime import UTC, date, datetime, time

import pytest

from core.rows import update_rows
from hearings.models import Hearing
from tests.factories.hearings import HearingFactory

pytestmark = pytest.mark.django_db


class TestUpdateRows:
    def test_writes_what_saving_each_would_write(self, django_assert_num_queries):
        names = "court_on court_time court_at report_at report_on report_time report_zone report_basis conflicts restored version".split()
        rows = [HearingFactory(), HearingFactory(household__people=1)]
        for number, row in enumerate(rows):
            row.court_on, row.court_time = date(2022, 1, 3 + number), time(8, 30, 15, 250)
            row.court_at = datetime(2022, 1, 3 + number, 15, 30, 15, 123456, tzinfo=UTC)
            row.report_at = row.report_on = row.report_time = None
            row.report_zone, row.report_basis = "", "unknown"
            row.conflicts, row.restored, row.version = ["court_time", "kind"], {"3": 1, "“": "é\\n"}, 70_000
        with django_assert_num_queries(1):
            assert update_rows(rows, names) == 2
        for row in rows:
            written = Hearing.objects.get(pk=row.pk)
            assert {name: getattr(written, name) for name in names} == {name: getattr(row, name) for name in names}

    def test_leaves_other_fields_and_rows_alone(self):
        row, other = HearingFactory(), HearingFactory(household__people=1)
        row.version, row.kind = 5, "individual"
        update_rows([row], ["version"])
        assert Hearing.objects.get(pk=row.pk).kind == "initial_master"
        assert Hearing.objects.get(pk=other.pk).version == 1

    def test_writes_nothing_where_there_is_nothing(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert update_rows([], ["version"]) == 0
