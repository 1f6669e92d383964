"""A sheet from its arrival to its undoing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from accounts.models import Membership, User
from audit.models import Event, EventType
from cases.actions.arrivals import withdraw_arrivals
from cases.models import Arrival, Household, Person, SearchToken, StepTaken
from core.actors import Actor
from core.errors import NotAllowed
from sheets import actions, working
from sheets.actions import InPart, NothingToPutIn, NotNow, SameFile
from sheets.models import Family, Flaw, Import
from sheets.reading import EmptySheet, read_book
from sheets.states import State
from tests.factories.cases import DocumentFactory, HouseholdFactory
from tests.factories.sheets import BROKEN, FUNES, HEADINGS, PINEDA, FamilyFactory, ImportFactory, xlsx

pytestmark = pytest.mark.django_db
SWEEP = Actor.system("imports")


@pytest.fixture
def coordinator(actor_in):
    return actor_in("coordinator")


@pytest.fixture
def bring(coordinator, now, site):
    """`bring(rows)`: the sheet with these rows, received."""

    def receive(*rows, headings=HEADINGS, actor=coordinator, at=now):
        content = xlsx([headings, *rows])
        book = read_book(content, "a.xlsx")
        told = {"crossing": None, "arrived_on": at.date(), "name": "llegadas.xlsx", "site": site}
        return actions.receive_sheet(book=book, content=content, **told, actor=actor, at=at)

    return receive


@pytest.fixture
def site(coordinator):
    return Membership.objects.select_related("site__city").get(user_id=coordinator.id).site


@pytest.fixture
def work(now):
    """`work(sheet)`: what a worker does for it, and how it stands then."""

    def carry_on(sheet, clock=lambda: now):
        working.carry_on(actor=SWEEP, clock=clock, uid=sheet.uid)
        sheet.refresh_from_db()
        return sheet

    return carry_on


@pytest.fixture
def put_in(bring, work, coordinator, now):
    """`put_in(rows)`: brought, checked and in."""

    def do(*rows, **how):
        sheet = work(bring(*rows, **how))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        return work(sheet)

    return do


def fates(sheet):
    return [(family.first_row, family.fate) for family in sheet.families.in_order()]


class TestReceiveSheet:
    def test_keeps_families_unchecked_and_encrypted(self, bring):
        sheet = bring(*FUNES, *PINEDA)
        assert (sheet.state, fates(sheet)) == (State.CHECKING, [(2, "unchecked"), (4, "unchecked")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(encode(content, 'escape'), '') FROM sheets_family")
            assert "Dayanara" not in cursor.fetchone()[0]

    def test_records_that_it_came_and_nothing_of_what_it_says(self, bring):
        bring(*FUNES, *PINEDA)
        event = Event.objects.get(type=EventType.IMPORT_UPLOADED)
        assert event.facts == {"families": 2, "people": 3}

    def test_refuses_the_same_file_again(self, bring):
        bring(*FUNES)
        with pytest.raises(SameFile):
            bring(*FUNES)
        assert Import.objects.count() == 1

    def test_takes_a_file_again_that_was_discarded(self, bring, work, coordinator, now):
        actions.discard(sheet=work(bring(*FUNES)), actor=coordinator, at=now)
        assert bring(*FUNES)

    def test_refuses_headings_without_people(self, bring):
        with pytest.raises(EmptySheet):
            bring()

    @pytest.mark.parametrize("role", ["reception", "shelter", "hearings"])
    def test_is_for_coordinators(self, bring, actor_in, role):
        with pytest.raises(NotAllowed):
            bring(*FUNES, actor=actor_in(role))

    def test_is_for_the_own_site(self, bring, actor_in):
        with pytest.raises(NotAllowed):
            bring(*FUNES, actor=actor_in("coordinator", "TJ"))


class TestChecking:
    def test_says_what_is_good_and_what_is_wrong(self, bring, work):
        sheet = work(bring(*FUNES, *BROKEN, *PINEDA))
        assert sheet.state == State.READY
        assert fates(sheet) == [(2, "good"), (4, "bad"), (5, "good")]
        assert [(flaw.row, flaw.column, flaw.code) for flaw in Flaw.objects.all()] == [
            (4, 5, "no_date"),
            (4, 6, "nationality_eoir_only"),
            (4, 7, "a_number"),
        ]

    def test_keeps_out_a_whole_family_for_one_wrong_row(self, bring, work):
        wrong = ["1", "hija", "Luz", "", "Mujer", "ayer", "HN", ""]
        assert fates(work(bring(*FUNES, wrong))) == [(2, "bad")]

    def test_says_when_a_family_stands_twice_on_the_sheet(self, bring, work, monkeypatch):
        monkeypatch.setattr(working.actions, "CHECKED_AT_ONCE", 1)
        again = [["9", *row[1:7], ""] for row in FUNES]
        sheet = work(bring(*[[*row[:7], ""] for row in FUNES], *again))
        assert fates(sheet) == [(2, "good"), (4, "bad")]
        assert Flaw.objects.get().code == "family_twice"

    def test_says_when_an_a_number_is_on_file(self, bring, work, put_in):
        put_in(*FUNES)
        other = [["7", "jefa", "Otra", "Persona", "Mujer", "30", "HN", "12345678"]]
        assert fates(work(bring(*other))) == [(2, "on_file")]

    def test_goes_on_where_a_worker_died(self, bring, coordinator, work, now):
        sheet = bring(*FUNES, *PINEDA)
        claimed = actions.claim(until=now + timedelta(seconds=90), actor=SWEEP, at=now)
        assert claimed == sheet
        actions.check_some(sheet=claimed, actor=coordinator, at=now, limit=1)
        assert work(sheet).state == State.CHECKING, "somebody else's claim holds"
        later = now + timedelta(minutes=5)
        assert work(sheet, clock=lambda: later).state == State.READY
        assert fates(sheet) == [(2, "good"), (4, "good")]


class TestPutIn:
    def test_logs_the_good_families_and_forgets_what_their_rows_said(self, put_in, now):
        sheet = put_in(*FUNES, *BROKEN, *PINEDA)
        assert (sheet.state, fates(sheet)) == (State.IN, [(2, "in"), (4, "bad"), (5, "in")])
        household = Household.objects.get(uid=sheet.families.get(number=1).household)
        head, child = household.people.in_order()
        assert (head.full_name, head.a_number, child.full_name) == (
            "Dayanara Lizeth Funes Amador",
            "012345678",
            "Kevin Josué Funes Amador",
        )
        assert (household.step, household.arrived_at, household.language) == ("received", now, "spa")
        assert StepTaken.objects.filter(person__household=household).count() == 2
        assert [family.content != "" for family in sheet.families.in_order()] == [False, True, False]

    def test_makes_people_findable_and_records_each_arrival(self, put_in, coordinator):
        put_in(*FUNES, *PINEDA)
        for person in Person.objects.all():
            assert SearchToken.objects.filter(person=person).count() > 10
        events = Event.objects.filter(type=EventType.ARRIVAL_RECORDED)
        assert [(event.actor_id, event.facts["people"]) for event in events.order_by("pk")] == [
            (coordinator.id, 2),
            (coordinator.id, 1),
        ]
        assert not Event.objects.filter(household=None, type=EventType.ARRIVAL_RECORDED).exists()

    def test_changes_nothing_when_the_same_families_come_in_another_file(self, put_in, bring, work):
        put_in(*FUNES, *PINEDA)
        again = work(bring(*PINEDA, *FUNES, *BROKEN))
        assert fates(again) == [(2, "already"), (3, "already"), (5, "bad")]
        assert Household.objects.count() == 2

    def test_leaves_out_who_another_sheet_brought_meanwhile(self, bring, work, coordinator, now):
        first, second = work(bring(*FUNES)), work(bring(*FUNES, *PINEDA))
        for sheet in (first, second):
            actions.let_in(sheet=sheet, with_known=True, actor=coordinator, at=now)
            work(sheet)
        assert fates(second) == [(2, "already"), (4, "in")]
        assert Household.objects.count() == 2

    def test_takes_families_with_a_known_number_only_when_told(self, bring, work, put_in, coordinator, now):
        put_in(*FUNES)
        sheet = work(bring(["7", "jefa", "Otra", "Persona", "Mujer", "30", "HN", "12345678"]))
        with pytest.raises(NothingToPutIn):
            actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        actions.let_in(sheet=sheet, with_known=True, actor=coordinator, at=now)
        assert fates(work(sheet)) == [(2, "in")]

    def test_puts_nobody_in_twice_when_a_worker_dies_between(self, bring, work, coordinator, now):
        sheet = work(bring(*FUNES, *PINEDA))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        actions.put_some_in(sheet=sheet, actor=coordinator, at=now, limit=1)
        assert Arrival.objects.count() == 1
        later = now + timedelta(minutes=5)
        assert work(sheet, clock=lambda: later).state == State.IN
        assert Arrival.objects.count() == Household.objects.count() == 2

    def test_stops_for_an_account_that_lost_its_role(self, bring, work, coordinator, now):
        sheet = work(bring(*FUNES))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        Membership.objects.all().delete()
        assert (work(sheet).state, sheet.trouble) == (State.READY, "not_allowed")
        assert not Household.objects.exists()

    def test_stops_for_an_account_that_was_closed_since(self, bring, work, coordinator, now):
        sheet = work(bring(*FUNES))
        actions.let_in(sheet=sheet, with_known=False, actor=coordinator, at=now)
        User.objects.update(is_active=False)
        assert (work(sheet).state, sheet.trouble) == (State.READY, "not_allowed")
        assert not Household.objects.exists()

    def test_is_asked_once(self, put_in, coordinator, now):
        with pytest.raises((NotNow, NothingToPutIn)):
            actions.let_in(sheet=put_in(*FUNES), with_known=False, actor=coordinator, at=now)


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


class TestUndo:
    def undo(self, sheet, work, actor, now):
        actions.undo_import(sheet=sheet, actor=actor, at=now)
        return work(sheet)

    def test_takes_everybody_back(self, put_in, work, coordinator, now):
        sheet = self.undo(put_in(*FUNES, *PINEDA), work, coordinator, now)
        assert (sheet.state, fates(sheet)) == (State.UNDONE, [(2, "taken_back"), (4, "taken_back")])
        for model in (Household, Person, Arrival, StepTaken, SearchToken):
            assert not model.objects.exists()
        assert Event.objects.filter(type=EventType.ARRIVAL_WITHDRAWN).count() == 2

    def test_leaves_who_has_moved_on(self, put_in, work, coordinator, now):
        sheet = put_in(*FUNES, *PINEDA)
        household = Household.objects.get(uid=sheet.families.get(number=2).household)
        Event.objects.create(
            type=EventType.DOCUMENT_GIVEN,
            subject_type="cases.household",
            subject_id=household.pk,
            household=household.uid,
            actor_kind="staff",
            actor_id="1",
            actor_name="x",
            occurred_at=now,
        )
        sheet = self.undo(sheet, work, coordinator, now)
        assert fates(sheet) == [(2, "taken_back"), (4, "moved_on")]
        assert list(Household.objects.all()) == [household]

    def test_lets_the_same_families_in_again(self, put_in, bring, work, coordinator, now):
        self.undo(put_in(*FUNES), work, coordinator, now)
        assert fates(work(bring(*FUNES, *PINEDA))) == [(2, "good"), (4, "good")]

    def test_is_refused_for_what_is_not_in(self, bring, work, coordinator, now):
        with pytest.raises(NotNow):
            actions.undo_import(sheet=work(bring(*FUNES)), actor=coordinator, at=now)


class TestWithdrawArrivals:
    def test_leaves_who_something_hangs_on_though_nobody_recorded_it(self, coordinator, site, now):
        free, bound = HouseholdFactory(site=site, people=1), HouseholdFactory(site=site, people=2)
        DocumentFactory(person=bound.people.first())
        gone = withdraw_arrivals(site=site, households=[free.uid, bound.uid], actor=coordinator, at=now)
        assert gone == {free.uid}
        assert bound.people.count() == 2

    def test_leaves_households_of_other_sites(self, coordinator, site, now):
        other = HouseholdFactory(site__code="TJ", people=1)
        assert withdraw_arrivals(site=site, households=[other.uid], actor=coordinator, at=now) == set()


class TestForget:
    def test_drops_what_old_sheets_told_and_keeps_who_went_in(self, now):
        kept_days = working.KEPT_DAYS
        old = ImportFactory(uploaded_at=now - timedelta(days=kept_days, seconds=1))
        young = ImportFactory(uploaded_at=now - timedelta(days=kept_days - 1), site=old.site)
        FamilyFactory(sheet=old)
        FamilyFactory(sheet=old, number=2, fate="in", content="")
        FamilyFactory(sheet=young)
        working.forget(actor=SWEEP, at=now)
        old.refresh_from_db()
        assert (old.state, old.name, fates(old)) == (State.DISCARDED, "", [(2, "in")])
        assert fates(young) == [(2, "good")]
        event = Event.objects.get(type=EventType.IMPORT_DISCARDED)
        assert (event.subject_id, event.actor_kind, event.occurred_at) == (old.pk, "system", now)

    def test_is_for_the_system_alone(self, coordinator, now):
        with pytest.raises(NotAllowed):
            working.forget(actor=coordinator, at=now)


class TestVisibleTo:
    def test_shows_imports_of_the_own_sites_to_who_imports(self, actor_in, coordinator):
        sheet = ImportFactory(site_id=min(coordinator.site_ids))
        FamilyFactory(sheet=sheet)
        for model in (Import, Family, Flaw):
            assert not model.objects.visible_to(actor_in("reception")).exists()
        assert list(Import.objects.visible_to(coordinator)) == [sheet]
        assert not Import.objects.visible_to(actor_in("coordinator", "TJ")).exists()
