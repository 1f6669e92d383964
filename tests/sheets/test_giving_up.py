"""An import whose rows the database refuses, or whose worker dies, stops in time and can be tried again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from audit.models import Event, EventType
from cases.models import Household
from core.actors import Actor
from sheets import actions, working
from sheets.actions import InPart, NotNow
from sheets.states import State
from tests.factories.sheets import BROKEN, FUNES, PINEDA, fates

pytestmark = pytest.mark.django_db
SWEEP = Actor.system("imports")


class TestGivingUp:
    """The database refuses a row for a reason that no deed of ours knows: a bug, whatever its cause."""

    @pytest.fixture
    def fault(self):
        """`fault(table, rule)`: a CHECK that the next rows of `table` do not pass; called again without a rule it is mended."""

        def change(table, rule=""):
            statement = (
                f"ADD CONSTRAINT nobody_knows CHECK ({rule}) NOT VALID" if rule else "DROP CONSTRAINT nobody_knows"
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} {statement}")

        return change

    @staticmethod
    def beat(sheet, now, times):
        """The beat, `times` times, far enough apart; returns how many of them crashed."""
        crashed = 0
        for number in range(times):
            later = now + timedelta(minutes=2 * number)
            try:
                working.carry_on(actor=SWEEP, clock=lambda at=later: at)
            except IntegrityError:
                crashed += 1
        sheet.refresh_from_db()
        return crashed

    def test_stops_after_five_tries_and_lets_the_clerk_try_again(self, bring, work, fault, coordinator, now):
        sheet = work(bring(*FUNES, *PINEDA))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        fault("cases_person", "surnames IS NULL")
        assert self.beat(sheet, now, 8) == working.MOST_TRIES
        assert (sheet.state, sheet.trouble, sheet.working_until) == (State.READY, working.GAVE_UP, None)
        assert fates(sheet) == [(2, "good"), (4, "good")]
        assert not Household.objects.exists()

        fault("cases_person")
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        assert (work(sheet).state, sheet.trouble, sheet.tries) == (State.IN, "", 0)
        assert Household.objects.count() == 2

    def test_stops_a_check_and_checks_on_when_asked(self, bring, work, fault, coordinator, now):
        sheet = bring(*FUNES, *BROKEN)
        fault("sheets_flaw", "code IS NULL")
        assert self.beat(sheet, now, 8) == working.MOST_TRIES
        assert (sheet.state, sheet.trouble) == (State.CHECKING, working.GAVE_UP)
        fault("sheets_flaw")
        actions.check_again(sheet=sheet, actor=coordinator, at=now)
        assert (work(sheet).state, sheet.trouble) == (State.READY, "")
        assert Event.objects.get(type=EventType.IMPORT_RETRIED).subject_id == sheet.pk

    def test_counts_the_tries_of_one_part_and_waits_between_them(self, bring, fault, now):
        sheet = bring(*FUNES, *BROKEN)
        fault("sheets_flaw", "code IS NULL")
        with pytest.raises(IntegrityError):
            working.carry_on(actor=SWEEP, clock=lambda: now)
        assert working.carry_on(actor=SWEEP, clock=lambda: now) == 0, "it waits"
        assert self.beat(sheet, now + timedelta(minutes=1), 2) == 2
        assert sheet.tries == 3
        fault("sheets_flaw")
        assert self.beat(sheet, now + timedelta(minutes=9), 1) == 0
        assert (sheet.state, sheet.tries) == (State.READY, 0)

    def test_stops_when_workers_are_killed_before_they_can_say_so(self, bring, work, now):
        sheet = bring(*FUNES)
        for minutes in range(working.MOST_TRIES):
            at = now + timedelta(minutes=5 * minutes)
            assert actions.claim(until=at + working.CLAIM, actor=SWEEP, at=at) == sheet
        assert work(sheet, clock=lambda: now + timedelta(hours=1)).trouble == working.GAVE_UP

    def test_other_sheets_go_on_meanwhile(self, bring, fault, now):
        broken, fine = bring(*BROKEN), bring(*FUNES)
        fault("sheets_flaw", "code IS NULL")
        self.beat(broken, now, 2)
        fine.refresh_from_db()
        assert (broken.state, fine.state) == (State.CHECKING, State.READY)

    def test_check_again_is_for_what_was_stopped(self, bring, work, coordinator, now):
        for sheet in (bring(*FUNES), work(bring(*PINEDA))):
            with pytest.raises(NotNow):
                actions.check_again(sheet=sheet, actor=coordinator, at=now)

    def test_what_went_in_before_can_be_undone_and_is_not_forgotten(self, bring, work, fault, coordinator, now):
        sheet = work(bring(*FUNES, *PINEDA))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        actions.put_some_in(sheet=sheet, actor=coordinator, at=now, limit=1)
        fault("cases_person", "surnames IS NULL")
        self.beat(sheet, now, 8)
        assert (sheet.state, fates(sheet)) == (State.READY, [(2, "in"), (4, "good")])
        with pytest.raises(InPart):
            actions.discard(sheet=sheet, actor=coordinator, at=now)
        actions.undo_import(sheet=sheet, actor=coordinator, at=now)
        assert (work(sheet).state, fates(sheet)) == (State.UNDONE, [(2, "taken_back"), (4, "good")])
