"""Eight desks at once through their doors: pages, the API, a hold, a transfer, a move, a plan, while a partner reads the figures."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.throttling import counts
from cases.models import Consent, Household
from core.actors import Actor
from core.errors import DomainError
from demo.bench.doors import PageDesk, PartnerDesk, Prize, race_doors
from demo.bench.http import Browser
from shelters.actions import (
    accept_transfer,
    assign_place,
    cancel_transfer,
    end_stays,
    hold_places,
    move_household,
    request_transfer,
)
from shelters.actions.applying import apply_plan, ask_to_apply
from shelters.models import Hold, LeavingReason, Plan, PlanLine, Stay, Transfer, Unit
from tests.factories.api import AccessTokenFactory, PartnerClientFactory
from tests.factories.cases import ConsentFactory, HouseholdFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import CapacityFactory, ShelterFactory, UnitFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("race")]

DESKS = 8
ROUNDS = 50
DESK = Actor.system("desk")
Deed = Callable[[], str]


@pytest.fixture
def site() -> Any:
    return SiteFactory(code="JZ")


@pytest.fixture
def race() -> Iterator[Callable[[list[Deed]], list[str]]]:
    """`race(deeds)` does each deed at a desk of its own, all at once: "won", or the code or status of the refusal."""
    barrier = Barrier(DESKS)

    def at_desk(deed: Deed) -> str:
        connection.ensure_connection()
        barrier.wait(timeout=30)
        try:
            return deed()
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(DESKS) as desks:
        yield lambda deeds: list(desks.map(at_desk, deeds))
        gone = Barrier(DESKS)
        list(desks.map(lambda _: (gone.wait(timeout=30), connection.close()), range(DESKS)))


@pytest.fixture
def browser(client_of: Callable[..., Client]) -> Callable[[], Client]:
    """A browser of the coordinator for each desk; shelters must stand before."""
    return lambda: client_of("coordinator")


def by_page(browser: Client, household: Household, unit: Unit) -> str:
    answer = browser.post(
        reverse("shelters:place", args=[household.uid]), {"unit": unit.pk}, headers={"HX-Request": "true"}
    )
    return {200: "won", 302: "won"}.get(answer.status_code, str(answer.status_code))


def by_api(partner: Client, household: Household, unit: Unit) -> str:
    room = {"shelter": str(unit.shelter.uid), "name": unit.name}
    body = {"uid": str(uuid4()), "household": str(household.uid), "room": room}
    answer = partner.post(reverse("api:stays"), body, content_type="application/json")
    return "won" if answer.status_code == 201 else str(answer.status_code)


def by(deed: Callable[..., Any], **said: Any) -> str:
    deed(**said, actor=DESK, at=timezone.now())
    return "won"


def by_plan(plan: Plan) -> str:
    ask_to_apply(plan=plan, actor=DESK, at=timezone.now())
    apply_plan(plan=plan, actor=DESK, at=timezone.now())
    fate = plan.lines.get()
    return "won" if fate.fate == PlanLine.Fate.PLACED else fate.refusal


def empty(*units: Unit) -> None:
    """End every stay and hold of `units`, so that the next round begins with the places free."""
    Hold.objects.update(released_at=timezone.now())
    for household in Household.objects.filter(stays__unit__in=units, stays__ends_at=None).distinct():
        end_stays(household=household, reason=LeavingReason.MISTAKE, actor=DESK, at=timezone.now())


def sharing(household: Household) -> Household:
    ConsentFactory(household=household, purpose=Consent.Purpose.PARTNERS)
    return household


@pytest.fixture
def token(site: Any) -> Callable[[], str]:
    """A token of a partner's system of its own for each desk."""

    def of_a_new_client() -> str:
        client = PartnerClientFactory(sites=[site])
        AccessTokenFactory(client=client, raw=f"race-{client.pk}", expires=timezone.now() + timedelta(hours=1))
        return f"race-{client.pk}"

    counts.clear()
    return of_a_new_client


