"""Today: the coming night, reception, places, reminders, and the page itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.roles import CAPABILITIES, Role
from cases.states import Step
from core.actors import Capability
from dashboard import figures, night
from hearings.models import Hearing
from journey import board
from journey.board import Lane
from messaging.models import Message
from shelters.rules import Kind
from tests.dashboard.evening import EVE, ZONE, sleeping_family
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.audit import EventFactory
from tests.factories.cases import (
    CovidTestFactory,
    HouseholdFactory,
)
from tests.factories.hearings import HearingFactory
from tests.factories.messaging import HeartbeatFactory, MessageFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    HoldFactory,
    ShelterFactory,
    ShelterSiteFactory,
    StayFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


class TestComingNight:
    def test_joins_those_who_leave_the_same_shelter_for_the_same_bridge_and_time(self, coordinator):
        first = sleeping_family()
        sleeping_family(shelter=first.people.first().stays.get().unit.shelter, people=1)
        (lane,) = night.coming_night(actor=coordinator, now=EVE, zone=ZONE).lanes
        assert (lane.place, lane.people) == ("Casa Peregrina", 3)

    def test_reads_the_plan_backwards_from_the_bridge(self, coordinator):
        sleeping_family()
        (lane,) = night.coming_night(actor=coordinator, now=EVE, zone=ZONE).lanes
        assert [mark.time for mark in lane.marks] == ["02:45", "03:30", "04:30", "08:30"]
        # Labels begin at their quarter hour; that of waking ends where that of leaving begins.
        assert [(mark.begins, mark.ends) for mark in lane.marks] == [(1, 7), (7, 14), (11, 18), (27, 34)]
        assert [(span.css, span.begins, span.ends) for span in lane.spans] == [
            ("prep", 4, 7),
            ("road", 7, 11),
            ("hold", 11, 27),
        ]

    def test_names_the_city_of_the_bridge(self, coordinator):
        sleeping_family()
        found = night.coming_night(actor=coordinator, now=EVE, zone=ZONE)
        assert found.bridge == "Paso del Norte, Ciudad Juárez"
        assert found.lanes[0].bridge == found.bridge

    def test_marks_an_estimated_bridge_as_such(self, coordinator):
        sleeping_family(report_basis=Hearing.Basis.ESTIMATED)
        (lane,) = night.coming_night(actor=coordinator, now=EVE, zone=ZONE).lanes
        bridge = lane.marks[2]
        assert (bridge.time, bridge.css) == ("≈ 04:30", "key est")
        assert lane.spans[1].css == "road est"

    def test_makes_up_no_departure_for_those_who_sleep_nowhere(self, coordinator):
        HearingFactory(household=HouseholdFactory(people=2))
        (lane,) = night.coming_night(actor=coordinator, now=EVE, zone=ZONE).lanes
        assert [mark.time for mark in lane.marks] == ["04:30", "08:30"]

    def test_shows_the_departure_of_the_night_of_a_family_that_was_at_another_hearing_that_day(self, coordinator):
        household = sleeping_family()
        this_morning = {"court_on": date(2021, 12, 15)}
        HearingFactory(household=household, **this_morning)
        (lane,) = night.coming_night(actor=coordinator, now=EVE, zone=ZONE).lanes
        assert [mark.time for mark in lane.marks] == ["02:45", "03:30", "04:30", "08:30"]
        assert lane.marks[0].begins == 1

    @pytest.mark.parametrize(("hours", "lanes"), [(0, 1), (24, 0), (-24, 0), (23, 1), (10, 1), (22, 1)])
    def test_is_the_running_one_until_14_and_then_the_next(self, coordinator, hours, lanes):
        sleeping_family()
        found = night.coming_night(actor=coordinator, now=EVE + timedelta(hours=hours), zone=ZONE)
        assert len(found.lanes) == lanes

    def test_of_another_city_is_not_seen(self, actor_in):
        sleeping_family()
        assert night.coming_night(actor=actor_in(Role.COORDINATOR, "TJ"), now=EVE, zone=ZONE).lanes == ()

    def test_costs_the_same_for_one_family_and_for_many(self, coordinator, django_assert_num_queries):
        for _ in range(12):
            sleeping_family()
        with django_assert_num_queries(2):
            night.coming_night(actor=coordinator, now=EVE, zone=ZONE)


class TestReceptionNow:
    def test_counts_what_the_board_shows(self, coordinator, now):
        for hour, step in enumerate(
            [Step.RECEIVED, Step.RECEIVED, Step.DOCUMENTED, Step.TESTED, Step.ISOLATED, Step.PLACED]
        ):
            HouseholdFactory(people=2, step=step, step_at=now - timedelta(hours=hour + 1))
        tested = HouseholdFactory(people=1, step=Step.DOCUMENTED, step_at=now - timedelta(hours=9))
        CovidTestFactory(person=tested.people.get(), taken_at=now - timedelta(hours=8), result="", resulted_at=None)
        found = figures.reception_now(actor=coordinator, now=now, zone=ZONE)
        cards = board.cards(actor=coordinator, now=now)
        for waiting in found.lanes:
            there = [card for card in cards if card.lane == waiting.lane]
            assert waiting.families == len(there), waiting.lane
            assert waiting.longest.minutes == max((now - card.since).seconds // 60 for card in there)

    def test_names_the_lane_with_the_longest_wait_but_not_isolation(self, coordinator, now):
        HouseholdFactory(step=Step.ISOLATED, step_at=now - timedelta(days=4))
        HouseholdFactory(step=Step.RECEIVED, step_at=now - timedelta(hours=4))
        HouseholdFactory(step=Step.DOCUMENTED, step_at=now - timedelta(hours=1))
        found = figures.reception_now(actor=coordinator, now=now, zone=ZONE)
        assert found.slowest.lane == Lane.RECEIVED

    def test_counts_arrivals_by_the_day_of_the_place(self, coordinator):
        midnight = datetime(2021, 12, 8, 7, 0, tzinfo=UTC)  # 00:00 in Juárez
        HouseholdFactory(step=Step.PLACED, arrived_at=midnight)
        HouseholdFactory(step=Step.PLACED, arrived_at=midnight - timedelta(minutes=1))
        found = figures.reception_now(actor=coordinator, now=midnight + timedelta(hours=5), zone=ZONE)
        assert found.arrived_today == 1

    def test_of_nobody_is_all_zeros(self, coordinator, now):
        found = figures.reception_now(actor=coordinator, now=now, zone=ZONE)
        assert [waiting.families for waiting in found.lanes] == [0] * 5
        assert found.slowest is None

    def test_costs_one_query(self, coordinator, now, django_assert_num_queries):
        with django_assert_num_queries(1):
            figures.reception_now(actor=coordinator, now=now, zone=ZONE)


class TestFreeTonight:
    @pytest.fixture
    def house(self, now):
        site = ShelterSiteFactory(parent=SiteFactory(code="JZ"))
        return ShelterFactory(name="Casa Peregrina", site=site, counted_at=now - timedelta(minutes=12))

    def test_takes_off_what_is_held_and_keeps_zeros(self, actor_in, house, now):
        HoldFactory(unit=UnitFactory(shelter=house, kind=Kind.FAMILY, places=10), places=2)
        UnitFactory(shelter=house, kind=Kind.WOMEN, places=0)
        found = figures.free_tonight(actor=actor_in(Role.COORDINATOR), now=now)
        assert found.kinds == (Kind.FAMILY, Kind.WOMEN)
        assert [row.free for row in found.rows] == [(8, 0)]
        assert found.held == 2

    def test_hides_isolation_from_those_who_do_not_see_health(self, actor_in, house, now):
        UnitFactory(shelter=house, kind=Kind.ISOLATION, places=4)
        UnitFactory(shelter=house, kind=Kind.FAMILY, places=4)
        assert Kind.ISOLATION in figures.free_tonight(actor=actor_in(Role.COORDINATOR), now=now).kinds
        assert Kind.ISOLATION not in figures.free_tonight(actor=actor_in(Role.HEARINGS), now=now).kinds

    def test_names_shelters_that_are_over_and_those_that_nobody_confirmed(self, actor_in, house, now):
        unit = UnitFactory(shelter=house, places=1)
        StayFactory.create_batch(3, unit=unit, over_capacity_reason="llegó de noche", over_capacity_by="1")
        old = ShelterFactory(site=ShelterSiteFactory(parent=house.site.parent), counted_at=now - timedelta(hours=13))
        UnitFactory(shelter=old)
        found = figures.free_tonight(actor=actor_in(Role.COORDINATOR), now=now)
        assert [(row.name, row.over) for row in found.over] == [("Casa Peregrina", 2)]
        assert [row.name for row in found.stale] == [old.name]

    def test_costs_one_query_for_any_number_of_shelters(self, actor_in, house, now, django_assert_num_queries):
        for _ in range(8):
            UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=house.site.parent)))
        actor = actor_in(Role.COORDINATOR)
        with django_assert_num_queries(1):
            figures.free_tonight(actor=actor, now=now)


class TestRemindersToday:
    def test_counts_the_fates_of_those_due_today(self, coordinator, now):
        HeartbeatFactory(ran_at=now)
        household = HouseholdFactory()
        MessageFactory.create_batch(3, subject=household.uid)
        MessageFactory(subject=household.uid, status=Message.Status.SENT, sent_at=now, may_have_arrived_twice=True)
        MessageFactory(subject=household.uid, status=Message.Status.FAILED)
        MessageFactory(subject=household.uid, due_at=now + timedelta(days=1))
        MessageFactory()  # about a household of somebody else
        found = figures.reminders_today(actor=coordinator, now=now, zone=ZONE)
        assert (found.sent, found.waiting, found.failed, found.twice) == (1, 3, 1, 1)
        assert not found.is_late

    def test_says_when_the_sweep_is_late_and_when_it_never_ran(self, coordinator, now):
        assert figures.reminders_today(actor=coordinator, now=now, zone=ZONE).is_late
        HeartbeatFactory(ran_at=now - timedelta(hours=2))
        assert figures.reminders_today(actor=coordinator, now=now, zone=ZONE).is_late

    def test_costs_one_query(self, coordinator, now, django_assert_num_queries):
        HeartbeatFactory(ran_at=now)
        with django_assert_num_queries(1):
            figures.reminders_today(actor=coordinator, now=now, zone=ZONE)


class TestTodayPage:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.CALLER])
    def test_opens_for_every_role_within_ten_queries(self, client_of, role, django_assert_max_num_queries):
        for _ in range(5):
            sleeping_family()
            HouseholdFactory(people=2)
        HeartbeatFactory()
        browser = client_of(role)
        with django_assert_max_num_queries(10):
            assert browser.get("/").status_code == 200

    def test_opens_for_an_account_without_a_role(self, client):
        client.force_login(UserFactory())
        assert client.get("/").status_code == 200

    def test_names_no_returnee(self, client_of):
        household = sleeping_family()
        page = client_of(Role.COORDINATOR).get("/").content.decode()
        assert household.people.first().surnames not in page
        assert household.people.first().given_names not in page

    @pytest.mark.parametrize("role", [role for role in Role if Capability.SEE_PEOPLE not in CAPABILITIES[role]])
    def test_counts_no_people_for_those_who_see_none(self, client_of, role):
        page = client_of(role).get("/").content.decode()
        assert "today-reception" not in page
        assert "today-night" not in page

    def test_shows_reception_to_those_who_work_there(self, client_of):
        assert "today-reception" in client_of(Role.RECEPTION).get("/").content.decode()
        assert "today-reception" not in client_of(Role.SHELTER).get("/").content.decode()

    def test_offers_to_find_people_to_those_who_see_them(self, client_of):
        assert 'role="search"' in client_of(Role.HEARINGS).get("/").content.decode()
        assert 'role="search"' not in client_of(Role.DPO).get("/").content.decode()

    def test_says_whose_clock_it_is_where_there_is_no_place(self, client_of):
        assert "UTC</h1>" in client_of(Role.DPO).get("/").content.decode()

    def test_shows_the_log_to_those_who_oversee(self, client_of):
        EventFactory()
        assert "today-log" in client_of(Role.DPO).get("/").content.decode()
        assert "today-log" not in client_of(Role.COORDINATOR).get("/").content.decode()

    def test_speaks_english_to_those_who_chose_it(self, client):
        client.force_login(MembershipFactory(user=UserFactory(language="en")).user)
        assert "Your turn" in client.get("/").content.decode()

    def test_is_light(self, client_of):
        for _ in range(30):
            sleeping_family()
        response = client_of(Role.COORDINATOR).get("/", headers={"accept-encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert len(response.content) < 30_000
