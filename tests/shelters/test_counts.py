"""Counts beside the stays: what agrees, what differs until somebody says why, and who is asked to count."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from accounts.roles import Role
from audit.models import Event, EventType
from cases.states import Step
from core.actors import Actor
from core.errors import NotAllowed
from shelters.actions import ask_to_count, confirm_count, note_count, settle_count
from shelters.errors import CountAlreadySettled
from shelters.freshness import basis_of
from shelters.models import Count, CountRequest, Shelter
from tests.factories.kin import AbsenceFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
ROLL_CALL = Shelter.CountBasis.ROLL_CALL
How = Count.How


@pytest.fixture
def shelter():
    """A shelter at Ciudad Juárez with three guests."""
    house = ShelterFactory(site=ShelterSiteFactory(parent=SiteFactory(code="JZ")))
    unit = UnitFactory(shelter=house)
    for _ in range(3):
        StayFactory(unit=unit)
    return house


def counted(shelter, people, at, basis=ROLL_CALL):
    count = note_count(shelter=shelter, people=people, basis=basis, actor=SYSTEM, at=at)
    shelter.refresh_from_db()
    return count


class TestNoteCount:
    def test_that_agrees_is_settled_at_once(self, shelter, now):
        count = counted(shelter, 3, now)

        assert (count.settled_how, count.settled_at, count.difference) == (How.AGREES, now, 0)
        assert (shelter.counted_at, shelter.counted_basis, shelter.count_off) == (now, ROLL_CALL, 0)

    @pytest.mark.parametrize(("people", "off"), [(5, 2), (1, -2), (0, -3)])
    def test_that_differs_shows_by_how_many_until_it_is_settled(self, shelter, now, people, off):
        count = counted(shelter, people, now)

        assert count.settled_at is None
        assert shelter.count_off == count.difference == off

    def test_expects_nobody_who_is_at_court_or_not_found(self, shelter, now):
        stay = shelter.units.get().stays.first()
        AbsenceFactory(person=stay.person)
        at_court = StayFactory(unit=stay.unit)
        at_court.household.step = Step.TRANSPORTED
        at_court.household.save(update_fields=["step"])

        count = counted(shelter, 2, now)

        assert (count.stays, count.away, count.settled_how) == (4, 2, How.AGREES)

    def test_takes_the_place_of_a_difference_that_nobody_settled(self, shelter, now):
        first = counted(shelter, 5, now)
        second = counted(shelter, 4, now + timedelta(hours=1))

        first.refresh_from_db()
        assert first.settled_how == How.COUNTED_AGAIN
        assert list(Count.objects.unsettled()) == [second]
        assert shelter.count_off == 1

    def test_from_before_the_newest_changes_nothing_else(self, shelter, now):
        counted(shelter, 3, now)
        late = counted(shelter, 9, now - timedelta(hours=2))

        assert late.settled_how == How.COUNTED_AGAIN
        assert (shelter.counted_at, shelter.count_off) == (now, 0)

    def test_is_for_those_who_run_the_shelter(self, shelter, now, actor_in):
        for refused in (actor_in(Role.RECEPTION), actor_in(Role.COORDINATOR, "TJ")):
            with pytest.raises(NotAllowed):
                note_count(shelter=shelter, people=3, basis=ROLL_CALL, actor=refused, at=now)

        assert not Count.objects.exists()
        note_count(shelter=shelter, people=3, basis=ROLL_CALL, actor=actor_in(Role.SHELTER, shelter.site), at=now)

    def test_records_numbers_and_nobody(self, shelter, now):
        counted(shelter, 5, now)

        event = Event.objects.get(type=EventType.COUNT_NOTED)
        assert event.facts == {"people": 5, "stays": 3, "away": 0, "basis": "roll_call"}


class TestConfirmCount:
    def test_starts_the_age_anew(self, shelter, now):
        confirm_count(shelter=shelter, actor=SYSTEM, at=now)

        assert (shelter.counted_at, shelter.counted_basis, shelter.count_off) == (now, "confirmed", 0)
        assert Event.objects.get(type=EventType.COUNT_CONFIRMED).facts["people"] == 3

    def test_of_a_number_that_is_no_longer_true_shows_the_difference(self, shelter, now):
        confirm_count(shelter=shelter, stays=2, actor=SYSTEM, at=now)

        assert shelter.count_off == -1
        assert Count.objects.unsettled().get().people == 2


class TestSettleCount:
    @pytest.mark.parametrize("how", [How.STAYS_CORRECTED, How.COUNT_WRONG, How.UNKNOWN_PEOPLE])
    def test_says_why_and_who_said_so(self, shelter, now, how):
        count = counted(shelter, 5, now)

        settle_count(count=count, how=how, note="dos primos de visita", actor=SYSTEM, at=now)

        count.refresh_from_db()
        shelter.refresh_from_db()
        assert (count.settled_how, count.settled_by, count.note) == (how, "test", "dos primos de visita")
        assert shelter.count_off == 0
        facts = Event.objects.get(type=EventType.COUNT_SETTLED).facts
        assert facts == {"shelter": shelter.pk, "how": how, "difference": 2}

    def test_refuses_one_that_is_settled(self, shelter, now):
        count = counted(shelter, 5, now)
        stale = Count.objects.get(pk=count.pk)
        settle_count(count=count, how=How.COUNT_WRONG, actor=SYSTEM, at=now)

        with pytest.raises(CountAlreadySettled):
            settle_count(count=stale, how=How.UNKNOWN_PEOPLE, actor=SYSTEM, at=now)

        count.refresh_from_db()
        assert count.settled_how == How.COUNT_WRONG

    def test_is_for_those_who_run_the_shelter(self, shelter, now, actor_in):
        count = counted(shelter, 5, now)

        with pytest.raises(NotAllowed):
            settle_count(count=count, how=How.COUNT_WRONG, actor=actor_in(Role.RECEPTION), at=now)

    def test_keeps_its_words_sealed(self, shelter, now):
        settle_count(count=counted(shelter, 5, now), how=How.UNKNOWN_PEOPLE, note="Marisol", actor=SYSTEM, at=now)

        with connection.cursor() as cursor:
            cursor.execute("SELECT note FROM shelters_count")
            assert b"Marisol" not in bytes(cursor.fetchone()[0])


class TestAskToCount:
    def test_asks_once_a_day_whoever_was_silent_since_the_evening(self, shelter, now):
        fresh = ShelterFactory(site=ShelterSiteFactory(parent=shelter.site.parent), counted_at=now - timedelta(hours=3))

        assert ask_to_count(actor=SYSTEM, at=now) == 1
        assert ask_to_count(actor=SYSTEM, at=now + timedelta(hours=2)) == 0
        assert ask_to_count(actor=SYSTEM, at=now + timedelta(days=1)) == 2

        assert CountRequest.objects.filter(shelter=fresh).count() == 1
        assert Event.objects.filter(type=EventType.COUNT_ASKED).count() == 3

    def test_wakes_nobody(self, shelter, now):
        six_in_the_morning = now - timedelta(hours=5)

        assert ask_to_count(actor=SYSTEM, at=six_in_the_morning) == 0

    def test_leaves_closed_shelters_alone(self, shelter, now):
        Shelter.objects.filter(pk=shelter.pk).update(closed_at=now - timedelta(days=1))

        assert ask_to_count(actor=SYSTEM, at=now) == 0

    def test_is_answered_by_a_count(self, shelter, now):
        ask_to_count(actor=SYSTEM, at=now)
        assert CountRequest.objects.unanswered().count() == 1

        counted(shelter, 3, now + timedelta(minutes=5))

        assert not CountRequest.objects.unanswered().exists()


class TestBasis:
    def test_is_never_where_nobody_counted(self, shelter, now):
        basis = basis_of(shelter, now)

        assert (str(basis.words), basis.at, basis.is_old) == ("según estancias, nunca confirmado", None, True)

    @pytest.mark.parametrize(("hours", "is_old"), [(0, False), (12, False), (13, True)])
    def test_is_old_after_half_a_day(self, shelter, now, hours, is_old):
        counted(shelter, 3, now - timedelta(hours=hours))

        basis = basis_of(shelter, now)

        assert (str(basis.words), basis.is_old) == ("según estancias, pase de lista", is_old)

    @pytest.mark.parametrize(
        ("people", "words"), [(3, ""), (4, "Se contó 1 persona más"), (1, "Se contaron 2 personas menos")]
    )
    def test_says_the_difference(self, shelter, now, people, words):
        counted(shelter, people, now)

        assert basis_of(shelter, now).difference == words


@pytest.mark.django_db(transaction=True)
class TestTwoDesksAtOnce:
    def test_leave_one_difference_to_settle(self, now):
        shelter = ShelterFactory(site=ShelterSiteFactory(parent=SiteFactory(code="JZ")))
        StayFactory(unit=UnitFactory(shelter=shelter))
        barrier, failures = Barrier(4), []

        def desk(number: int, moment: datetime) -> None:
            try:
                barrier.wait()
                note_count(shelter=shelter, people=number + 5, basis=ROLL_CALL, actor=SYSTEM, at=moment)
            except Exception as error:  # whatever a thread dies of must reach the test
                failures.append(error)
            finally:
                connection.close()

        desks = [Thread(target=desk, args=(number, now)) for number in range(4)]
        for each in desks:
            each.start()
        for each in desks:
            each.join()

        assert not failures
        shelter.refresh_from_db()
        assert shelter.count_off == Count.objects.unsettled().get().difference
        assert Count.objects.count() == 4
