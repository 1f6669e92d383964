"""A worker applies a plan: as who asked for it, once whatever is done again, all of it or nothing of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from audit.models import Event, EventType
from core.actors import Actor
from shelters.actions.applying import apply_plan, ask_to_apply
from shelters.actions.plans import MOST_TRIES, PlanMoved, ask_again, claim_plan, pin
from shelters.models import Plan, Stay, Unit
from shelters.planner_desk import GAVE_UP, carry_on
from shelters.tasks import carry_on_plans
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import PlanFactory, PlanLineFactory, UnitFactory

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("shelters")
FAMILIES = 3


@pytest.fixture
def unit() -> Unit:
    return UnitFactory(places=9)


@pytest.fixture
def asked(unit: Unit, actor_in: Callable[..., Actor], now: datetime) -> Plan:
    """A plan of three families for one room, which a coordinator asked to have applied."""
    plan = PlanFactory(site=unit.shelter.site.parent)
    for _each in range(FAMILIES):
        PlanLineFactory(plan=plan, household=HouseholdFactory(site=plan.site, people=2), unit=unit, people=2)
    return ask_to_apply(plan=plan, actor=actor_in("coordinator"), at=now)


def work(at: datetime, **told: int) -> int:
    return carry_on(actor=SYSTEM, clock=lambda: at, **told)


def count_of(kind: EventType) -> int:
    return Event.objects.filter(type=kind).count()


class TestAsking:
    def test_leaves_it_to_a_worker(self, asked: Plan) -> None:
        assert asked.state == Plan.State.APPLYING
        assert not Stay.objects.exists()
        assert carry_on_plans(plan_id=asked.pk) == 1
        assert Stay.objects.open().count() == 2 * FAMILIES

    def test_is_heard_once(self, asked: Plan, actor_in: Callable[..., Actor], now: datetime) -> None:
        with pytest.raises(PlanMoved):
            ask_to_apply(plan=asked, actor=actor_in("coordinator"), at=now)
        assert count_of(EventType.PLAN_APPLY_ASKED) == 1

    def test_keeps_the_plan_as_it_is_until_it_is_applied(
        self, asked: Plan, unit: Unit, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        actor, line = actor_in("coordinator"), asked.lines.first()
        with pytest.raises(PlanMoved):
            pin(line=line, unit=unit, actor=actor, at=now)
        with pytest.raises(PlanMoved):
            ask_again(plan=asked, actor=actor, at=now)


class TestWhoAsked:
    def test_is_named_as_who_gave_the_places(self, asked: Plan, now: datetime) -> None:
        work(now)
        given = Event.objects.filter(type__in=[EventType.PLAN_APPLIED, EventType.STAY_BEGUN])
        assert set(given.values_list("actor_id", flat=True)) == {asked.acting}

    def test_gives_nothing_once_they_may_not_any_more(self, asked: Plan, now: datetime) -> None:
        Membership.objects.filter(user=asked.acting).delete()
        work(now)
        asked.refresh_from_db()
        assert (asked.state, asked.trouble, Stay.objects.count()) == (Plan.State.READY, "not_allowed", 0)

    def test_gives_nothing_once_their_account_is_closed(self, asked: Plan, now: datetime) -> None:
        User.objects.filter(pk=asked.acting).update(is_active=False)
        work(now)
        asked.refresh_from_db()
        assert (asked.state, asked.trouble, Stay.objects.count()) == (Plan.State.READY, "not_allowed", 0)


class TestTries:
    def test_end_with_the_plan_ready_as_before(
        self, asked: Plan, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        for number in range(MOST_TRIES):
            assert claim_plan(actor=SYSTEM, at=now + timedelta(minutes=5 * number)) is not None
        later = now + timedelta(hours=1)
        assert work(later) == 0
        asked.refresh_from_db()
        assert (asked.state, asked.trouble, asked.tries) == (Plan.State.READY, GAVE_UP, 0)
        assert count_of(EventType.PLAN_NOT_APPLIED) == 1
        ask_to_apply(plan=asked, actor=actor_in("coordinator"), at=later)
        assert work(later) == 1
        asked.refresh_from_db()
        assert (asked.state, asked.trouble) == (Plan.State.APPLIED, "")

    def test_of_an_old_question_do_not_answer_a_new_one(
        self, asked: Plan, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        old, actor = claim_plan(actor=SYSTEM, at=now), actor_in("coordinator")
        assert old is not None
        Plan.objects.update(state=Plan.State.READY)
        ask_to_apply(plan=asked, actor=actor, at=now + timedelta(minutes=5))
        apply_plan(plan=old, actor=actor, at=now + timedelta(minutes=5))
        assert not Stay.objects.exists()


@pytest.fixture
def workers() -> Iterator[ThreadPoolExecutor]:
    """Two workers, each with a connection of its own."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def hired(workers: ThreadPoolExecutor, deed: Callable[[], object]) -> Future[object]:
    def at_work() -> object:
        try:
            return deed()
        finally:
            connection.close()

    return workers.submit(at_work)


def wait_for_one_that_waits(worker: Future[object]) -> int:
    """The server process of `worker`, which waits for a lock of ours."""
    limit = monotonic() + 60
    while monotonic() < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            found = cursor.fetchone()
        if found:
            return int(found[0])
        assert not worker.done(), worker.exception() or worker.result()
        sleep(0.02)
    raise AssertionError("nobody waits for the room")


@pytest.mark.django_db(transaction=True)
class TestWorkers:
    def test_who_dies_at_it_has_written_nothing_and_the_next_begins_anew(
        self, asked: Plan, unit: Unit, workers: ThreadPoolExecutor, now: datetime
    ) -> None:
        with transaction.atomic():
            Unit.objects.select_for_update().get(pk=unit.pk)
            first = hired(workers, lambda: work(now))
            pid = wait_for_one_that_waits(first)
            assert work(now + timedelta(minutes=5)) == 0, "its claim ran out, but it still holds the plan"
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            assert isinstance(first.exception(timeout=20), OperationalError)
        asked.refresh_from_db()
        assert (asked.state, asked.tries, Stay.objects.count()) == (Plan.State.APPLYING, 1, 0)
        assert work(now + timedelta(seconds=5)) == 0
        assert work(now + timedelta(minutes=5)) == 1
        assert (Stay.objects.open().count(), count_of(EventType.PLAN_APPLIED)) == (2 * FAMILIES, 1)

    def test_do_it_once_though_two_come_at_once(
        self, asked: Plan, workers: ThreadPoolExecutor, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        """Also where both hold a claim, since one of them was slow."""
        gate, actor, at = Barrier(2), actor_in("coordinator"), timezone.now()

        def at_gate(deed: Callable[[], object]) -> Callable[[], object]:
            return lambda: (gate.wait(timeout=20), deed())[1]

        both = [hired(workers, at_gate(lambda: apply_plan(plan=asked, actor=actor, at=at))) for _each in range(2)]
        assert [one.result(timeout=60).state for one in both] == [Plan.State.APPLIED] * 2
        assert (Stay.objects.count(), count_of(EventType.PLAN_APPLIED)) == (2 * FAMILIES, 1)

    def test_claim_it_one_by_one(self, asked: Plan, workers: ThreadPoolExecutor, now: datetime) -> None:
        gate = Barrier(2)
        both = [hired(workers, lambda: (gate.wait(timeout=20), work(now))[1]) for _each in range(2)]
        assert sorted(one.result(timeout=60) for one in both) == [0, 1]
        assert (Stay.objects.count(), count_of(EventType.PLAN_APPLIED)) == (2 * FAMILIES, 1)
