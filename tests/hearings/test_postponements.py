"""Many hearings moved by one announced rule, and moved back."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from audit.models import Event, EventType
from core.actors import Actor
from core.errors import NotAllowed
from core.progress import percent_of
from hearings.actions import change_hearing, note_hearing, verify_hearing
from hearings.actions.postponements import (
    DocketChanged,
    NothingMoves,
    NotThatMany,
    PostponementMoved,
    apply_postponement,
    ask_for_preview,
    ask_to_apply,
    ask_to_undo,
    discard_postponement,
    make_postponement,
    preview_postponement,
    undo_postponement,
)
from hearings.models import HOLD, Claim, Hearing, Postponement, PostponementLine
from hearings.postponing import Base, Refusal, Rule, Unit
from places.zones import local
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import sheet_says
from tests.factories.places import CourtFactory, CrossingFactory, ReportRuleFactory

pytestmark = pytest.mark.django_db
State = Postponement.State
Fate = PostponementLine.Fate
AT = datetime(2020, 5, 10, 18, 0, tzinfo=UTC)
TEN_MAY = Rule(unit=Unit.MONTHS, count=1, before_on=date(2020, 6, 22))


@pytest.fixture
def note(officer):
    """Note a hearing of a new family (or of the one given), 08:30 at El Paso and 04:30 at the bridge, as a sheet of March says."""

    def act(day, **facts):
        facts.setdefault("household", None)
        household = facts.pop("household") or HouseholdFactory(site_id=min(officer.site_ids), people=2)
        said = sheet_says(household=household, court_on=day, said_on=date(2020, 3, 2))
        return note_hearing(**said | {"actor": officer, "at": AT - timedelta(days=60)} | facts)

    return act


@pytest.fixture
def make(officer):
    def act(rule=TEN_MAY, actor=None, announced_on=date(2020, 5, 10), at=AT):
        actor = actor or officer
        told = {"reason": "Aviso", "announced_on": announced_on, "actor": actor, "at": at}
        made, _new = make_postponement(uid=uuid4(), rule=rule, **told)
        return preview_postponement(postponement=made, actor=actor, at=at)

    return act


@pytest.fixture
def apply(officer, make):
    def act(rule=TEN_MAY, at=AT, **facts):
        made = make(rule, at=at, **facts)
        asked = ask_to_apply(postponement=made, actor=officer, at=at)
        return apply_postponement(postponement=asked, actor=officer, at=at)

    return act


@pytest.fixture
def undo(officer):
    def act(postponement, at):
        asked = ask_to_undo(postponement=postponement, actor=officer, at=at)
        return undo_postponement(postponement=asked, actor=officer, at=at)

    return act


def line_of(postponement, hearing):
    return postponement.lines.get(hearing=hearing)


def anew(hearing):
    return Hearing.objects.get(pk=hearing.pk)


def facts_of(hearing):
    """All that is shown of a hearing, without what counts its changes."""
    row = Hearing.objects.filter(pk=hearing.pk).values().get()
    return {name: value for name, value in row.items() if name not in ("version", "restored", "held_until")}


class TestPreview:
    def test_foresees_what_the_rule_of_ten_may_does(self, note, make):
        early, weekend, late = note(date(2020, 6, 1)), note(date(2020, 6, 4)), note(date(2020, 6, 22))
        made = make()
        assert made.state == State.PREVIEWED
        assert line_of(made, early).to_on == date(2020, 7, 1)
        assert (line_of(made, weekend).to_on, line_of(made, weekend).adjusted) == (date(2020, 7, 6), "weekend")
        assert not made.lines.filter(hearing=late).exists()

    def test_changes_nothing(self, note, make):
        hearing = note(date(2020, 6, 1))
        before = facts_of(hearing)
        make()
        assert facts_of(hearing) == before

    def test_keeps_the_hour_of_the_court_when_summer_time_begins_between(self, note, make):
        hearing = note(date(2021, 3, 1), said_on=date(2021, 1, 4), at=datetime(2021, 1, 4, 18, tzinfo=UTC))
        rule = Rule(unit=Unit.MONTHS, count=1, before_on=date(2021, 3, 2))
        made = make(rule, announced_on=date(2021, 2, 1), at=datetime(2021, 2, 1, 18, tzinfo=UTC))
        line = line_of(made, hearing)
        assert f"{local(line.to_at, line.zone):%d %b %H:%M}" == "01 Apr 08:30"
        assert line.to_at - line.from_at == timedelta(days=31) - timedelta(hours=1)
        assert local(line.report_to_at, line.report_zone).time() == time(4, 30)

    def test_takes_the_courts_crossings_and_kinds_of_the_rule_alone(self, note, make):
        here = note(date(2020, 6, 1), kind="individual")
        note(date(2020, 6, 1), court=CourtFactory(eoir_base="SND"), kind="individual")
        note(date(2020, 6, 1))
        made = make(
            Rule(
                unit=Unit.DAYS,
                count=7,
                before_on=date(2020, 6, 2),
                courts=frozenset({here.court_id}),
                kinds=frozenset({"individual"}),
                crossings=frozenset({here.report_crossing_id}),
            )
        )
        assert [line.hearing_id for line in made.lines.all()] == [here.pk]

    def test_says_why_a_hearing_stays(self, note, make, officer):
        family = HouseholdFactory(site_id=min(officer.site_ids), people=1)
        stays = {
            note(date(2020, 5, 8)): Refusal.OVER,
            note(date(2020, 6, 2), said_on=date(2020, 5, 12)): Refusal.NEWER_WORD,
            note(date(2020, 6, 1), household=family): Refusal.COLLIDES,
        }
        note(date(2020, 7, 1), household=family)
        made = make()
        assert {line.hearing_id: line.refusal for line in made.lines.refused()} == {
            hearing.pk: refusal for hearing, refusal in stays.items()
        }

    @pytest.mark.parametrize("source", ["returnee", "lawyer"])
    def test_moves_by_the_paper_whatever_was_heard_since_which_goes_on_contending(self, note, change, apply, source):
        hearing = note(date(2020, 6, 1))
        change(hearing, source=source, said_on=date(2020, 5, 12), court_on=date(2020, 7, 20), report_time=time(5, 0))
        line = line_of(apply(), hearing)
        after = Hearing.objects.get(pk=hearing.pk)
        assert (line.refusal, after.court_on, after.conflicts) == ("", date(2020, 7, 1), ["court_time"])

    def test_leaves_what_was_only_heard_to_those_who_heard_it_after_the_announcement(self, note, make):
        heard = note(date(2020, 6, 1), source="returnee")
        heard_since = note(date(2020, 6, 1), source="returnee", said_on=date(2020, 5, 12), report_time=None)
        made = make()
        assert [line_of(made, each).refusal for each in (heard, heard_since)] == ["", Refusal.NEWER_WORD]

    def test_refuses_an_hour_that_the_clocks_skip(self, note, make):
        # No court of ours has such a day: in the US clocks change on Sundays. In Amman summer time began on a Friday.
        court = CourtFactory(eoir_base="AMM", zone="Asia/Amman")
        told = {"said_on": date(2021, 1, 4), "report_time": None}
        hearing = note(date(2021, 3, 19), court=court, court_time=time(0, 30), **told)
        rule = Rule(unit=Unit.WEEKS, count=1, before_on=date(2021, 3, 20))
        made = make(rule, announced_on=date(2021, 2, 1), at=datetime(2021, 2, 1, 18, tzinfo=UTC))
        assert line_of(made, hearing).refusal == Refusal.NO_SUCH_TIME

    def test_lets_two_hearings_of_one_family_move_one_behind_the_other(self, note, apply, officer):
        family = HouseholdFactory(site_id=min(officer.site_ids), people=1)
        first, second = note(date(2020, 5, 15), household=family), note(date(2020, 6, 15), household=family)
        apply()
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.court_on, second.court_on) == (date(2020, 6, 15), date(2020, 7, 15))

    def test_is_about_the_hearings_of_the_own_sites_only(self, note, make, actor_in):
        elsewhere = actor_in("hearings", "TJ")
        note(date(2020, 6, 1))
        made = make(actor=elsewhere)
        assert not made.lines.exists()

    def test_is_not_for_those_who_do_not_work_on_hearings(self, make, actor_in):
        with pytest.raises(NotAllowed):
            make(actor=actor_in("shelter"))


class TestApply:
    def test_gives_the_new_date_as_the_word_of_the_announcement(self, note, apply):
        hearing = note(date(2020, 6, 1))
        done = apply()
        hearing.refresh_from_db()
        assert (done.state, hearing.court_on, hearing.court_time) == (State.APPLIED, date(2020, 7, 1), time(8, 30))
        assert anew(hearing).court_words.shown.source == Claim.Source.ANNOUNCEMENT
        assert (hearing.version, hearing.conflicts, hearing.verified_at) == (2, [], None)
        assert hearing.held_until == AT + HOLD

    def test_tells_meanwhile_how_far_it_is(self, note, apply):
        note(date(2020, 6, 1))
        assert percent_of(apply().work) == 88  # the last that it told, still within the transaction of this test

    def test_shows_what_was_foreseen_and_what_follows_from_all_that_is_said(self, note, apply, officer):
        hearings = [note(date(2020, 6, day)) for day in (1, 2, 3, 4, 5)]
        done = apply()
        for hearing in hearings:
            line = line_of(done, hearing)
            before = facts_of(hearing)
            assert (before["court_at"], before["report_at"]) == (line.to_at, line.report_to_at)
            # Whoever adds another word has all of it worked out anew: nothing may come out otherwise.
            change_hearing(
                hearing=hearing, source="lawyer", said_on=date(2020, 5, 11), judge="Green", actor=officer, at=AT
            )
            assert facts_of(hearing) == before | {"judge": "Green"}

    def test_marks_a_time_at_the_bridge_that_went_along_as_estimated(self, note, apply):
        hearing = note(date(2020, 6, 1))
        apply()
        hearing.refresh_from_db()
        assert (hearing.report_on, hearing.report_time) == (date(2020, 7, 1), time(4, 30))
        assert hearing.report_basis == Hearing.Basis.ESTIMATED
        assert anew(hearing).report_words.shown.source == Claim.Source.MOVED

    def test_takes_the_usual_time_of_the_crossing_where_no_paper_gave_one(self, note, apply):
        crossing = CrossingFactory()
        ReportRuleFactory(crossing=crossing, minutes_before=240)
        hearing = note(date(2020, 6, 1), crossing=crossing, report_time=None)
        apply()
        hearing.refresh_from_db()
        assert hearing.report_at == hearing.court_at - timedelta(hours=4)
        assert hearing.report_basis == Hearing.Basis.ESTIMATED

    def test_says_each_change_once_and_until_when_it_is_held(self, note, apply):
        hearing = note(date(2020, 6, 1))
        done = apply()
        event = Event.objects.get(type=EventType.HEARING_CHANGED)
        assert (event.subject_id, event.household) == (hearing.pk, hearing.household.uid)
        assert event.facts["postponement"] == done.pk
        assert event.facts["held_until"] == (AT + HOLD).isoformat()

    def test_does_nothing_more_when_it_is_done_again(self, note, apply, officer):
        note(date(2020, 6, 1))
        done = apply()
        apply_postponement(postponement=done, actor=officer, at=AT)
        assert Event.objects.filter(type=EventType.HEARING_CHANGED).count() == 1

    def test_moves_from_the_date_on_paper_however_often_it_is_announced(self, note, apply, make):
        hearing = note(date(2020, 6, 1))
        apply()
        again = make(announced_on=date(2020, 5, 11))
        assert line_of(again, hearing).refusal == Refusal.ALREADY

    def test_moves_from_the_date_that_holds_where_that_was_announced(self, note, apply, make):
        hearing = note(date(2020, 5, 29))
        apply()
        rule = Rule(unit=Unit.WEEKS, count=2, before_on=date(2020, 7, 1), base=Base.SHOWN)
        again = make(rule, announced_on=date(2020, 5, 20))
        assert line_of(again, hearing).to_on == date(2020, 7, 13)

    def test_never_moves_a_hearing_to_an_earlier_day(self, note, apply, make):
        hearing = note(date(2020, 6, 1))
        apply(Rule(unit=Unit.MONTHS, count=3, before_on=date(2020, 6, 22)))
        again = make(announced_on=date(2020, 5, 11))
        assert line_of(again, hearing).refusal == Refusal.EARLIER

    def test_asks_for_a_new_preview_when_the_docket_changed(self, note, make, officer):
        note(date(2020, 6, 1))
        asked = ask_to_apply(postponement=make(), actor=officer, at=AT)
        note(date(2020, 6, 2))
        with pytest.raises(DocketChanged):
            apply_postponement(postponement=asked, actor=officer, at=AT)
        assert not Claim.objects.filter(source=Claim.Source.ANNOUNCEMENT).exists()

    def test_asks_for_a_new_preview_when_somebody_confirmed_a_date(self, note, make, officer):
        hearing = note(date(2020, 6, 1))
        asked = ask_to_apply(postponement=make(), actor=officer, at=AT)
        verify_hearing(hearing=hearing, said_on=date(2020, 5, 9), actor=officer, at=AT)
        with pytest.raises(DocketChanged):
            apply_postponement(postponement=asked, actor=officer, at=AT)

    def test_refuses_a_rule_that_moves_nobody(self, make, officer):
        with pytest.raises(NothingMoves):
            ask_to_apply(postponement=make(), actor=officer, at=AT)

    def test_wants_to_hear_how_many_where_they_are_many(self, note, make, officer, monkeypatch):
        monkeypatch.setattr("hearings.actions.postponements.MANY", 1)
        for day in (1, 2):
            note(date(2020, 6, day))
        made = make()
        with pytest.raises(NotThatMany):
            ask_to_apply(postponement=made, how_many=3, actor=officer, at=AT)
        assert ask_to_apply(postponement=made, how_many=2, actor=officer, at=AT).state == State.APPLYING

    def test_refuses_what_another_desk_applied_or_discarded(self, note, apply, make, officer):
        note(date(2020, 6, 1))
        done, other = apply(), make(announced_on=date(2020, 5, 11))
        discard_postponement(postponement=other, actor=officer, at=AT)
        for deed, moved in ((ask_for_preview, done), (ask_to_undo, other), (discard_postponement, other)):
            with pytest.raises(PostponementMoved):
                deed(postponement=moved, actor=officer, at=AT)


class TestUndo:
    def test_brings_everything_back_as_it_was(self, note, apply, undo, officer):
        hearings = [note(date(2020, 6, 1)), note(date(2020, 6, 4), report_time=None, crossing=None)]
        verify_hearing(hearing=hearings[0], said_on=date(2020, 5, 9), actor=officer, at=AT - timedelta(days=1))
        before = [facts_of(hearing) for hearing in hearings]
        done = undo(apply(), AT + timedelta(minutes=14, seconds=59))
        assert done.state == State.UNDONE
        assert [facts_of(hearing) for hearing in hearings] == before

    def test_retracts_the_words_of_the_announcement_and_deletes_none(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        undo(apply(), AT + timedelta(minutes=1))
        announced = Claim.objects.filter(hearing=hearing, postponement__isnull=False)
        assert {claim.retracted_at for claim in announced} == {AT + timedelta(minutes=1)}
        assert anew(hearing).court_words.shown.source == Claim.Source.MPP_SHEET

    def test_says_so_once_for_each_hearing(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        undo(apply(), AT + timedelta(minutes=1))
        event = Event.objects.filter(type=EventType.HEARING_CHANGED).latest("pk")
        assert (event.subject_id, event.facts["cause"], event.facts["since"]) == (hearing.pk, "undone", AT.isoformat())

    def test_says_the_same_as_the_version_before_while_nobody_was_told(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        undo(apply(), AT + timedelta(minutes=14, seconds=59))
        hearing.refresh_from_db()
        assert (hearing.version, hearing.same_versions) == (3, (3, 1))

    def test_is_a_version_of_its_own_after_that(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        undo(apply(), AT + timedelta(minutes=15))
        hearing.refresh_from_db()
        assert (hearing.version, hearing.same_versions) == (3, (3,))

    def test_leaves_what_somebody_changed_or_confirmed_since(self, note, apply, undo, officer):
        changed, confirmed, untouched = (note(date(2020, 6, day)) for day in (1, 2, 3))
        done = apply()
        soon = {"actor": officer, "at": AT + timedelta(minutes=5)}
        change_hearing(hearing=changed, source="eoir", said_on=date(2020, 5, 11), court_on=date(2020, 8, 3), **soon)
        verify_hearing(hearing=confirmed, said_on=date(2020, 5, 11), **soon)
        undo(done, AT + timedelta(minutes=10))
        for hearing in (changed, confirmed, untouched):
            hearing.refresh_from_db()
        assert [each.court_on for each in (changed, confirmed, untouched)] == [
            date(2020, 8, 3),
            date(2020, 7, 2),
            date(2020, 6, 3),
        ]
        assert [line.fate for line in done.lines.all()] == [Fate.LEFT, Fate.LEFT, Fate.RESTORED]

    def test_leaves_a_hearing_whose_old_date_is_past(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        done = undo(apply(), datetime(2020, 6, 10, 18, tzinfo=UTC))
        assert line_of(done, hearing).fate == Fate.LEFT

    def test_leaves_a_hearing_whose_old_moment_was_taken_since(self, note, apply, undo):
        hearing = note(date(2020, 6, 1))
        done = apply()
        note(date(2020, 6, 1), household=hearing.household, at=AT)
        assert line_of(undo(done, AT + timedelta(minutes=5)), hearing).fate == Fate.LEFT


class TestClaimsStay:
    def test_as_they_were_said_also_when_they_are_retracted(self, note, apply):
        note(date(2020, 6, 1))
        apply()
        claims = Claim.objects.filter(postponement__isnull=False)
        for change in ({"local_time": time(9)}, {"local_time": time(9), "retracted_at": AT}):
            with pytest.raises(IntegrityError), transaction.atomic():
                claims.update(**change)
        claims.update(retracted_at=AT)
        with pytest.raises(IntegrityError), transaction.atomic():
            claims.update(retracted_at=None)


class TestVisibleTo:
    def test_shows_a_postponement_to_those_of_all_its_sites(self, make, actor_in, officer):
        made = make()
        assert Postponement.objects.visible_to(officer).get() == made
        assert Postponement.objects.visible_to(Actor.system("postponements")).get() == made
        assert not Postponement.objects.visible_to(actor_in("hearings", "TJ")).exists()
        assert not Postponement.objects.visible_to(actor_in("shelter")).exists()
