"""A sheet from its arrival to its undoing."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Membership, User
from audit.models import Event, EventType
from cases.actions.arrivals import withdraw_arrivals
from cases.models import Arrival, Household, Person, SearchToken, StepTaken
from core.actors import Actor
from core.errors import NotAllowed
from sheets import actions, working
from sheets.actions import NothingToPutIn, NotNow, SameFile
from sheets.models import Family, Flaw, Import
from sheets.reading import EmptySheet
from sheets.states import State
from tests.factories.cases import DocumentFactory, HouseholdFactory
from tests.factories.sheets import BROKEN, FUNES, PINEDA, FamilyFactory, ImportFactory, fates

pytestmark = pytest.mark.django_db
SWEEP = Actor.system("imports")


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
