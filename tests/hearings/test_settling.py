from datetime import date, time

import pytest

from audit.models import Event, EventType
from core.errors import NotAllowed
from hearings.actions import (
    HearingNotStanding,
    NotInConflict,
    ReasonMissing,
    ReportAfterCourt,
    cancel_hearing,
    settle_conflict,
    verify_hearing,
)
from hearings.models import Claim, Hearing
from places import zones

pytestmark = pytest.mark.django_db
Fact = Claim.Fact
REASON = "Read to us from the sheet again."


def fresh(hearing):
    return Hearing.objects.for_clocks().get(pk=hearing.pk)


@pytest.fixture
def doubtful(note, change):
    """The sheet says 08:30, the family remembers 13:00 two days later: shown is 08:30, in conflict."""
    return change(note(), source="returnee", court_time=time(13, 0))


@pytest.fixture
def settle(officer, now):
    def act(claim, **facts):
        return settle_conflict(**({"claim": claim, "reason": REASON, "actor": officer, "at": now} | facts))

    return act


def word(hearing, source, fact=Fact.COURT_TIME):
    return hearing.claims.get(source=source, fact=fact)


class TestSettleConflict:
    def test_shows_the_chosen_word_and_ends_the_conflict(self, doubtful, settle):
        assert doubtful.conflicts == ["court_time"]
        hearing = settle(word(doubtful, "returnee"))
        assert (hearing.court_time, hearing.conflicts, hearing.version) == (time(13, 0), [], 2)

    def test_keeps_every_word_and_its_reason(self, doubtful, settle, officer):
        before = set(doubtful.claims.values_list("pk", flat=True))
        hearing = settle(word(doubtful, "sheet"))
        assert before < set(hearing.claims.values_list("pk", flat=True))
        decision = hearing.claims.get(source="decision")
        assert (decision.reason, decision.decided_by, decision.regards) == (REASON, officer.id, word(hearing, "sheet"))

    def test_confirming_what_is_shown_tells_nobody_anew(self, doubtful, settle):
        hearing = settle(word(doubtful, "sheet"))
        assert (hearing.court_time, hearing.conflicts, hearing.version) == (time(8, 30), [], 1)
        assert Event.objects.filter(type=EventType.HEARING_SETTLED).count() == 1
        assert not Event.objects.filter(type=EventType.HEARING_CHANGED).exists()

    def test_that_moves_the_hearing_is_a_change_of_it(self, doubtful, settle):
        settle(word(doubtful, "returnee"))
        assert Event.objects.filter(type=EventType.HEARING_CHANGED).count() == 1

    def test_is_opened_anew_by_a_later_word_that_contends(self, doubtful, settle, change):
        hearing = settle(word(doubtful, "sheet"))
        hearing = change(hearing, source="returnee", said_on=date(2021, 12, 11), court_time=time(13, 0))
        assert (hearing.court_time, hearing.conflicts) == (time(8, 30), ["court_time"])
        assert settle(hearing.claims.filter(source="sheet", fact="court_time").get()).conflicts == []

    def test_is_opened_anew_by_the_same_word_said_again_on_the_same_day(self, doubtful, settle, change):
        again = {"source": "returnee", "court_time": time(13, 0)}
        hearing = change(settle(word(doubtful, "sheet")), **again)
        assert hearing.conflicts == ["court_time"]
        change(hearing, **again)
        assert hearing.claims.filter(source="returnee", fact=Fact.COURT_TIME).count() == 2

    def test_stays_settled_by_a_later_word_that_agrees(self, doubtful, settle, change):
        hearing = change(settle(word(doubtful, "sheet")), source="lawyer", court_time=time(8, 30))
        assert hearing.conflicts == []

    def test_for_what_was_heard_holds_against_what_is_heard_later_and_an_older_paper(self, doubtful, settle, change):
        hearing = settle(word(doubtful, "returnee"))
        for said in (
            {"source": "lawyer", "said_on": date(2021, 12, 12)},
            {"source": "returnee", "said_on": date(2021, 12, 13)},
            {"source": "nta", "said_on": date(2021, 12, 1)},
        ):
            hearing = change(hearing, court_time=time(10, 0), **said)
            assert (hearing.court_time, hearing.conflicts, hearing.version) == (time(13, 0), ["court_time"], 2)
        hearing = change(hearing, said_on=date(2021, 12, 14), court_time=time(9, 0))
        assert hearing.court_time == time(9, 0)

    def test_yields_to_the_line_that_speaks_later(self, doubtful, settle, change):
        hearing = change(settle(word(doubtful, "returnee")), source="eoir", court_time=time(9, 0))
        assert hearing.court_time == time(9, 0)

    def test_says_nothing_of_other_facts(self, note, change, settle):
        hearing = change(note(interpreter="mam"), source="returnee", court_time=time(13, 0), interpreter="spa")
        assert hearing.conflicts == ["court_time", "interpreter"]
        assert settle(word(hearing, "sheet")).conflicts == ["interpreter"]

    def test_of_who_must_appear_summons_them(self, note, change, settle, household):
        head, other = household.people.order_by("position")
        hearing = change(note(people=[head, other]), source="returnee", people=[head])
        assert hearing.summonses.count() == 2
        hearing = settle(word(hearing, "returnee", Fact.PEOPLE))
        assert [each.person for each in hearing.summonses.all()] == [head]

    def test_refuses_without_a_reason(self, doubtful, settle):
        with pytest.raises(ReasonMissing):
            settle(word(doubtful, "sheet"), reason="  ")

    def test_refuses_where_nothing_differs(self, note, settle):
        with pytest.raises(NotInConflict):
            settle(word(note(), "sheet"))

    def test_refuses_a_word_that_a_later_one_of_its_source_replaced(self, doubtful, settle, change):
        old = word(doubtful, "returnee")
        change(doubtful, source="returnee", said_on=date(2021, 12, 11), court_time=time(10, 0))
        with pytest.raises(NotInConflict):
            settle(old)

    def test_refuses_a_time_at_the_bridge_after_the_court(self, note, change, settle):
        hearing = change(note(source="eoir"), court_time=time(13, 0), report_time=time(11, 0))
        settle(word(hearing, "notice", Fact.REPORT_TIME))
        assert fresh(hearing).conflicts == ["court_time"]
        with pytest.raises(ReportAfterCourt):
            settle(word(hearing, "eoir"))

    def test_for_the_line_leaves_the_hearing_verified(self, note, change, settle):
        hearing = change(note(source="eoir", said_on=date(2021, 12, 6)), source="sheet", court_time=time(13, 0))
        assert (hearing.court_time, hearing.verified_at, hearing.conflicts) == (time(13, 0), None, ["court_time"])
        hearing = settle(word(hearing, "eoir"))
        assert hearing.court_time == time(8, 30)
        assert zones.local(hearing.verified_at, hearing.court_zone).date() == date(2021, 12, 6)

    def test_for_a_word_of_nobody_s_leaves_it_unverified(self, note, change, settle):
        hearing = change(note(source="eoir", said_on=date(2021, 12, 6)), source="sheet", court_time=time(13, 0))
        assert settle(word(hearing, "sheet")).verified_at is None

    def test_refuses_other_sites_roles_and_hearings_that_do_not_stand(self, doubtful, settle, actor_in, officer, now):
        claim = word(doubtful, "sheet")
        for actor in (actor_in("hearings", "TJ"), actor_in("reception", "JZ")):
            with pytest.raises(NotAllowed):
                settle(claim, actor=actor)
        cancel_hearing(hearing=doubtful, source=Claim.Source.HEARING_NOTICE, actor=officer, at=now)
        with pytest.raises(HearingNotStanding):
            settle(claim)


class TestVerifyHearing:
    def test_ends_the_conflict_that_it_answers(self, doubtful, officer, now):
        hearing = verify_hearing(hearing=doubtful, said_on=date(2021, 12, 11), actor=officer, at=now)
        assert fresh(hearing).conflicts == []