@pytest.mark.parametrize("beds", [(), ("01", "02")], ids=["places", "beds"])
class TestPagesAndTheApi:
    def test_give_the_last_place_to_one_family(self, live_server, site, browser, token, beds):
        """Four browsers and four partners at a server with a thread for each of them."""
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), places=2, beds=len(beds))
        families = [sharing(HouseholdFactory(site=site, people=2)) for _ in range(DESKS)]
        port, desks = live_server.thread.port, []
        for _ in range(DESKS // 2):
            session = browser().cookies[settings.SESSION_COOKIE_NAME].value
            desks += [PageDesk(Browser(port, session)), PartnerDesk(Browser(port, ""), token())]

        found = race_doors(desks=desks, prizes=[Prize(unit, beds)], families=families, rounds=ROUNDS)

        assert found.keeps, found
        assert found.rounds == ROUNDS
        assert Stay.objects.count() == 2 * ROUNDS


class TestTheJudgeOfTheRace:
    def test_sees_what_must_not_be(self, site):
        """Two families, and one place less than people since: a round after which the doors must not be believed."""
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), places=4)
        desk = SimpleNamespace(browser=Browser(0, ""), give=lambda *_: 503)
        for _ in range(2):
            assign_place(household=HouseholdFactory(site=site, people=2), unit=unit, actor=DESK, at=timezone.now())
        CapacityFactory(unit=unit, places=3, valid_from=timezone.now())

        found = race_doors(desks=[desk], prizes=[Prize(unit)], families=[HouseholdFactory(site=site)], rounds=2)

        assert (found.doubles, found.over, found.unlike, found.nobody, found.unforeseen) == (1, 1, 1, 1, {503: 2})
        assert not found.keeps


class TestAllDoors:
    def test_never_give_more_than_there_is(self, race, site, browser, token):
        """Four places for eight families of two: two win, by whatever door, and a partner never reads a figure beyond them."""
        unit, origin, apart = (
            UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=site)), places=places)
            for places in (4, 8, 8)
        )
        families = [sharing(HouseholdFactory(site=site, people=2)) for _ in range(DESKS)]
        desks = [browser() for _ in range(3)]
        partner, reader = (Client(headers={"Authorization": f"Bearer {token()}"}) for _ in range(2))
        seen, stop = [], Event()

        def read() -> None:
            while not stop.is_set():
                counts.clear()
                answer = reader.get(reverse("api:shelter", args=[unit.shelter.uid]))
                seen.append({"status": answer.status_code, **answer.json()})
            connection.close()

        with ThreadPoolExecutor(1) as reading:
            done = reading.submit(read)
            try:
                for _round in range(ROUNDS):
                    now = timezone.now()
                    for family, room in zip(families[6:], (origin, apart), strict=True):
                        assign_place(household=family, unit=room, actor=DESK, at=now)
                    asked = request_transfer(
                        household=families[6],
                        to_shelter=unit.shelter,
                        reason=Transfer.Reason.FULL,
                        actor=DESK,
                        at=now,
                    )
                    plan = Plan.objects.create(
                        site=site, origin=Plan.Origin.CHOSEN, state=Plan.State.READY, made_at=now, made_by="desk"
                    )
                    PlanLine.objects.create(plan=plan, household=families[5], people=2, unit=unit)
                    until = now + timedelta(hours=1)
                    results = race(
                        [
                            *(
                                lambda d=desk, f=family: by_page(d, f, unit)
                                for desk, family in zip(desks, families, strict=False)
                            ),
                            lambda: by_api(partner, families[3], unit),
                            lambda u=until: by(hold_places, household=families[4], unit=unit, expires_at=u),
                            lambda p=plan: by_plan(p),
                            lambda t=asked: by(accept_transfer, transfer=t, unit=unit),
                            lambda: by(
                                move_household, household=families[7], unit=unit, reason=LeavingReason.TRANSFERRED
                            ),
                        ]
                    )
                    assert Counter("won" if one == "won" else "no" for one in results) == {"won": 2, "no": 6}, results
                    assert set(results) <= {"won", "409", "over_capacity"}
                    figures = Unit.objects.with_figures(timezone.now()).get(pk=unit.pk).figures
                    assert (figures.occupied + figures.held, figures.over, figures.short) == (4, 0, 0)
                    for transfer in Transfer.objects.open():
                        cancel_transfer(transfer=transfer, actor=DESK, at=timezone.now())
                    empty(unit, origin, apart)
            finally:
                stop.set()
            done.result()

        assert len(seen) > ROUNDS
        assert {row["status"] for row in seen} == {200}, seen[0]
        assert {row["over"] for row in seen} == {0}
        assert all(row["occupied"] + row["held"] <= 4 for row in seen)
