"""Each guard has been seen failing: it is shown a wrong line and must catch it."""

import ast
from pathlib import Path

import pytest

from tests.architecture import guards


class TestWritesIn:
    @pytest.mark.parametrize(
        "line",
        [
            "household.save()",
            "Stay.objects.create(person=person)",
            "Stay.objects.filter(pk=1).update(ends_at=at)",
            "self.get_queryset().filter(pk=1).delete()",
            "Site.objects.get_or_create(code='JZ')",
            "Stay.objects.bulk_create([])",
        ],
    )
    def test_catches(self, line):
        assert guards.writes_in(line)

    @pytest.mark.parametrize(
        "line", ["facts.update(step=1)", "digest.update(b'x')", "Stay.objects.filter(pk=1).first()"]
    )
    def test_lets_pass(self, line):
        assert not guards.writes_in(line)


class TestClocksIn:
    @pytest.mark.parametrize(
        "line",
        [
            "timezone.now()",
            "datetime.now(UTC)",
            "datetime.datetime.now()",
            "date.today()",
            "default=timezone.now",
            "time.time()",
        ],
    )
    def test_catches(self, line):
        assert guards.clocks_in(line)

    @pytest.mark.parametrize("line", ["Now()", "at", "time.monotonic()", "timezone.localtime(at)"])
    def test_lets_pass(self, line):
        assert not guards.clocks_in(line)


class TestWrongDeed:
    @pytest.mark.parametrize(
        "deed",
        [
            "def end_stay(stay, *, actor, at):\n    'Close it.'",
            "def end_stay(*, stay, at):\n    'Close it.'",
            "def end_stay(*, stay, actor):\n    'Close it.'",
            "def end_stay(*, stay, actor, at):\n    pass",
        ],
    )
    def test_catches(self, deed):
        assert guards.wrong_deed(ast.parse(deed).body[0])

    def test_lets_pass(self):
        assert not guards.wrong_deed(ast.parse("def end_stay(*, stay, actor, at):\n    'Close it.'").body[0])


class TestHiddenConsequencesIn:
    @pytest.mark.parametrize(
        "source",
        [
            "class Stay(Model):\n    def save(self): pass",
            "class Stay(Model):\n    def delete(self): pass",
            "from django.db.models.signals import post_save",
            "from django.dispatch import receiver",
            "from django.db.models import signals",
        ],
    )
    def test_catches(self, source):
        assert guards.hidden_consequences_in(source)

    def test_lets_pass(self):
        assert not guards.hidden_consequences_in(
            "from django.db import models\nclass Stay(Model):\n    def saved(self): pass"
        )


class TestInnerImportsIn:
    def test_catches(self):
        assert guards.inner_imports_in("def end_stay():\n    from journey.models import Plan")

    def test_lets_pass(self):
        assert not guards.inner_imports_in("from journey.models import Plan\ndef f():\n    from math import sin")
        assert not guards.inner_imports_in("def ready(self):\n    from api import schema", "api")


class TestJoinsToPeopleIn:
    @pytest.mark.parametrize(
        "line",
        [
            "Household.objects.filter(people__sex='F')",
            "Arrival.objects.exclude(household__people=person)",
            "households.annotate(n=Count('people'))",
            "Q(household__people__uid=uid)",
        ],
    )
    def test_catches(self, line):
        assert guards.joins_to_people_in(line)

    @pytest.mark.parametrize(
        "line",
        [
            "prefetch_related('people__documents')",
            "Person.objects.filter(household=1)",
            "record(people=3)",
            "Count('pk')",
        ],
    )
    def test_lets_pass(self, line):
        assert not guards.joins_to_people_in(line)


class TestIsBadlyNamed:
    def test_catches(self):
        assert guards.is_badly_named(Path("cases/utils.py"))

    def test_lets_pass(self):
        assert not guards.is_badly_named(Path("cases/rules.py"))


class TestPagesRecordedIn:
    @pytest.mark.parametrize(
        ("source", "pages"),
        [
            ('record_read(actor=actor, at=now, page="line")', {"line"}),
            ('SEEN, KEPT = "sheet", "sheet.print"\nactions.record_read(page=KEPT)', {"sheet.print"}),
            ('page = "numbers" if post else "outcomes"\nrecord_read(page=page)', {"numbers", "outcomes"}),
            ('def _page(page):\n    record_read(page=page)\n_page(page="people")', {"people"}),
            ("record_read(page=name_of(view))", {"?name_of(view)"}),
            ('render(page="people")', set()),
        ],
    )
    def test_finds_every_name(self, source, pages):
        assert guards.pages_recorded_in(source) == pages
