"""Questions are worked out once, asked with other values each time, and refuse whatever else would change them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler

from accounts.roles import Role
from audit.models import Event
from cases.models import Household, Person
from core.questions import NotSettled, question
from tests.factories.audit import EventFactory
from tests.factories.cases import HouseholdFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2021, 12, 8, 12, 0, tzinfo=UTC)


@question
def of_households(size, *, keys) -> QuerySet[Person]:
    families = Person.objects.filter(household__any_of=keys).select_related("household__site__city")
    return families.annotate(told=Value("x")).prefetch_related("documents").in_order()[:size]


@question
def since(*, moment) -> QuerySet[Event]:
    return Event.objects.filter(recorded_at__gte=moment).order_by("pk")


@question
def seen_by(*, actor) -> QuerySet[Household]:
    return Household.objects.visible_to(actor).order_by("pk")


class TestQuestion:
    def test_answers_as_its_queryset_does(self, django_assert_num_queries):
        households = [HouseholdFactory(people=2), HouseholdFactory(people=1), HouseholdFactory(people=1)]
        for asked in (households[:1], households[1:], households, []):
            keys = [each.pk for each in asked]
            found = of_households(3, keys=keys)
            plain = Person.objects.filter(household__in=keys).in_order()[:3]
            assert [(each.pk, each.given_names, each.told) for each in found] == [
                (each.pk, each.given_names, "x") for each in plain
            ]
        found = of_households(3, keys=[households[0].pk])
        with django_assert_num_queries(0):
            assert found[0].household.site.city.name
            assert list(found[0].documents.all()) == []

    def test_is_worked_out_once_a_form(self, monkeypatch):
        since(moment=NOON)
        worked_out = []
        as_sql = SQLCompiler.as_sql
        monkeypatch.setattr(
            SQLCompiler, "as_sql", lambda self, *a, **k: worked_out.append(self) or as_sql(self, *a, **k)
        )
        assert since(moment=NOON + timedelta(days=1)) == []
        assert worked_out == []
        of_households(7, keys=[1])
        of_households(8, keys=[2])
        assert len(worked_out) == 4  # each form for two sets of values

    def test_takes_other_moments(self):
        keys = [EventFactory(recorded_at=NOON + timedelta(hours=number)).pk for number in range(3)]
        for number in (2, 0, 1):
            assert [each.pk for each in since(moment=NOON + timedelta(hours=number))] == keys[number:]

    def test_takes_moments_a_fixed_time_from_those_given(self):
        @question
        def lately(*, begins, ends) -> QuerySet[Event]:
            before, after = begins - timedelta(hours=1), ends + timedelta(days=1)
            span = Event.objects.filter(recorded_at__gte=begins, recorded_at__lt=ends)
            return (span | Event.objects.filter(recorded_at__in=[before, after])).order_by("pk")

        moments = [NOON + timedelta(hours=each) for each in (-2, -1, 0, 1, 2, 26, 27)]
        keys = [EventFactory(recorded_at=moment).pk for moment in moments]
        for begin, found in ((0, keys[1:4] + keys[5:6]), (1, [*keys[2:4], keys[5]])):
            begins = NOON + timedelta(hours=begin)
            assert [each.pk for each in lately(begins=begins, ends=NOON + timedelta(hours=2))] == found

    def test_shows_each_actor_what_that_actor_may_see(self, actor_in):
        here, there = HouseholdFactory(site__code="JZ"), HouseholdFactory(site__code="TJ")
        assert seen_by(actor=actor_in(Role.COORDINATOR, "JZ")) == [here]
        assert seen_by(actor=actor_in(Role.COORDINATOR, "TJ")) == [there]
        assert seen_by(actor=actor_in(Role.ADMINISTRATOR)) == []


class TestNotSettled:
    @pytest.mark.parametrize(
        "worked_out",
        [
            lambda moment: moment.replace(hour=0, minute=0, second=0, microsecond=0),
            lambda moment: moment.replace(microsecond=0),
            lambda moment: moment.replace(day=1),
            lambda moment: moment.replace(year=2021),
        ],
    )
    def test_refuses_what_is_worked_out_from_a_value(self, worked_out):
        @question
        def of_that_day(*, moment) -> QuerySet[Event]:
            return Event.objects.filter(recorded_at__gte=worked_out(moment))

        with pytest.raises(NotSettled, match="worked out from a value"):
            of_that_day(moment=NOON)

    def test_is_asked_plainly_in_production(self, settings, caplog):
        @question
        def several(*, keys) -> QuerySet[Event]:
            return Event.objects.filter(pk__in=[*keys]).order_by("pk")

        settings.PRODUCTION = True
        events = [EventFactory(), EventFactory()]
        for asked in (events[:1], events, events[1:]):
            assert several(keys=[each.pk for each in asked]) == asked
        assert "not settled" in caplog.text

    def test_refuses_a_clock_that_is_read_within(self):
        moments = iter([NOON, NOON + timedelta(seconds=1)])

        @question
        def now_and_then(*, key) -> QuerySet[Event]:
            return Event.objects.filter(pk=key, recorded_at__lt=next(moments))

        with pytest.raises(NotSettled):
            now_and_then(key=1)

    def test_refuses_keys_that_change_the_sql(self):
        @question
        def several(*, keys) -> QuerySet[Event]:
            return Event.objects.filter(pk__in=[*keys])

        with pytest.raises(NotSettled):
            several(keys=[1])

    def test_refuses_what_is_asked_otherwise_of_no_keys(self):
        @question
        def some(*, keys) -> QuerySet[Event]:
            found = Event.objects.order_by("pk")
            return found.filter(pk__any_of=keys) if keys else found

        with pytest.raises(NotSettled):
            some(keys=[1, 2])

    def test_refuses_what_is_asked_otherwise_of_who_works_at_one_site(self, actor_in):
        @question
        def here(*, actor) -> QuerySet[Household]:
            seen = Household.objects.visible_to(actor)
            return seen if len(actor.site_ids) == 1 else seen.order_by("pk")

        with pytest.raises(NotSettled):
            here(actor=actor_in(Role.COORDINATOR, "JZ"))

    @pytest.mark.parametrize("value", [None, True, 1.5])
    def test_refuses_a_value_that_changes_the_question(self, value):
        with pytest.raises(NotSettled):
            since(moment=value)
