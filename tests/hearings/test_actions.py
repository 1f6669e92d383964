from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings.actions import (
    CancelledAnother,
    ConfirmedAnother,
    HearingAlreadyNoted,
    HearingNotStanding,
    NotByHearsay,
    NothingSaid,
    NotOfThisHousehold,
    ReportAfterCourt,
    ReportWithoutCrossing,
    SourceCannotTell,
    cancel_hearing,
    verify_hearing,
)
from hearings.models import Claim, Hearing
from places.models import Court, Crossing
from places.zones import NonexistentTime
from tests.factories.cases import PersonFactory
from tests.factories.places import ReportRuleFactory

pytestmark = pytest.mark.django_db
Source = Claim.Source
SAID_ON = date(2021, 12, 8)


def fresh(hearing):
    return Hearing.objects.for_clocks().get(pk=hearing.pk)


class TestNoteHearing:
    def test_keeps_both_wall_times_with_their_zones_and_moments(self, note):
        hearing = fresh(note())
        assert (hearing.court_on, hearing.court_time, hearing.court_zone) == (
            date(2021, 12, 16),
            time(8, 30),
            "America/Denver",
        )
        assert hearing.court_at == datetime(2021, 12, 16, 15, 30, tzinfo=UTC)
        assert (hearing.report_on, hearing.report_time, hearing.report_zone) == (
            date(2021, 12, 16),
            time(4, 30),
            "America/Ciudad_Juarez",
        )
        assert hearing.report_at == hearing.present_at == datetime(2021, 12, 16, 11, 30, tzinfo=UTC)
        assert hearing.report_basis == Hearing.Basis.DOCUMENTED

    def test_keeps_each_fact_as_a_claim_of_its_source(self, note):
        claims = note().claims.all()
        assert {claim.fact for claim in claims} == {"court", "court_time", "report_time", "crossing"}
        assert {claim.source for claim in claims} == {Source.MPP_SHEET}

    def test_summons_the_whole_household_unless_told(self, note, household):
        assert note().summonses.count() == 2
        head = household.people.first()
        assert [s.person for s in note(people=[head], court_on=date(2022, 1, 20)).summonses.all()] == [head]

    def test_estimates_a_missing_report_time_and_says_so(self, note):
        ReportRuleFactory(minutes_before=240)
        hearing = fresh(note(report_time=None))
        assert hearing.report_basis == Hearing.Basis.ESTIMATED
        assert hearing.report_time == time(4, 30)
        assert [claim.source for claim in hearing.said(Claim.Fact.REPORT_TIME)] == [Source.RULE]

    def test_says_that_the_report_time_is_unknown_without_a_rule_or_a_crossing(self, note):
        hearing = note(report_time=None, crossing=None)
        assert (hearing.report_at, hearing.report_basis) == (None, Hearing.Basis.UNKNOWN)
        assert hearing.present_at == hearing.court_at

    def test_is_recorded_with_its_household(self, note, household):
        hearing = note()
        event = Event.objects.get(type=EventType.HEARING_NOTED)
        assert (event.household, event.subject_id, event.facts["people"]) == (household.uid, hearing.pk, 2)

    def test_may_be_done_at_the_bridge(self, note, actor_in):
        assert note(actor=actor_in("reception", "JZ")).pk

    def test_refuses_other_sites_and_roles(self, note, actor_in):
        for actor in (actor_in("hearings", "TJ"), actor_in("shelter", "JZ")):
            with pytest.raises(NotAllowed):
                note(actor=actor)

    def test_refuses_the_same_moment_twice(self, note):
        note()
        with pytest.raises(HearingAlreadyNoted):
            note()

    def test_refuses_to_be_at_the_bridge_after_the_hearing(self, note):
        with pytest.raises(ReportAfterCourt):
            note(report_time=time(9, 0))

    def test_refuses_a_time_at_the_bridge_without_the_bridge(self, note):
        with pytest.raises(ReportWithoutCrossing):
            note(crossing=None)

    def test_refuses_a_local_time_that_the_clocks_skip(self, note):
        with pytest.raises(NonexistentTime):
            note(court_on=date(2022, 3, 13), court_time=time(2, 30), report_time=None)

    def test_refuses_a_rule_as_source(self, note):
        with pytest.raises(SourceCannotTell):
            note(source=Source.RULE)

    def test_refuses_somebody_of_another_household(self, note):
        with pytest.raises(NotOfThisHousehold):
            note(people=[PersonFactory()])

    def test_writes_nothing_when_it_refuses(self, note):
        with pytest.raises(ReportAfterCourt):
            note(report_time=time(9, 0))
        assert not Hearing.objects.exists()
        assert not Claim.objects.exists()


