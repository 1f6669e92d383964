"""A family that was written down twice is asked about once: an answer holds for both of its files while they are one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from audit.actions import dispatch_pending
from cases.actions.merging import Same, merge_people, undo_merge
from cases.actions.people import PersonEntry
from cases.models import Arrival, Household
from cases.models import Merge as MergeOf
from core.actors import Actor
from expected.actions.matching import answer_offer, compare_arrivals
from expected.models import ExpectedHousehold, Pairing
from tests.expected.people import CAME_AT, OSMANY, SYSTEM, family

pytestmark = pytest.mark.django_db

LATER = CAME_AT + timedelta(hours=1)
HALF_HEARD = PersonEntry(given_names="Osmany", surnames="Leiva")


@pytest.fixture
def merge(officer: Actor) -> Callable[[Household, Household], MergeOf]:
    """`merge(kept, other)`, and whatever follows has followed."""

    def act(kept: Household, other: Household) -> MergeOf:
        done = merge_people(pairs=[Same(kept=kept.people.get(), other=other.people.get())], actor=officer, at=LATER)
        dispatch_pending(at=LATER)
        return done

    return act


def asked_of() -> set[Household]:
    """The files about whose arrivals a person is asked."""
    return {pairing.arrival.household for pairing in Pairing.objects.offered()}


def refuse(household: Household, officer: Actor) -> None:
    offer = Pairing.objects.offered().get(arrival__household=household)
    answer_offer(pairing=offer, is_same=False, actor=officer, at=LATER)


class TestNo:
    @pytest.mark.parametrize("answered", [0, 1])
    def test_holds_for_both_of_their_files(
        self, answered: int, receive: Callable, come: Callable, merge: Callable, officer: Actor
    ) -> None:
        receive(family(OSMANY))
        files = come(HALF_HEARD), come(HALF_HEARD, at=LATER)
        merge(*files)
        refuse(files[answered], officer)
        compare_arrivals(arrivals=Arrival.objects.values_list("pk", flat=True), actor=SYSTEM, at=LATER)
        assert asked_of() == set()

    @pytest.mark.parametrize("answered", [0, 1])
    def test_that_came_before_the_merge_holds_until_it_is_undone(
        self, answered: int, receive: Callable, come: Callable, merge: Callable, officer: Actor
    ) -> None:
        receive(family(OSMANY))
        files = come(HALF_HEARD), come(HALF_HEARD, at=LATER)
        refuse(files[answered], officer)
        done = merge(*files)
        assert asked_of() == set()
        undo_merge(merge=done, actor=officer, at=LATER)
        dispatch_pending(at=LATER)
        assert asked_of() == {files[1 - answered]}

    def test_to_one_of_the_list_leaves_the_others_to_be_asked(
        self, receive: Callable, come: Callable, merge: Callable, officer: Actor
    ) -> None:
        receive(family(OSMANY, key="1"), family(PersonEntry(given_names="Osmani", surnames="Leyva"), key="2"))
        files = come(HALF_HEARD), come(HALF_HEARD, at=LATER)
        merge(*files)
        first, second = Pairing.objects.offered().filter(arrival__household=files[0])
        answer_offer(pairing=first, is_same=False, actor=officer, at=LATER)
        assert {offer.household for offer in Pairing.objects.offered()} == {second.household}


class TestYes:
    @pytest.mark.parametrize("answered", [0, 1])
    def test_ends_what_is_asked_of_either_file(
        self, answered: int, receive: Callable, come: Callable, merge: Callable, officer: Actor
    ) -> None:
        receive(family(OSMANY, key="1"), family(PersonEntry(given_names="Osmani", surnames="Leyva"), key="2"))
        files = come(HALF_HEARD), come(HALF_HEARD, at=LATER)
        merge(*files)
        offer = Pairing.objects.offered().filter(arrival__household=files[answered]).first()
        answer_offer(pairing=offer, is_same=True, actor=officer, at=LATER)
        assert asked_of() == set()

    @pytest.mark.parametrize("kept", [0, 1])
    def test_of_the_machine_counts_for_the_file_that_is_merged_with_it(
        self, kept: int, receive: Callable, come: Callable, merge: Callable
    ) -> None:
        receive(family(OSMANY, key="1"), family(PersonEntry(given_names="Osmani", surnames="Leyva"), key="2"))
        born = PersonEntry(given_names="Osmany", surnames="Leyva Ricardo", birth_date=date(1984, 1, 2))
        files = come(born), come(HALF_HEARD, at=LATER)
        assert asked_of() == {files[1]}
        merge(files[kept], files[1 - kept])
        assert asked_of() == set()
        assert ExpectedHousehold.objects.matched().count() == 1

    def test_leaves_a_coming_of_another_day_to_be_asked(
        self, receive: Callable, come: Callable, merge: Callable, officer: Actor
    ) -> None:
        """Returned twice within two days, and announced each time."""
        day_after = CAME_AT + timedelta(days=1, hours=2)
        receive(family(OSMANY))
        files = come(HALF_HEARD), come(HALF_HEARD, at=day_after)
        receive(family(OSMANY), day=day_after.date())
        merge(*files)
        first = Pairing.objects.offered().get(arrival__occurred_at=CAME_AT)
        answer_offer(pairing=first, is_same=True, actor=officer, at=day_after)
        left = Pairing.objects.offered().get()
        assert (left.household.day.day, left.arrival.occurred_at) == (day_after.date(), day_after)
