"""That a family knows of its hearing: the question to the database and the pill of one hearing are one rule."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from hearings.models import Hearing, Telling
from hearings.models.tellings import pill_of, with_tellings
from journey.reached import not_reached, words_of
from journey.reminder_words import GIVES_AWAY
from journey.reminders import PURPOSE
from messaging.models import Message, Number
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.messaging import MessageFactory
from tests.factories.places import CourtFactory, CrossingFactory
from tests.factories.tellings import TellingFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 12, 14, 18, 0, tzinfo=UTC)
SENT_AT = datetime(2021, 12, 9, 17, 0, tzinfo=UTC)
WRONG = 77


def remind(hearing, status, *, rung="days_3", code="", token=None, version=None):
    return MessageFactory(
        purpose=PURPOSE,
        subject=hearing.household.uid,
        plan_key=f"hearing:{hearing.uid}:{version or hearing.version}:{rung}:x",
        rung=rung,
        status=status,
        error_code=code,
        token=token,
        sent_at=SENT_AT if status == "sent" else None,
    )


def is_listed(hearing, now=NOW):
    return not_reached(Hearing.objects.all(), now).filter(pk=hearing.pk).exists()


def word(hearing):
    return words_of(with_tellings(Hearing.objects.select_related("household")).filter(pk=hearing.pk))[hearing.pk]


class TestNotReached:
    @pytest.fixture
    def hearing(self):
        return HearingFactory()

    @pytest.fixture
    def moved(self):
        """A hearing a month off; somebody told its people of the date that it had before."""
        court_at = NOW + timedelta(days=30)
        found = HearingFactory(version=2, court_on=court_at.date(), court_at=court_at, present_at=court_at)
        TellingFactory(hearing=found, version=1)
        return found

    def test_lists_at_any_distance_those_whom_somebody_told_of_an_earlier_date(self, moved):
        remind(moved, "planned")
        assert is_listed(moved)
        assert not word(moved).is_reached

    def test_leaves_them_out_once_somebody_told_them_of_the_date_that_holds(self, moved):
        TellingFactory(hearing=moved, version=2)
        assert not is_listed(moved)
        assert word(moved).is_reached

    def test_leaves_them_out_once_a_message_told_them(self, moved):
        remind(moved, "sent")
        assert not is_listed(moved)
        assert word(moved).is_reached

    def test_leaves_out_what_is_far_off_and_was_never_told(self, moved):
        Telling.objects.update(taken_back_at=NOW, taken_back_by="1")
        assert not is_listed(moved)

    @pytest.mark.parametrize(
        ("status", "code"),
        [("failed", "no_way"), ("failed", "wrong_number"), ("skipped", "stopped"), ("skipped", GIVES_AWAY)],
    )
    def test_lists_those_whom_no_message_reached(self, hearing, status, code):
        remind(hearing, status, code=code)
        assert is_listed(hearing)

    def test_lists_those_for_whom_nothing_was_planned(self, hearing):
        assert is_listed(hearing)

    def test_lists_those_whose_number_is_somebody_else_s(self, hearing):
        Number.objects.create(token=WRONG, wrong_at=NOW)
        remind(hearing, "sent", token=WRONG)
        assert is_listed(hearing)
        with translation.override("en"):
            assert word(hearing).why == "The number is somebody else’s"

    def test_lists_those_who_failed_though_a_later_step_waits(self, hearing):
        remind(hearing, "failed", rung="days_3")
        remind(hearing, "planned", rung="days_1")
        assert is_listed(hearing)

    def test_leaves_out_those_whose_first_message_still_waits(self, hearing):
        remind(hearing, "planned")
        assert not is_listed(hearing)

    def test_leaves_out_those_who_were_told_once_though_a_later_step_failed(self, hearing):
        remind(hearing, "sent", rung="days_3")
        remind(hearing, "failed", rung="days_1")
        assert not is_listed(hearing)

    def test_leaves_out_those_whom_somebody_told(self, hearing):
        remind(hearing, "failed")
        TellingFactory(hearing=hearing)
        assert not is_listed(hearing)

    def test_keeps_those_who_could_not_be_found(self, hearing):
        TellingFactory(hearing=hearing, way="")
        assert is_listed(hearing)
        assert word(hearing).pill == pill_of("")

    def test_keeps_those_of_whom_it_was_taken_back(self, hearing):
        TellingFactory(hearing=hearing, taken_back_at=NOW, taken_back_by="7")
        assert is_listed(hearing)

    def test_lists_them_again_once_the_hearing_changes(self, hearing):
        remind(hearing, "sent")
        TellingFactory(hearing=hearing)
        Hearing.objects.filter(pk=hearing.pk).update(version=2)
        hearing.refresh_from_db()
        assert is_listed(hearing)
        assert not word(hearing).is_reached

    def test_leaves_out_what_is_further_off_than_the_ladder_and_what_is_over(self, hearing):
        assert not is_listed(hearing, hearing.present_at - timedelta(days=10))
        assert is_listed(hearing, hearing.present_at - timedelta(days=9))
        assert not is_listed(hearing, hearing.present_at + timedelta(minutes=1))

    def test_leaves_out_what_no_longer_stands(self, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(status="cancelled")
        assert not is_listed(hearing)

    def test_counts_what_was_said_before_a_change_that_was_undone(self, hearing):
        remind(hearing, "sent")
        Hearing.objects.filter(pk=hearing.pk).update(version=3, restored={"3": 1})
        hearing.refresh_from_db()
        assert not is_listed(hearing)
        assert word(hearing).is_reached

    def test_counts_what_somebody_told_before_a_change_that_was_undone(self, hearing):
        TellingFactory(hearing=hearing)
        Hearing.objects.filter(pk=hearing.pk).update(version=3, restored={"3": 1})
        hearing.refresh_from_db()
        assert not is_listed(hearing)
        assert word(hearing).is_reached

    def test_waits_while_a_change_may_still_be_undone(self, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(held_until=NOW + timedelta(minutes=15))
        assert not is_listed(hearing)
        assert is_listed(hearing, NOW + timedelta(minutes=15))

    def test_leaves_out_those_whose_case_is_closed(self, hearing):
        hearing.household.step = "relief"
        hearing.household.save()
        assert not is_listed(hearing)
        assert word(hearing).is_reached

    def test_reads_the_whole_version_of_a_plan(self, hearing):
        remind(hearing, "sent", version=12)
        assert is_listed(hearing)

    def test_lists_those_whom_somebody_told_of_a_date_that_is_off_however_far_it_was(self, moved):
        Hearing.objects.filter(pk=moved.pk).update(status="cancelled")
        assert is_listed(moved)
        with translation.override("en"):
            assert word(moved).why == "It is off, and they still believe the earlier date"
        TellingFactory(hearing=moved, version=2)
        assert not is_listed(moved)
        assert word(moved).is_reached

    def test_lists_those_whom_no_message_told_that_it_is_off(self, hearing):
        Hearing.objects.filter(pk=hearing.pk).update(status="cancelled", version=2)
        hearing.refresh_from_db()
        assert not is_listed(hearing)
        message = remind(hearing, "failed", rung="cancelled")
        assert is_listed(hearing)
        Message.objects.filter(pk=message.pk).update(status="sent", sent_at=SENT_AT)
        assert not is_listed(hearing)

    def test_leaves_out_what_is_off_where_they_have_another_hearing_then_or_the_date_is_past(self, moved):
        Hearing.objects.filter(pk=moved.pk).update(status="cancelled")
        assert not is_listed(moved, moved.present_at + timedelta(minutes=1))
        HearingFactory(household=moved.household, court_at=moved.court_at, present_at=moved.present_at)
        assert not is_listed(moved)

    @pytest.mark.parametrize("stands", ["scheduled", "cancelled"])
    def test_is_the_same_rule_as_the_pill_of_a_hearing(self, stands):
        """Every pair of fates, with and without somebody who told them, before or since, or looked for them."""
        Number.objects.create(token=WRONG, wrong_at=NOW)
        fates = [
            ("planned", "", None),
            ("claimed", "", None),
            ("uncertain", "", None),
            ("sent", "", 5),
            ("sent", "", WRONG),
            ("failed", "no_way", None),
            ("skipped", "stopped", None),
            ("skipped", "overtaken", None),
            ("withdrawn", "", None),
        ]
        site, court, crossing = HouseholdFactory().site, CourtFactory(), CrossingFactory()
        hearings = []
        for first, second in itertools.combinations_with_replacement(fates, 2):
            for told, version in ((None, 2), ("", 2), ("person", 2), ("person", 1)):
                household = HouseholdFactory(site=site)
                facts = {"version": 2, "status": stands, "court": court, "report_crossing": crossing}
                hearing = HearingFactory(household=household, **facts)
                for rung, (status, code, token) in (("days_3", first), ("days_1", second)):
                    extra = {"claim": household.uid, "claimed_at": NOW, "claim_expires_at": NOW}
                    message = remind(hearing, status, rung=rung, code=code, token=token)
                    if status in ("claimed", "uncertain"):
                        Message.objects.filter(pk=message.pk).update(**extra)
                if told is not None:
                    TellingFactory(hearing=hearing, way=told, version=version)
                hearings.append(hearing)
        words = words_of(with_tellings(Hearing.objects.select_related("household")))
        listed = set(not_reached(Hearing.objects.all(), NOW).values_list("pk", flat=True))
        assert {pk for pk, each in words.items() if not each.is_reached} == listed
        assert 0 < len(listed) < len(hearings)
