"""Court, kind, judge, interpreter and people of a hearing are words of their sources like its times."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from hearings.actions import InterpreterUnknown, SourceCannotTell, cancel_hearing
from hearings.models import Claim, Hearing
from places.zones import NonexistentTime
from tests.factories.cases import PersonFactory
from tests.factories.hearings import ClaimFactory
from tests.factories.places import CityFactory, CourtFactory, CrossingFactory, ReportRuleFactory

pytestmark = pytest.mark.django_db
Fact = Claim.Fact


@pytest.fixture
def san_diego():
    city = CityFactory(name="San Diego", zone="America/Los_Angeles", country="US", iso3166_2="US-CA")
    return CourtFactory(eoir_base="SND", name="San Diego", zone="America/Los_Angeles", city=city)


@pytest.fixture
def deconcini():
    city = CityFactory(name="Nogales", zone="America/Hermosillo", iso3166_2="MX-SON")
    return CrossingFactory(name="DeConcini", city=city)


def fresh(hearing):
    return Hearing.objects.for_clocks().get(pk=hearing.pk)


class TestEachFact:
    def test_is_kept_as_a_word_of_its_source(self, note, household):
        hearing = note(
            kind=Hearing.Kind.INDIVIDUAL, judge="Hon. A. Example", interpreter="mam", people=household.people.all()
        )
        assert {claim.fact for claim in hearing.claims.all()} == set(Fact)
        assert (hearing.kind, hearing.judge, hearing.interpreter) == ("individual", "Hon. A. Example", "mam")

    def test_follows_the_newest_source(self, note, change):
        hearing = change(note(judge="One", interpreter="spa"), judge="Two", interpreter="kek", kind="individual")
        assert (hearing.judge, hearing.interpreter, hearing.kind) == ("Two", "kek", "individual")

    def test_contends_when_a_memory_says_otherwise(self, note, change):
        hearing = change(note(interpreter="mam"), source="returnee", interpreter="spa")
        assert (hearing.interpreter, hearing.conflicts) == ("mam", ["interpreter"])

    def test_of_the_judge_is_the_same_in_capitals(self, note, change):
        assert change(note(judge="Hon. Example"), source="returnee", judge="HON. EXAMPLE").conflicts == []

    def test_that_changes_nothing_to_act_upon_makes_no_new_version(self, note, change):
        assert change(note(), judge="Two", interpreter="mam", kind="individual").version == 1

    def test_stays_unsaid_where_no_source_said_it(self, note):
        hearing = note()
        assert not hearing.claims.filter(fact__in=[Fact.KIND, Fact.PEOPLE, Fact.JUDGE, Fact.INTERPRETER])
        assert hearing.kind == Hearing.Kind.INITIAL_MASTER

    def test_refuses_an_interpreter_of_no_language(self, note):
        with pytest.raises(InterpreterUnknown):
            note(interpreter="zzz")

    def test_cannot_be_stated_by_a_decision_of_ours(self, note, change):
        with pytest.raises(SourceCannotTell):
            change(note(), source="decision", judge="One")

    def test_cannot_be_said_in_the_words_of_another(self, note):
        hearing = note()
        for wrong in ({"fact": "judge"}, {"fact": "court", "zone": "America/Denver"}, {"judge": "One"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                ClaimFactory(hearing=hearing, **wrong)


class TestCourt:
    def test_keeps_the_wall_time_and_reads_it_on_the_clock_of_the_new_court(self, note, change, san_diego):
        hearing = change(note(report_time=None, crossing=None), court=san_diego)
        assert (hearing.court, hearing.court_time, hearing.court_zone) == (
            san_diego,
            time(8, 30),
            "America/Los_Angeles",
        )
        assert hearing.court_at == datetime(2021, 12, 16, 16, 30, tzinfo=UTC)
        assert hearing.version == 2

    def test_contends_alone_when_the_wall_times_agree(self, note, change, san_diego):
        hearing = change(note(), source="returnee", court=san_diego, court_time=time(8, 30))
        assert hearing.conflicts == ["court"]
        assert fresh(hearing).court_at == datetime(2021, 12, 16, 15, 30, tzinfo=UTC)

    def test_refuses_a_wall_time_that_its_clocks_skip(self, note, change):
        # Phoenix never changes its clocks; El Paso skips this half hour.
        city = CityFactory(name="Phoenix", zone="America/Phoenix", country="US", iso3166_2="US-AZ")
        phoenix = CourtFactory(eoir_base="PHO", name="Phoenix", zone="America/Phoenix", city=city)
        hearing = note(
            court=phoenix, court_on=date(2022, 3, 13), court_time=time(2, 30), report_time=None, crossing=None
        )
        with pytest.raises(NonexistentTime):
            change(hearing, court=CourtFactory())

    def test_takes_back_what_the_line_confirmed(self, note, change, san_diego):
        verified = change(note(), source="eoir", court_time=time(8, 30))
        assert verified.verified_at is not None
        assert change(verified, source="notice", said_on=date(2021, 12, 11), court=san_diego).verified_at is None


class TestCrossing:
    def test_keeps_the_wall_time_and_reads_it_on_the_clock_of_the_new_bridge(self, note, change, deconcini):
        hearing = note(court_on=date(2022, 7, 14))
        assert hearing.report_at == datetime(2022, 7, 14, 10, 30, tzinfo=UTC)
        hearing = change(hearing, crossing=deconcini)
        assert (hearing.report_time, hearing.report_zone) == (time(4, 30), "America/Hermosillo")
        assert hearing.report_at == datetime(2022, 7, 14, 11, 30, tzinfo=UTC)


class TestPeople:
    def test_are_summoned_as_the_newest_source_says(self, note, change, household):
        head, other = household.people.order_by("position")
        hearing = change(note(people=[head, other]), people=[head])
        assert [each.person for each in hearing.summonses.all()] == [head]
        assert hearing.version == 2

    def test_stay_summoned_when_an_older_paper_says_otherwise(self, note, change, household):
        head, other = household.people.order_by("position")
        hearing = change(note(people=[head, other]), source="nta", said_on=date(2021, 12, 1), people=[head])
        assert (hearing.summonses.count(), hearing.version) == (2, 1)

    def test_of_another_household_by_now_are_left_out(self, note, change, household):
        head, other = household.people.order_by("position")
        hearing = note(people=[head, other])
        type(other).objects.filter(pk=other.pk).update(household=PersonFactory().household, position=7)
        hearing = change(hearing, source="lawyer", said_on=date(2021, 12, 9), people=[head])
        assert [each.person for each in hearing.summonses.all()] == [head]

    def test_that_change_are_an_event_of_the_hearing(self, note, change, household):
        change(note(), people=[household.people.first()])
        assert Event.objects.filter(type=EventType.HEARING_CHANGED).exists()


class TestReportTime:
    def test_never_yields_to_an_estimate_whatever_else_changes(self, note, change, deconcini, officer, now):
        ReportRuleFactory(minutes_before=60)
        ReportRuleFactory(minutes_before=60, crossing=deconcini)
        for facts in ({"crossing": deconcini}, {"court_time": time(9, 0)}, {"kind": "individual"}, {"judge": "One"}):
            hearing = change(note(), **facts)
            assert (hearing.report_time, hearing.report_basis) == (time(4, 30), "documented")
            cancel_hearing(hearing=hearing, source=Claim.Source.HEARING_NOTICE, actor=officer, at=now)
