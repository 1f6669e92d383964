"""Workers and desks at postponements: as who asked for it, once whatever is done again, all of it or nothing of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Membership
from audit.models import Event, EventType
from core.actors import Actor
from hearings.actions import note_hearing
from hearings.actions.postponements import (
    PostponementMoved,
    ask_to_apply,
    ask_to_undo,
    claim_postponement,
    make_postponement,
)
from hearings.models import Claim, Hearing, Postponement
from hearings.postponement_desk import GAVE_UP, MOST_TRIES, carry_on
from hearings.postponing import Rule, Unit
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import sheet_says

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2020, 5, 10, 18, 0, tzinfo=UTC)
SYSTEM = Actor.system("postponements")
State = Postponement.State
DESKS = 4


@pytest.fixture
def hearings(officer: Actor) -> list[Hearing]:
    noted = []
    for day in (1, 2, 3):
        household = HouseholdFactory(site_id=min(officer.site_ids), people=1)
        said = sheet_says(household=household, court_on=date(2020, 6, day), said_on=date(2020, 3, 2))
        noted.append(note_hearing(**said, actor=officer, at=AT - timedelta(days=60)))
    return noted


def made_by(officer: Actor, months: int = 1) -> Postponement:
    rule = Rule(unit=Unit.MONTHS, count=months, before_on=date(2020, 6, 22))
    told = {"reason": "Aviso", "announced_on": date(2020, 5, 10), "actor": officer, "at": AT}
    made, _new = make_postponement(uid=uuid4(), rule=rule, **told)
    work(key=made.pk)
    made.refresh_from_db()
    return made


def work(at: datetime = AT, **told: int) -> int:
    return carry_on(actor=SYSTEM, clock=lambda: at, **told)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What came of `deeds`, done in threads that start together: what each answered or raised."""
    gate = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        try:
            gate.wait()
            return deed()
        except PostponementMoved as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as desks:
        return [done.result() for done in [desks.submit(do, deed) for deed in deeds]]


def changes() -> int:
    return Event.objects.filter(type=EventType.HEARING_CHANGED).count()


class TestDesksAtOnce:
    def test_ask_for_it_once(self, officer: Actor, hearings: list[Hearing]) -> None:
        made = made_by(officer)
        asks = [lambda: ask_to_apply(postponement=made, actor=officer, at=AT)] * DESKS
        refused = [each for each in at_once(*asks) if isinstance(each, PostponementMoved)]
        assert len(refused) == DESKS - 1

    def test_undo_it_once(self, officer: Actor, hearings: list[Hearing]) -> None:
        made = made_by(officer)
        ask_to_apply(postponement=made, actor=officer, at=AT)
        work()
        made.refresh_from_db()
        asks = [lambda: ask_to_undo(postponement=made, actor=officer, at=AT)] * DESKS
        refused = [each for each in at_once(*asks) if isinstance(each, PostponementMoved)]
        assert len(refused) == DESKS - 1


class TestWorkersAtOnce:
    def test_move_each_hearing_once(self, officer: Actor, hearings: list[Hearing]) -> None:
        ask_to_apply(postponement=made_by(officer), actor=officer, at=AT)
        at_once(*[work] * DESKS)
        assert set(Hearing.objects.values_list("version", flat=True)) == {2}
        assert changes() == len(hearings)
        assert Claim.objects.filter(postponement__isnull=False).count() == 2 * len(hearings)

    def test_apply_one_of_two_rules_about_the_same_hearings_and_look_at_the_other_anew(
        self, officer: Actor, hearings: list[Hearing]
    ) -> None:
        both = [made_by(officer, months=1), made_by(officer, months=2)]
        for made in both:
            ask_to_apply(postponement=made, actor=officer, at=AT)
        at_once(*[lambda made=made: work(key=made.pk) for made in both])
        work(AT + timedelta(seconds=1))
        states = {made.pk: (made.state, made.trouble) for made in Postponement.objects.all()}
        assert sorted(states.values()) == [(State.APPLIED, ""), (State.PREVIEWED, "docket_changed")]
        assert set(Hearing.objects.values_list("version", flat=True)) == {2}


class TestCarryOn:
    def test_does_it_as_the_account_that_asked_and_no_longer_when_that_may_not(
        self, officer: Actor, hearings: list[Hearing]
    ) -> None:
        made = made_by(officer)
        ask_to_apply(postponement=made, actor=officer, at=AT)
        Membership.objects.all().delete()
        work()
        made.refresh_from_db()
        assert (made.state, made.trouble) == (State.PREVIEWED, "not_allowed")
        assert not changes()

    def test_goes_on_when_the_claim_of_a_dead_worker_has_run_out(self, officer: Actor, hearings: list[Hearing]) -> None:
        made = made_by(officer)
        ask_to_apply(postponement=made, actor=officer, at=AT)
        assert claim_postponement(actor=SYSTEM, at=AT) == made
        assert not work()
        assert work(AT + timedelta(seconds=settings.CLAIM_SECONDS)) == 1
        made.refresh_from_db()
        assert made.state == State.APPLIED

    def test_gives_up_what_takes_its_workers_down(self, officer: Actor, hearings: list[Hearing]) -> None:
        made = made_by(officer)
        ask_to_apply(postponement=made, actor=officer, at=AT)
        Postponement.objects.update(tries=MOST_TRIES)
        work()
        made.refresh_from_db()
        assert (made.state, made.trouble) == (State.PREVIEWED, GAVE_UP)

    def test_shows_a_new_preview_where_the_docket_changed(self, officer: Actor, hearings: list[Hearing]) -> None:
        made = made_by(officer)
        asked = ask_to_apply(postponement=made, actor=officer, at=AT)
        Hearing.objects.filter(pk=hearings[0].pk).update(status=Hearing.Status.CANCELLED)
        work(AT + timedelta(seconds=1), key=asked.pk)
        made.refresh_from_db()
        assert (made.state, made.trouble, made.lines.count()) == (State.PREVIEWED, "docket_changed", 2)
        assert not changes()