class TestChangeHearing:
    def test_shows_the_newer_notice_and_keeps_the_older_word(self, note, change):
        hearing = change(note(), court_on=date(2022, 1, 20), court_time=time(13, 0), report_time=time(9, 0))
        assert (hearing.court_on, hearing.court_time, hearing.report_on) == (
            date(2022, 1, 20),
            time(13, 0),
            date(2022, 1, 20),
        )
        assert hearing.version == 2
        assert hearing.claims.filter(fact="court_time").count() == 2
        assert not fresh(hearing).is_in_conflict

    def test_does_not_let_an_older_paper_replace_a_newer_one(self, note, change):
        hearing = change(note(), source=Source.NOTICE_TO_APPEAR, said_on=date(2021, 12, 1), court_time=time(13, 0))
        assert (hearing.court_time, hearing.version) == (time(8, 30), 1)

    @pytest.mark.parametrize("source", [Source.RETURNEE, Source.LAWYER])
    def test_goes_on_by_the_paper_when_somebody_says_otherwise_and_calls_it_a_conflict(self, note, change, source):
        hearing = change(note(), source=source, court_time=time(13, 0))
        assert (hearing.court_time, hearing.version) == (time(8, 30), 1)
        assert fresh(hearing).conflicts == ["court_time"]

    def test_goes_by_what_was_heard_while_there_is_no_paper(self, note, change):
        hearing = change(note(source=Source.RETURNEE), source=Source.LAWYER, court_time=time(13, 0))
        assert (hearing.court_time, hearing.version) == (time(13, 0), 2)
        hearing = change(hearing, source=Source.NOTICE_TO_APPEAR, said_on=date(2021, 12, 1), court_time=time(9, 0))
        assert (hearing.court_time, hearing.version) == (time(9, 0), 3)

    def test_keeps_the_first_date_that_contends(self, note, change):
        hearing = change(note(), source=Source.LAWYER, court_on=date(2021, 12, 13), report_time=time(5, 0))
        assert (hearing.court_on, hearing.report_on) == (date(2021, 12, 16), date(2021, 12, 16))
        assert hearing.conflicts == ["court_time"]
        assert hearing.contended_at == datetime(2021, 12, 13, 12, 0, tzinfo=UTC)
        hearing = change(hearing, source=Source.EOIR_LINE, said_on=date(2021, 12, 11), court_time=time(8, 30))
        assert (hearing.conflicts, hearing.contended_at) == ([], None)

    def test_ignores_a_time_at_the_bridge_that_belongs_to_a_date_that_does_not_count(self, note, change):
        ReportRuleFactory(minutes_before=240)
        said = {"court_on": date(2022, 1, 20), "court_time": time(13, 0), "report_time": time(9, 0)}
        hearing = change(note(report_time=None), source=Source.RETURNEE, **said)
        assert (hearing.report_on, hearing.report_basis) == (date(2021, 12, 16), Hearing.Basis.ESTIMATED)
        assert (hearing.conflicts, hearing.version) == (["court_time"], 1)

    def test_ends_the_conflict_when_the_line_speaks(self, note, change):
        hearing = change(note(), source=Source.RETURNEE, court_time=time(13, 0))
        hearing = change(hearing, source=Source.EOIR_LINE, said_on=date(2021, 12, 11), court_time=time(8, 30))
        assert hearing.court_time == time(8, 30)
        assert not fresh(hearing).is_in_conflict
        assert hearing.verified_at is not None

    def test_documents_what_was_estimated(self, note, change):
        ReportRuleFactory(minutes_before=240)
        hearing = change(note(report_time=None), report_time=time(4, 0))
        assert (hearing.report_time, hearing.report_basis, hearing.version) == (time(4, 0), Hearing.Basis.DOCUMENTED, 2)

    def test_never_replaces_a_documented_time_by_an_estimate(self, note, change):
        hearing = note()
        ReportRuleFactory(minutes_before=60)
        hearing = change(hearing, court_time=time(9, 0))
        assert (hearing.report_time, hearing.report_basis) == (time(4, 30), Hearing.Basis.DOCUMENTED)

    def test_estimates_anew_when_the_documented_time_belongs_to_an_earlier_date(self, note, change):
        ReportRuleFactory(minutes_before=240)
        hearing = change(note(), court_on=date(2022, 1, 20))
        assert (hearing.report_on, hearing.report_time) == (date(2022, 1, 20), time(4, 30))
        assert hearing.report_basis == Hearing.Basis.ESTIMATED

    def test_estimates_anew_when_another_paper_of_the_same_day_names_another_date(self, note, change):
        ReportRuleFactory(minutes_before=240)
        hearing = change(note(), said_on=SAID_ON, court_on=date(2021, 12, 23))
        assert (hearing.court_on, hearing.report_on) == (date(2021, 12, 23), date(2021, 12, 23))
        assert hearing.report_basis == Hearing.Basis.ESTIMATED

    def test_notes_a_word_that_changes_nothing_without_a_new_version(self, note, change):
        hearing = change(note(), source=Source.LAWYER, court_time=time(8, 30))
        assert hearing.version == 1
        assert Event.objects.filter(type=EventType.HEARING_CLAIM_ADDED).exists()
        assert not Event.objects.filter(type=EventType.HEARING_CHANGED).exists()

    def test_doubts_a_verified_hearing_that_moves(self, note, change, officer, now):
        hearing = verify_hearing(hearing=note(), said_on=SAID_ON, actor=officer, at=now)
        assert change(hearing, court_on=date(2022, 1, 20)).verified_at is None

    def test_leaves_verified_what_another_word_does_not_move(self, note, change, officer, now):
        hearing = verify_hearing(hearing=note(), said_on=SAID_ON, actor=officer, at=now)
        assert change(hearing, source=Source.RETURNEE, court_on=date(2022, 1, 20)).verified_at == now
        assert change(hearing, court_time=time(8, 30)).verified_at == now

    def test_verifies_nothing_by_a_line_that_says_otherwise(self, note, change):
        hearing = change(note(), source=Source.EOIR_LINE, said_on=date(2021, 12, 1), court_time=time(13, 0))
        assert (hearing.court_time, hearing.verified_at) == (time(8, 30), None)

    def test_refuses_to_say_nothing(self, note, change):
        with pytest.raises(NothingSaid):
            change(note())

    def test_refuses_a_moment_that_another_hearing_has(self, note, change):
        note()
        other = note(court_on=date(2022, 1, 20))
        with pytest.raises(HearingAlreadyNoted):
            change(other, court_on=date(2021, 12, 16), report_on=date(2021, 12, 16), report_time=time(4, 30))

    def test_refuses_the_officer_at_the_bridge(self, note, change, actor_in):
        with pytest.raises(NotAllowed):
            change(note(), actor=actor_in("reception", "JZ"), court_time=time(9, 0))


