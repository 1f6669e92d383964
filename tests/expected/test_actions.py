"""Taking lists in, comparing arrivals with them, deciding."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.merging import Same, merge_people, undo_merge
from cases.actions.people import PersonEntry, correct_person
from cases.models import Arrival
from core.actors import Actor
from core.errors import NotAllowed
from expected.actions.forgetting import KEPT, forget_announced
from expected.actions.lists import NobodyAnnounced, receive_list
from expected.actions.matching import AlreadyPaired, NotPaired, answer_offer, compare_arrivals, open_entry, undo_match
from expected.comparison import Show, comparison
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedPerson, Pairing
from expected.rules import Reason
from places.models import Site
from tests.expected.people import ANGEL, CAME_AT, DAYANARA, MORNING, OSMANY, SYSTEM, family
from tests.factories.expected import DAY

pytestmark = pytest.mark.django_db


class TestReceiveList:
    def test_the_same_list_twice_changes_nothing(self, receive: Callable) -> None:
        first, is_new = receive(family(DAYANARA, ANGEL), family(OSMANY))
        again, is_new_again = receive(family(DAYANARA, ANGEL), family(OSMANY))
        assert (is_new, is_new_again) == (True, False)
        assert first == again
        assert ExpectedHousehold.objects.count() == 2
        assert Event.objects.filter(type=EventType.EXPECTED_LIST_RECEIVED).count() == 1

    def test_a_corrected_list_says_what_it_added_changed_and_took_off(self, receive: Callable) -> None:
        other = PersonEntry(given_names="Marlon", surnames="Rugama Téllez", birth_date=date(1999, 9, 9))
        receive(family(DAYANARA, ANGEL), family(OSMANY))
        respelt = PersonEntry(
            given_names="Dayanara", surnames="Funes Amador", birth_date=date(1990, 3, 5), a_number="012345678"
        )
        second, _is_new = receive(family(respelt, ANGEL), family(other))
        assert (second.number, second.added, second.changed, second.taken_off) == (2, 1, 1, 1)
        standing = ExpectedHousehold.objects.standing()
        assert {household.people.first().given_names for household in standing} == {"Dayanara", "Marlon"}
        assert ExpectedHousehold.objects.get(withdrawn_in=second).people.get().given_names == "Osmany"

    def test_a_match_outlives_a_corrected_spelling_and_ends_with_the_household(
        self, receive: Callable, come: Callable
    ) -> None:
        receive(family(DAYANARA), family(OSMANY))
        came, alone = come(DAYANARA), come(OSMANY)
        assert Pairing.objects.matched().count() == 2
        respelt = PersonEntry(given_names="Dayana", surnames="Funes", a_number="012345678")
        receive(family(respelt))
        assert Pairing.objects.matched().get().arrival.household == came
        assert not Pairing.objects.filter(arrival__household=alone).exists()

    def test_finds_those_who_came_before_it(self, receive: Callable, come: Callable) -> None:
        household = come(DAYANARA, ANGEL)
        receive(family(DAYANARA, ANGEL))
        assert Pairing.objects.matched().get().arrival.household == household

    def test_refuses_an_empty_list_and_somebody_of_another_site(
        self, receive: Callable, site: Site, actor_in: Callable[..., Actor]
    ) -> None:
        with pytest.raises(NobodyAnnounced):
            receive()
        for stranger in (actor_in("reception", "TJ"), actor_in("shelter"), actor_in("hearings")):
            with pytest.raises(NotAllowed):
                receive_list(site=site, day=DAY, source="inm", families=[family(OSMANY)], actor=stranger, at=MORNING)

    def test_begins_and_ends_with_the_day_of_the_site(self, receive: Callable) -> None:
        receive(family(OSMANY))
        day = ExpectedDay.objects.get()
        assert (day.begins_at.hour, (day.ends_at - day.begins_at).days) == (7, 1)


class TestArrival:
    def test_matches_by_a_number_once_however_often_it_is_told(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        household = come(PersonEntry(given_names="Daya", surnames="F.", a_number="012345678"))
        compare_arrivals(arrivals=[household.arrivals.get().pk], actor=SYSTEM, at=CAME_AT)
        pairing = Pairing.objects.get()
        assert (pairing.standing, pairing.reason) == (Pairing.Standing.MATCHED, Reason.A_NUMBER)
        assert Event.objects.filter(type=EventType.EXPECTED_MATCHED, household=household.uid).count() == 1

    def test_that_is_merely_likely_waits_for_a_person(self, receive: Callable, come: Callable) -> None:
        receive(family(OSMANY))
        come(PersonEntry(given_names="Osmany", surnames="Leiva"))
        assert Pairing.objects.get().standing == Pairing.Standing.OFFERED

    def test_of_a_stranger_is_nobody(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        come(PersonEntry(given_names="Marlon", surnames="Rugama Téllez"))
        assert not Pairing.objects.exists()

    def test_after_midnight_is_still_the_family_of_the_day_before(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        come(DAYANARA, at=datetime(2021, 12, 9, 8, 0, tzinfo=UTC))
        assert Pairing.objects.matched().exists()

    def test_two_days_later_is_not(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        come(DAYANARA, at=datetime(2021, 12, 10, 8, 0, tzinfo=UTC))
        assert not Pairing.objects.exists()

    def test_of_a_family_that_came_already_matches_nobody(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        come(DAYANARA)
        come(DAYANARA)
        assert Pairing.objects.count() == 1

    def test_that_was_written_down_twice_counts_once_when_the_files_are_merged(
        self, receive: Callable, come: Callable, site: Site, officer: Actor
    ) -> None:
        receive(family(DAYANARA), family(OSMANY))
        matched, again = come(DAYANARA), come(DAYANARA, at=CAME_AT + timedelta(hours=1))
        day = ExpectedDay.objects.with_counts()
        assert (day.get().families_came, day.get().unannounced) == (1, 1)
        pair = Same(kept=again.people.get(), other=matched.people.get())
        merge = merge_people(pairs=[pair], actor=officer, at=CAME_AT)
        assert (day.get().families_came, day.get().unannounced) == (1, 0)
        shown = partial(comparison, site=site, on=DAY, page=1, actor=officer, now=CAME_AT)
        assert shown(show=Show.UNANNOUNCED).unannounced == []
        assert [row.came.uid for row in shown(show=Show.CAME).announced if row.came] == [again.uid]
        compare_arrivals(arrivals=[again.arrivals.get().pk], actor=SYSTEM, at=CAME_AT)
        assert Pairing.objects.get().standing == Pairing.Standing.MATCHED
        undo_merge(merge=merge, actor=officer, at=CAME_AT)
        assert (day.get().families_came, day.get().unannounced) == (1, 1)

    def test_is_compared_again_when_a_name_is_corrected(
        self, receive: Callable, come: Callable, officer: Actor
    ) -> None:
        receive(family(DAYANARA))
        household = come(PersonEntry(given_names="Nombre", surnames="Mal Escrito"))
        changes = {"given_names": "Dayanara", "surnames": "Funes Amador", "a_number": "A012-345-678"}
        correct_person(person=household.people.get(), changes=changes, actor=officer, at=CAME_AT)
        dispatch_pending(at=CAME_AT)
        assert Pairing.objects.matched().get().arrival.household == household

    def test_takes_its_pairing_with_it_when_it_is_taken_back(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA))
        household = come(DAYANARA)
        household.arrivals.get().steps.all().delete()
        Arrival.objects.filter(household=household).delete()
        assert not Pairing.objects.exists()


class TestAnswerOffer:
    @pytest.fixture
    def offer(self, receive: Callable, come: Callable) -> Pairing:
        receive(family(OSMANY))
        come(PersonEntry(given_names="Osmany", surnames="Leiva"))
        return Pairing.objects.offered().get()

    def test_yes_makes_the_match(self, offer: Pairing, officer: Actor) -> None:
        answer_offer(pairing=offer, is_same=True, actor=officer, at=CAME_AT)
        offer.refresh_from_db()
        assert (offer.standing, offer.reason, offer.decided_by) == ("matched", Reason.TOLD, officer.id)

    def test_no_is_remembered(self, offer: Pairing, officer: Actor) -> None:
        answer_offer(pairing=offer, is_same=False, actor=officer, at=CAME_AT)
        compare_arrivals(arrivals=[offer.arrival_id], actor=SYSTEM, at=CAME_AT)
        assert Pairing.objects.get().standing == Pairing.Standing.REFUSED

    def test_twice_says_so(self, offer: Pairing, officer: Actor) -> None:
        answer_offer(pairing=offer, is_same=False, actor=officer, at=CAME_AT)
        with pytest.raises(AlreadyPaired):
            answer_offer(pairing=offer, is_same=True, actor=officer, at=CAME_AT)

    def test_is_not_for_another_site(self, offer: Pairing, actor_in: Callable[..., Actor]) -> None:
        with pytest.raises(NotAllowed):
            answer_offer(pairing=offer, is_same=True, actor=actor_in("coordinator", "TJ"), at=CAME_AT)


class TestUndoMatch:
    def test_frees_both_and_is_not_made_again(self, receive: Callable, come: Callable, officer: Actor) -> None:
        receive(family(DAYANARA))
        come(DAYANARA)
        household = ExpectedHousehold.objects.get()
        undo_match(household=household, actor=officer, at=CAME_AT)
        assert Pairing.objects.get().standing == Pairing.Standing.REFUSED
        with pytest.raises(NotPaired):
            undo_match(household=household, actor=officer, at=CAME_AT)

    def test_looks_again_for_the_arrival(self, receive: Callable, come: Callable, officer: Actor) -> None:
        twin = PersonEntry(given_names="Osmany", surnames="Leyva Ricardo", birth_date=date(1984, 1, 2))
        receive(family(OSMANY, key="1"), family(twin, key="2"))
        assert ExpectedHousehold.objects.count() == 2
        came = come(OSMANY)
        first, second = Pairing.objects.offered().filter(arrival__household=came)
        answer_offer(pairing=first, is_same=True, actor=officer, at=CAME_AT)
        undo_match(household=first.household, actor=officer, at=CAME_AT)
        assert Pairing.objects.matched().get().household == second.household


class TestOpenEntry:
    def test_what_is_saved_under_its_id_is_matched_whatever_is_written(
        self, receive: Callable, come: Callable, officer: Actor
    ) -> None:
        receive(family(OSMANY))
        uid = open_entry(household=ExpectedHousehold.objects.get(), actor=officer, at=CAME_AT)
        come(PersonEntry(given_names="Quite", surnames="Another"), uid=uid)
        assert Pairing.objects.matched().get().reason == Reason.OPENED

    def test_refuses_a_family_that_came(self, receive: Callable, come: Callable, officer: Actor) -> None:
        receive(family(DAYANARA))
        come(DAYANARA)
        with pytest.raises(AlreadyPaired):
            open_entry(household=ExpectedHousehold.objects.get(), actor=officer, at=CAME_AT)


class TestDatabase:
    def test_gives_an_arrival_one_household_and_a_household_one_arrival(
        self, receive: Callable, come: Callable
    ) -> None:
        receive(family(DAYANARA), family(OSMANY))
        come(DAYANARA)
        other = come(PersonEntry(given_names="Marlon", surnames="Rugama Téllez"))
        pairing = Pairing.objects.get()
        decided = {"standing": "matched", "reason": "told", "likeness": 1, "decided_at": CAME_AT, "decided_by": "1"}
        free = ExpectedHousehold.objects.unmatched().get()
        for clash in (
            {"household": free, "arrival": pairing.arrival},
            {"household": pairing.household, "arrival": other.arrivals.get()},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Pairing.objects.create(**clash, **decided)


class TestForgetAnnounced:
    def test_drops_people_after_a_month_and_keeps_the_counts(self, receive: Callable, come: Callable) -> None:
        receive(family(DAYANARA, ANGEL, key="7"), family(OSMANY))
        come(DAYANARA, ANGEL)
        ended = ExpectedDay.objects.get().ends_at
        assert forget_announced(actor=SYSTEM, at=ended + KEPT) == 0
        assert forget_announced(actor=SYSTEM, at=ended + KEPT + timedelta(seconds=1)) == 3
        assert forget_announced(actor=SYSTEM, at=ended + KEPT + timedelta(days=9)) == 0
        assert not ExpectedPerson.objects.exists()
        assert set(ExpectedHousehold.objects.values_list("family_key", flat=True)) == {""}
        day = ExpectedDay.objects.with_counts().get()
        assert (day.families, day.people, day.families_came) == (2, 3, 1)

    def test_is_for_the_system_alone(self, officer: Actor) -> None:
        with pytest.raises(NotAllowed):
            forget_announced(actor=officer, at=CAME_AT)


class TestVisibleTo:
    def test_lists_are_for_those_who_receive_people_there(
        self, receive: Callable, actor_in: Callable[..., Actor]
    ) -> None:
        receive(family(DAYANARA))
        for role, site, seen in (
            *(("reception", "JZ", 1), ("coordinator", "JZ", 1), ("reception", "TJ", 0)),
            *(("hearings", "JZ", 0), ("protection", "JZ", 0), ("dpo", None, 0)),
        ):
            actor = actor_in(role, site)
            assert ExpectedDay.objects.visible_to(actor).count() == seen, role
            assert ExpectedHousehold.objects.visible_to(actor).count() == seen, role
