"""A shelter that only isolates tells of health by its name: whoever may not see health reads no more than its city."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from cases.models import Household
from cases.states import Step
from core.actors import Actor
from journey import board
from journey.board import Lane
from shelters.actions import end_stays
from shelters.discretion import name_told
from shelters.models import LeavingReason
from tests.factories.cases import HouseholdFactory
from tests.factories.hearings import HearingFactory, SummonsFactory
from tests.factories.places import ShelterSiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

pytestmark = pytest.mark.django_db
NAME = "Hotel Filtro"


@pytest.fixture
def hotel(actor_in):
    site = actor_in("reception").site_ids
    shelter = ShelterFactory(name=NAME, site=ShelterSiteFactory(name=NAME, parent_id=min(site)))
    UnitFactory(shelter=shelter, kind="isolation")
    return shelter


@pytest.fixture
def family(hotel, now):
    """They sleep at the hotel and present on 16 December."""
    household = HouseholdFactory(people=1, site=hotel.site.parent, guest_site=hotel.site, step=Step.PLACED)
    person = household.people.get()
    StayFactory(person=person, unit=hotel.units.get())
    SummonsFactory(hearing=HearingFactory(household=household), person=person)
    return household


def pages_of(household):
    return [
        reverse("journey:household", args=[household.uid]),
        reverse("journey:people"),
        reverse("docket:hearings") + "?day=2021-12-16",
        reverse("journey:departure_sheet") + "?day=2021-12-16",
        reverse("journey:expiring"),
    ]


def no_more_than_the_city(household):
    return name_told(NAME, household.guest_site.city.name, is_isolation=True, sees_health=False)


class TestAShelterThatOnlyIsolates:
    @pytest.mark.parametrize("role", ["hearings", "shelter"])
    def test_is_named_to_nobody_who_may_not_see_health(self, family, client_of, now, role):
        with time_machine.travel(now, tick=False):
            pages = [client_of(role).get(url).content.decode() for url in pages_of(family)]
        assert not [page for page in pages if NAME in page]
        assert [page for page in pages if no_more_than_the_city(family) in page]

    def test_is_named_to_those_who_may(self, family, client_of, now):
        with time_machine.travel(now, tick=False):
            pages = [client_of("coordinator").get(url).content.decode() for url in pages_of(family)[:4]]
        assert all(NAME in page for page in pages)

    def test_is_not_named_on_the_night_of_today(self, family, client_of, now):
        with time_machine.travel("2021-12-15T23:00Z", tick=False):
            night = {role: client_of(role).get("/").content.decode() for role in ("hearings", "coordinator")}
        assert NAME in night["coordinator"]
        assert NAME not in night["hearings"]

    def test_with_a_room_for_others_too_tells_nothing_and_keeps_its_name(self, family, hotel, client_of, now):
        UnitFactory(shelter=hotel, kind="family")
        with time_machine.travel(now, tick=False):
            page = client_of("hearings").get(reverse("journey:household", args=[family.uid])).content.decode()
        assert NAME in page

    def test_keeps_a_bed_on_the_board_in_no_other_words(self, family, actor_in, now):
        Household.objects.filter(pk=family.pk).update(step=Step.TESTED)
        told = {}
        for role in ("coordinator", "hearings"):
            (card,) = board.cards(actor=actor_in(role), now=now)
            assert card.lane == Lane.TO_PLACE
            told[role] = next(str(tag.text) for tag in card.missing if tag.icon == "bed")
        assert told["coordinator"].endswith(NAME)
        assert told["hearings"].endswith(no_more_than_the_city(family))


class TestAMoveToIsolation:
    @pytest.fixture
    def left(self, hotel, now):
        """They left another house of the city this morning for a room of isolation."""
        house = ShelterFactory(site=ShelterSiteFactory(parent=hotel.site.parent))
        family = HouseholdFactory(people=1, site=hotel.site.parent, guest_site=house.site, step=Step.PLACED)
        unit = UnitFactory(shelter=house)
        StayFactory(person=family.people.get(), unit=unit, begins_at=now - timedelta(days=2))
        end_stays(household=family, reason=LeavingReason.ISOLATION, actor=Actor.system("desk"), at=now)
        return family, [reverse("shelters:shelter", args=[house.uid]), reverse("journey:household", args=[family.uid])]

    @pytest.mark.parametrize("role", ["hearings", "shelter"])
    def test_reads_like_any_other_to_who_may_not_see_health(self, left, client_of, now, role):
        family, urls = left
        with time_machine.travel(now, tick=False), translation.override("es"):
            pages = [answer.content.decode() for answer in map(client_of(role).get, urls) if answer.status_code == 200]
            words = [str(LeavingReason.ISOLATION.label), str(LeavingReason.TRANSFERRED.label)]
        assert pages
        assert not [page for page in pages if words[0].lower() in page.lower()]
        assert all(words[1].lower() in page.lower() for page in pages)
        assert family.people.get().surnames in pages[0]

    def test_is_told_at_the_shelter_to_who_may(self, left, client_of, now):
        with time_machine.travel(now, tick=False), translation.override("es"):
            page = client_of("coordinator").get(left[1][0]).content.decode()
            assert str(LeavingReason.ISOLATION.label) in page