class TestVerifyHearing:
    def test_notes_when_the_line_confirmed_it(self, note, officer, now):
        hearing = verify_hearing(hearing=note(), said_on=SAID_ON, actor=officer, at=now)
        assert (hearing.verified_at, hearing.version) == (now, 1)
        assert hearing.claims.filter(source=Source.EOIR_LINE, local_time=time(8, 30)).exists()

    def test_is_one_however_often_the_page_sends_it(self, note, officer, now):
        hearing = note()
        for later in (0, 1):
            at = now + timedelta(seconds=later)
            noted = verify_hearing(hearing=hearing, version=1, said_on=SAID_ON, actor=officer, at=at)
        assert noted.verified_at == now
        assert Event.objects.filter(type=EventType.HEARING_VERIFIED).count() == 1

    def test_confirms_no_date_that_the_page_did_not_show(self, note, change, officer, now):
        hearing = change(note(), court_on=date(2022, 1, 20))
        with pytest.raises(ConfirmedAnother):
            verify_hearing(hearing=hearing, version=1, said_on=SAID_ON, actor=officer, at=now)
        hearing.refresh_from_db()
        assert hearing.verified_at is None


class TestCancelHearing:
    def test_takes_it_off_the_docket_as_a_new_version(self, note, officer, now):
        hearing = cancel_hearing(hearing=note(), source=Source.HEARING_NOTICE, actor=officer, at=now)
        assert (hearing.status, hearing.version) == (Hearing.Status.CANCELLED, 2)
        assert not Hearing.objects.standing().exists()

    def test_is_one_however_often_it_is_sent_and_refuses_any_change_after(self, note, change, officer, now):
        hearing = note()
        for _tap in range(2):
            off = cancel_hearing(hearing=hearing, source=Source.HEARING_NOTICE, version=1, actor=officer, at=now)
        assert off.version == 2
        assert Event.objects.get(type=EventType.HEARING_CANCELLED).facts["source"] == Source.HEARING_NOTICE
        with pytest.raises(HearingNotStanding):
            change(hearing, court_time=time(9, 0))

    @pytest.mark.parametrize("source", [Source.RETURNEE, Source.LAWYER, Source.NOTICE_TO_APPEAR])
    def test_goes_by_nothing_that_was_only_heard(self, note, officer, now, source):
        with pytest.raises(NotByHearsay):
            cancel_hearing(hearing=note(), source=source, actor=officer, at=now)
        assert Hearing.objects.standing().exists()

    def test_takes_no_date_off_that_the_page_did_not_show(self, note, change, officer, now):
        hearing = change(note(), court_on=date(2022, 1, 20))
        with pytest.raises(CancelledAnother):
            cancel_hearing(hearing=hearing, source=Source.EOIR_LINE, version=1, actor=officer, at=now)
        assert Hearing.objects.standing().exists()

    def test_frees_the_moment_for_another_hearing(self, note, officer, now):
        cancel_hearing(hearing=note(), source=Source.HEARING_NOTICE, actor=officer, at=now)
        assert note().stands


class TestClaim:
    def test_is_never_changed(self, note):
        claim = note().claims.first()
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(said_on=date(2020, 1, 1))


@pytest.mark.usefixtures("reference_data")
class TestHearingsOfTheBorder:
    """The documented report times come out of the loaded rules, each marked as estimated."""

    @pytest.mark.parametrize(
        ("base", "bridge", "court_time", "report_time"),
        [
            ("SND", "San Ysidro PedEast", time(12, 30), time(9, 0)),
            ("SND", "San Ysidro PedEast", time(8, 0), time(4, 0)),
            ("ELP", "Paso del Norte", time(8, 30), time(4, 30)),
            ("SNA", "Gateway to the Americas", time(8, 30), time(4, 0)),
            ("ELP", "DeConcini", time(8, 30), time(4, 30)),
        ],
    )
    def test_estimates_the_time_at_the_bridge(self, note, base, bridge, court_time, report_time):
        hearing = note(
            court=Court.objects.get(eoir_base=base),
            crossing=Crossing.objects.by_city().get(name=bridge),
            court_time=court_time,
            report_time=None,
        )
        assert (hearing.report_time, hearing.report_basis) == (report_time, "estimated")
        assert hearing.court_at - hearing.report_at >= timedelta(hours=3)
