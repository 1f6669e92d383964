"""Pages of postponements, and what becomes of the messages."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from audit.actions import dispatch_pending
from audit.models import Event, EventType, Read
from core.actors import Actor
from docket.postponements import open_postponements
from hearings.actions import note_hearing
from hearings.actions.postponements import (
    apply_postponement,
    ask_to_apply,
    ask_to_undo,
    make_postponement,
    preview_postponement,
    undo_postponement,
)
from hearings.models import HOLD, Hearing, Postponement
from hearings.postponing import Rule, Unit
from journey.handlers import follow_hearings
from messaging.models import Message
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.hearings import sheet_says

pytestmark = pytest.mark.django_db
AT = datetime(2020, 5, 10, 18, 0, tzinfo=UTC)  # 12:00 in Ciudad Juárez
TEN_MAY = Rule(unit=Unit.MONTHS, count=1, before_on=date(2020, 6, 22))
NEAR = date(2020, 5, 15)  # so that the text of seven days before went out on the 8th
State = Postponement.State
Status = Message.Status


@pytest.fixture
def note(officer):
    """Note a hearing of a family with a phone, and let all that follows from it be planned."""

    def act(day=date(2020, 6, 1), at=AT - timedelta(days=30), **facts):
        household = HouseholdFactory(site_id=min(officer.site_ids))
        PersonFactory(household=household, phone=f"+5265612{household.pk % 10_000:05d}", phone_owner="own")
        ConsentFactory(household=household)
        said = sheet_says(household=household, court_on=day, said_on=date(2020, 3, 2))
        hearing = note_hearing(**said | {"actor": officer, "at": at} | facts)
        dispatch_pending(at=at)
        return hearing

    return act


@pytest.fixture
def apply(officer):
    def act(at=AT, rule=TEN_MAY, dispatched=True):
        told = {"reason": "Aviso", "announced_on": at.date(), "actor": officer, "at": at}
        made, _new = make_postponement(uid=uuid4(), rule=rule, **told)
        made = preview_postponement(postponement=made, actor=officer, at=at)
        done = apply_postponement(
            postponement=ask_to_apply(postponement=made, actor=officer, at=at), actor=officer, at=at
        )
        if dispatched:
            dispatch_pending(at=at)
        return done

    return act


@pytest.fixture
def undo(officer):
    def act(postponement, at):
        asked = ask_to_undo(postponement=postponement, actor=officer, at=at)
        undone = undo_postponement(postponement=asked, actor=officer, at=at)
        dispatch_pending(at=at)
        return undone

    return act


def waiting(hearing):
    """What waits to be sent about a hearing, without the version that it belongs to."""
    messages = Message.objects.about(hearing.household.uid).waiting()
    return sorted((message.rung, message.recipient, message.due_at, message.expires_at) for message in messages)


def sent(hearing):
    """Let the text of seven days before have gone out when it was due."""
    due = Message.objects.about(hearing.household.uid).filter(rung="days_7", status=Status.PLANNED)
    assert due.update(status=Status.SENT, sent_at=F("due_at")) == 1


def news_of(hearing):
    return list(Message.objects.about(hearing.household.uid).filter(rung="changed", status=Status.PLANNED))


class TestTheHold:
    def test_lets_nobody_be_told_of_anything_for_a_quarter_of_an_hour(self, note, apply):
        hearing = note(NEAR)
        sent(hearing)
        apply()
        dues = [message.due_at for message in Message.objects.about(hearing.household.uid).waiting()]
        assert min(dues) == AT + HOLD
        assert [message.due_at for message in news_of(hearing)] == [AT + HOLD]

    def test_puts_off_a_reminder_that_would_fall_into_it(self, note, apply):
        # The rung of seven days before is due at 10:00: on Monday 18 May, for the new date of 25 May.
        hearing = note(date(2020, 5, 11))
        at = datetime(2020, 5, 18, 15, 50, tzinfo=UTC)
        note(date(2020, 5, 22))
        rule = Rule(unit=Unit.DAYS, count=3, before_on=date(2020, 5, 23), from_on=date(2020, 5, 22))
        moved = Hearing.objects.exclude(pk=hearing.pk).get()
        before = {rung: due_at for rung, _who, due_at, _end in waiting(moved)}
        apply(at, rule)
        after = {rung: due_at for rung, _who, due_at, _end in waiting(moved)}
        assert set(after) >= set(before)
        assert all(due_at >= at + HOLD for due_at in after.values())
        assert at + HOLD in after.values()

    def test_wakes_nobody_when_it_ends_at_night(self, note, apply):
        hearing = note(NEAR)
        sent(hearing)
        evening = datetime(
            2020, 5, 11, 2, 50, tzinfo=UTC
        )  # 20:50 in Ciudad Juárez; nobody is woken from 21:00 to 08:00
        apply(evening)
        (news,) = news_of(hearing)
        assert news.due_at == datetime(2020, 5, 11, 14, 0, tzinfo=UTC)


class TestUndoWithinTheHold:
    def test_leaves_the_reminders_as_they_were(self, note, apply, undo):
        hearing = note(NEAR)
        sent(hearing)
        before = waiting(hearing)
        done = apply()
        assert waiting(hearing) != before
        undo(done, AT + HOLD - timedelta(seconds=1))
        assert waiting(hearing) == before

    def test_tells_nobody_anything(self, note, apply, undo):
        hearing = note(NEAR)
        sent(hearing)
        undo(apply(), AT + HOLD - timedelta(seconds=1))
        assert not news_of(hearing)

    def test_says_after_all_what_fell_due_meanwhile(self, note, apply, undo):
        hearing = note()
        due_at = min(due_at for _rung, _who, due_at, _end in waiting(hearing))
        before = waiting(hearing)
        undo(apply(due_at - timedelta(minutes=5)), due_at + timedelta(minutes=5))
        assert waiting(hearing) == before

    def test_says_after_all_what_waited_for_another_try(self, note, apply, undo):
        hearing = note(NEAR)
        late = Message.objects.about(hearing.household.uid).filter(rung="days_7")
        late.update(attempts=3, next_try_at=late.get().due_at + timedelta(hours=1, minutes=30))
        before = waiting(hearing)
        at = late.get().due_at + timedelta(hours=1)
        undo(apply(at), at + timedelta(minutes=10))
        assert waiting(hearing) == before

    def test_comes_to_the_same_when_events_are_heard_late_and_in_another_order(self, note, apply, officer):
        hearing = note()
        before = waiting(hearing)
        done = apply(dispatched=False)
        asked = ask_to_undo(postponement=done, actor=officer, at=AT + timedelta(minutes=1))
        undo_postponement(postponement=asked, actor=officer, at=AT + timedelta(minutes=1))
        for event in Event.objects.filter(type=EventType.HEARING_CHANGED).order_by("-pk"):
            follow_hearings([event])
        assert waiting(hearing) == before


class TestUndoAfterTheHold:
    def test_tells_those_who_heard_the_new_date_that_it_no_longer_holds(self, note, apply, undo):
        hearing, untold = note(NEAR), note()
        sent(hearing)
        done = apply()
        late = AT + HOLD + timedelta(seconds=1)
        Message.objects.filter(pk=news_of(hearing)[0].pk).update(status=Status.SENT, sent_at=late)
        undo(done, late)
        assert [message.due_at for message in news_of(hearing)] == [late]
        assert not news_of(untold)


class TestPages:
    @pytest.fixture
    def browser(self, client_of):
        return client_of("hearings", "JZ")

    @pytest.fixture
    def near(self, note):
        """A hearing in three weeks from today."""
        day = timezone.localdate() + timedelta(days=21)
        day -= timedelta(days=max(0, day.weekday() - 4))
        return note(day, said_on=timezone.localdate() - timedelta(days=9), at=timezone.now() - timedelta(days=2))

    @pytest.fixture
    def said(self, near):
        return {
            "uid": str(uuid4()),
            "announced_on": str(timezone.localdate()),
            "reason": "Aviso de prueba",
            "before_on": str(near.court_on + timedelta(days=1)),
            "unit": "weeks",
            "count": "2",
            "base": "papers",
        }

    def make(self, browser, said):
        answer = browser.post(reverse("docket:new_postponement"), said)
        assert answer.status_code == 302, answer.content.decode()
        return Postponement.objects.get(), answer.url

    def test_previews_a_rule_before_anything_moves(self, browser, said, near):
        made, address = self.make(browser, said)
        page = browser.get(address + "?show=moving").content.decode()
        assert made.state == State.PREVIEWED
        assert near.household.code in page
        near.refresh_from_db()
        assert near.version == 1

    def test_applies_holds_and_undoes(self, browser, said, near):
        made, address = self.make(browser, said)
        browser.post(reverse("docket:apply_postponement", args=[made.uid]))
        near.refresh_from_db()
        assert near.version == 2
        page = browser.get(address).content.decode()
        assert 'id="hold"' in page
        part = browser.get(address + "?part=hold", headers={"HX-Request": "true"})
        assert part.content.decode().count("<section") == 1
        browser.post(reverse("docket:undo_postponement", args=[made.uid]))
        made.refresh_from_db()
        near.refresh_from_db()
        assert (made.state, near.version, near.held_until) == (State.UNDONE, 3, None)
        assert browser.get(address).status_code == 200

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            ({"before_on": ""}, "before_on"),
            ({"from_on": "2099-01-01"}, "before_on"),
            ({"count": ""}, "count"),
            ({"unit": "day", "to_on": ""}, "to_on"),
            ({"unit": "day", "to_on": "2031-02-01"}, "to_on"),  # a Saturday
            ({"announced_on": "2099-01-01"}, "announced_on"),
            ({"reason": ""}, "reason"),
        ],
    )
    def test_refuses_what_is_no_rule(self, browser, said, change, wrong):
        answer = browser.post(reverse("docket:new_postponement"), said | change)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [wrong]
        assert not Postponement.objects.exists()

    def test_begins_with_an_earlier_rule_where_that_is_asked(self, browser, said):
        made, _address = self.make(browser, said)
        form = browser.get(reverse("docket:new_postponement"), {"like": str(made.uid)}).context["form"]
        assert [str(form[name].value()) for name in ("reason", "count", "unit")] == ["Aviso de prueba", "2", "weeks"]

    def test_discards_what_was_never_applied(self, browser, said):
        made, address = self.make(browser, said)
        browser.post(reverse("docket:discard_postponement", args=[made.uid]))
        made.refresh_from_db()
        assert made.state == State.DISCARDED
        assert browser.get(address).status_code == 200

    def test_is_found_by_no_other_site(self, browser, said, client_of):
        _made, address = self.make(browser, said)
        assert client_of("hearings", "TJ").get(address).status_code == 404

    def test_records_who_read_of_which_families(self, browser, said, near):
        _made, address = self.make(browser, said)
        browser.get(address + "?show=days")
        assert not Read.objects.filter(page="postponement").exists()
        browser.get(address + "?show=moving")
        assert Read.objects.get(page="postponement").households == [near.household.uid]

    def test_stays_small_and_quick_with_many(self, browser, said, note, django_assert_max_num_queries, officer):
        day = Hearing.objects.get().court_on
        for _ in range(59):
            note(day, said_on=timezone.localdate() - timedelta(days=9), at=timezone.now() - timedelta(days=2))
        _made, address = self.make(browser, said)
        for show in ("days", "moving"):
            with django_assert_max_num_queries(10 + 4):  # four are the session, the account, its places and the read
                page = browser.get(f"{address}?show={show}").content.decode()
        assert len(re.findall('class="nm"', page)) == 50
        assert "page=2" in page


class TestOpenPostponements:
    def test_are_those_that_somebody_must_look_at(self, note, apply, officer):
        note()
        done = apply()
        assert list(open_postponements(officer, AT + timedelta(minutes=1))) == [done]
        assert not open_postponements(officer, AT + HOLD)
        assert not open_postponements(Actor.system("reminders"), AT + HOLD)
