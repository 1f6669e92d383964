"""The readiness light: six reasons in their order, and what follows from them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.roles import Role
from cases.models import CovidTest, Household
from cases.states import Step
from core.look import CONDITION_KEYS, Condition, Light
from hearings.models import Hearing
from journey import readiness
from journey.families import family_of
from journey.mending import mendable
from journey.readiness import condition, lights
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import HearingFactory, SummonsFactory, TripFactory
from tests.factories.kin import AbsenceFactory
from tests.factories.shelters import StayFactory, UnitFactory

EVE = datetime(2021, 12, 15, 21, 0, tzinfo=UTC)  # the afternoon before the bridge at 04:30
NEGATIVE = CovidTest.Result.NOT_DETECTED


@pytest.fixture
def nurse(actor_in):
    return actor_in(Role.RECEPTION)


@pytest.fixture
def household(db) -> Household:
    """Two people with everything that can be in order the afternoon before."""
    household = HouseholdFactory(people=2, step=Step.PLACED)
    room = UnitFactory(shelter__gate_opens=time(3), shelter__gate_closes=time(23))
    for person in household.people.all():
        DocumentFactory(person=person)
        StayFactory(person=person, unit=room)
    _swab(household, taken_at=EVE - timedelta(hours=6))
    TripFactory(hearing=HearingFactory(household=household, verified_at=datetime(2021, 12, 9, 17, tzinfo=UTC)))
    return household


def _swab(household: Household, taken_at: datetime, result: str = NEGATIVE) -> CovidTest:
    return CovidTestFactory(
        person=household.people.first(), taken_at=taken_at, result=result, resulted_at=taken_at if result else None
    )


def _light(household: Household, actor: object, now: datetime = EVE) -> Light:
    return lights([household], now=now, actor=actor)[household.pk]


def _state(light: Light, key: str) -> str:
    return next(each.state for each in light.conditions if each.key == key)


class TestVerdict:
    def test_is_ready_when_all_that_is_known_is_in_order(self, household, nurse):
        light = _light(household, nurse)
        assert light.verdict == "ok"
        assert [each.state for each in light.conditions] == ["met", "met", "met", "met", "met", "met"]

    def test_keeps_the_six_in_their_order(self, household, nurse):
        assert tuple(each.key for each in _light(household, nurse).conditions) == CONDITION_KEYS

    def test_lets_nobody_go_while_something_is_missing(self, household, nurse):
        CovidTest.objects.all().delete()
        light = _light(household, nurse)
        assert light.verdict == "stop"
        assert str(light.short) == str(readiness.WORDS["test", "missing"])

    def test_names_what_to_confirm(self, household, nurse):
        Hearing.objects.update(verified_at=None)
        light = _light(household, nurse)
        assert light.verdict == "warn"
        assert str(light.short) == str(readiness.WORDS["hearing", "confirm"])

    def test_stays_open_without_a_hearing(self, household, nurse):
        Hearing.objects.update(status=Hearing.Status.CANCELLED)
        light = _light(household, nurse)
        assert light.verdict == "none"
        assert _state(light, "hearing") == "missing"

    def test_asks_nothing_of_those_who_left(self, household, nurse):
        Household.objects.update(step=Step.LEFT)
        household.refresh_from_db()
        light = _light(household, nurse)
        assert (light.verdict, light.conditions) == ("none", ())


class TestHearing:
    def test_names_what_the_sources_differ_on(self, household, nurse):
        Hearing.objects.update(conflicts=["court_time", "crossing"])
        with translation.override("en"):
            (condition, *_rest) = _light(household, nurse).conditions
        assert condition.state == "confirm"
        assert condition.reason == "the sources do not match: court time, crossing"

    def test_leads_to_the_decision_while_sources_differ(self, household, actor_in):
        Hearing.objects.update(conflicts=["court_time"])
        officer, family = actor_in("hearings", household.site), family_of(household, now=EVE)
        light = mendable(lights([household], now=EVE)[household.pk], family, actor=officer)
        assert light.conditions[0].href == reverse("docket:settle", args=[family.hearing.uid])

    def test_is_to_confirm_when_the_time_is_estimated(self, household, nurse):
        Hearing.objects.update(report_basis=Hearing.Basis.ESTIMATED)
        assert _state(_light(household, nurse), "hearing") == "confirm"

    def test_is_to_confirm_when_sources_contend(self, household, nurse):
        Hearing.objects.update(conflicts=["court_time"])
        assert _state(_light(household, nurse), "hearing") == "confirm"

    def test_is_missing_while_nobody_knows_the_time_at_the_bridge(self, household, nurse):
        Hearing.objects.update(
            report_at=None, report_on=None, report_time=None, report_zone="", report_basis=Hearing.Basis.UNKNOWN
        )
        assert _state(_light(household, nurse), "hearing") == "missing"


class TestDocument:
    def test_must_reach_to_the_day_of_the_hearing(self, household, nurse):
        household.people.last().documents.update(valid_until=date(2021, 12, 15))
        assert _state(_light(household, nurse), "document") == "missing"

    def test_counts_on_its_last_day(self, household, nurse):
        household.people.last().documents.update(valid_until=date(2021, 12, 16))
        assert _state(_light(household, nurse), "document") == "met"

    def test_without_a_last_day_is_to_confirm(self, household, nurse):
        household.people.last().documents.update(valid_until=None)
        assert _state(_light(household, nurse), "document") == "confirm"

    def test_is_missing_for_somebody_without_one(self, household, nurse):
        PersonFactory(household=household, position=3, relation="sibling", birth_date=date(1999, 1, 1))
        assert _state(_light(household, nurse), "document") == "missing"


class TestTest:
    def test_too_old_on_presenting_is_missing(self, household, nurse):
        CovidTest.objects.update(taken_at=EVE - timedelta(days=4), resulted_at=EVE - timedelta(days=4))
        assert _state(_light(household, nurse), "test") == "missing"

    def test_without_a_result_is_to_confirm(self, household, nurse):
        CovidTest.objects.update(result="", resulted_at=None)
        assert _state(_light(household, nurse), "test") == "confirm"

    def test_that_was_positive_is_missing(self, household, nurse):
        CovidTest.objects.update(result=CovidTest.Result.DETECTED)
        assert _state(_light(household, nurse), "test") == "missing"

    def test_counts_the_last_one(self, household, nurse):
        _swab(household, taken_at=EVE - timedelta(hours=1), result=CovidTest.Result.DETECTED)
        assert _state(_light(household, nurse), "test") == "missing"

    def test_is_not_asked_for_while_it_could_not_count(self, household, nurse):
        CovidTest.objects.all().delete()
        light = _light(household, nurse, now=EVE - timedelta(days=5))
        assert _state(light, "test") == "none"
        assert light.verdict == "ok"

    def test_is_missing_for_those_in_isolation_who_cannot_travel(self, household, nurse, actor_in):
        Household.objects.update(step=Step.ISOLATED)
        household.refresh_from_db()
        assert _state(_light(household, nurse), "test") == "missing"
        assert _state(_light(household, actor_in(Role.SHELTER)), "test") == "confirm"

    @pytest.mark.parametrize("result", ["", CovidTest.Result.DETECTED, CovidTest.Result.INCONCLUSIVE])
    def test_tells_a_shelter_desk_no_reason(self, household, actor_in, result):
        CovidTest.objects.update(result=result, resulted_at=EVE if result else None)
        seen = [each for each in _light(household, actor_in(Role.SHELTER)).conditions if each.key == "test"]
        CovidTest.objects.all().delete()
        untested = [each for each in _light(household, actor_in(Role.SHELTER)).conditions if each.key == "test"]
        assert seen == untested
        assert seen[0].state == "confirm"


class TestMinors:
    def test_in_another_room_are_to_confirm(self, household, nurse):
        minor = household.people.last()
        minor.stays.update(unit=UnitFactory(shelter=minor.stays.get().unit.shelter))
        assert _state(_light(household, nurse), "minors") == "confirm"

    def test_in_another_shelter_are_missing(self, household, nurse):
        household.people.last().stays.update(unit=UnitFactory())
        assert _state(_light(household, nurse), "minors") == "missing"

    @pytest.mark.parametrize("position", [1, 2])
    def test_whose_adult_or_who_are_not_here_are_missing(self, household, nurse, position):
        AbsenceFactory(person=household.people.get(position=position))
        assert _state(_light(household, nurse), "minors") == "missing"

    def test_without_an_adult_are_missing(self, household, nurse):
        for person in household.people.all():
            person.birth_date = date(2010, 1, 1)
            person.save()
        assert _state(_light(household, nurse), "minors") == "missing"

    def test_summoned_without_their_adult_are_missing(self, household, nurse):
        SummonsFactory(hearing=household.hearings.get(), person=household.people.get(position=2))
        assert _state(_light(household, nurse), "minors") == "missing"

    def test_whose_summoned_adult_is_away_are_missing(self, household, nurse):
        other = PersonFactory(household=household, position=3, relation="sibling", birth_date=date(1990, 1, 1))
        DocumentFactory(person=other)
        StayFactory(person=other, unit=household.people.get(position=1).stays.get().unit)
        for position in (1, 2):
            SummonsFactory(hearing=household.hearings.get(), person=household.people.get(position=position))
        assert _state(_light(household, nurse), "minors") == "met"
        AbsenceFactory(person=household.people.get(position=1))
        assert _state(_light(household, nurse), "minors") == "missing"

    def test_who_stay_behind_while_their_adult_goes_are_to_confirm(self, household, nurse):
        SummonsFactory(hearing=household.hearings.get(), person=household.people.get(position=1))
        assert _state(_light(household, nurse), "minors") == "confirm"

    def test_need_nothing_where_there_are_none(self, household, nurse):
        for person in household.people.all():
            person.birth_date = date(1980, 1, 1)
            person.save()
        assert _state(_light(household, nurse), "minors") == "none"


class TestRegistry:
    def test_lets_a_room_above_take_a_seat(self, household, nurse, monkeypatch):
        monkeypatch.setattr(readiness, "_judges", dict(readiness._judges))

        @condition("seat")
        def no_seat(families, actor, now):
            return {family.household.pk: Condition("seat", "Seat", "missing") for family in families}

        light = _light(household, nurse)
        assert light.verdict == "stop"
        assert light.conditions[3].state == "missing"

    def test_knows_six_conditions_only(self):
        with pytest.raises(ValueError, match="no condition"):
            condition("mood")


class TestLights:
    def test_cost_the_same_for_many(self, household, nurse, django_assert_num_queries):
        others = [HearingFactory(household__people=3).household for _ in range(5)]
        households = list(Household.objects.select_related("site__city"))
        assert len(households) == len(others) + 1
        with django_assert_num_queries(2):
            found = lights(households, now=EVE, actor=nurse)
        assert set(found) == {each.pk for each in households}
