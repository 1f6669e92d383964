"""The board as figures: counted like the units, kept fresh by polling, all cities at once, and what is asked of it."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from cases.models import Absence
from core.actors import Actor
from shelters.actions import set_capacity
from shelters.board import city_named, order_named
from shelters.live import kept
from shelters.models import Capacity, Shelter
from shelters.needs import Need, need_named
from shelters.rules import Kind, in_city
from shelters.tonight import house_of, houses_tonight
from tests.factories.accounts import MembershipFactory
from tests.factories.cases import HouseholdFactory
from tests.factories.places import SiteFactory
from tests.factories.shelters import (
    BlockFactory,
    CapacityFactory,
    HoldFactory,
    ShelterFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)
from tests.shelters.reading import FEW_QUERIES, LIGHT, words

pytestmark = pytest.mark.django_db

EVERYBODY = Actor.system("test")


class TestHousesTonight:
    def test_count_as_the_units_do(self, django_assert_num_queries):
        now = timezone.now()
        full = UnitFactory(places=4, kind=Kind.FAMILY)
        stays = [StayFactory(unit=full) for _ in range(2)]
        Absence.objects.create(person=stays[0].person, noted_at=now, noted_by="M. O.")
        back = now + timedelta(hours=2)
        Absence.objects.create(
            person=stays[1].person, noted_at=now, noted_by="M. O.", reason=Absence.Reason.WORK, expected_at=back
        )
        HoldFactory(unit=full, places=1, begins_at=now - timedelta(hours=1), expires_at=now + timedelta(hours=1))
        BlockFactory(unit=full, places=3)
        over = UnitFactory(shelter=full.shelter, places=0)
        StayFactory(unit=over, over_capacity_reason="cierre", over_capacity_by="M. O.")
        UncountedUnitFactory(shelter=full.shelter)
        closed = UnitFactory(shelter=full.shelter)
        CapacityFactory(unit=closed, places=0, basis=Capacity.Basis.CLOSED, valid_from=now - timedelta(hours=1))
        CapacityFactory(unit=closed, places=90, valid_from=now + timedelta(hours=1))

        with django_assert_num_queries(3):
            (house,) = houses_tonight(actor=EVERYBODY, now=now)

        (same,) = (house_of(shelter) for shelter in Shelter.objects.with_figures(now))
        assert house.rooms == same.rooms
        assert (house.places, house.free_by_kind) == (same.places, same.free_by_kind)
        assert (house.places.away, house.places.unseen, house.places.held, house.places.over) == (1, 1, 1, 1)

    def test_have_nothing_free_where_the_shelter_is_closed(self):
        now = timezone.now()
        closed = UnitFactory(places=9, shelter__closed_at=now - timedelta(hours=1))
        StayFactory(unit=closed)
        UnitFactory(places=4)
        city = in_city(house.places for house in houses_tonight(actor=EVERYBODY, now=now))
        assert (city.capacity, city.free, city.blocked) == (13, 4, 8)
        (same,) = Shelter.objects.with_figures(now).filter(pk=closed.shelter_id)
        assert (same.figures.free, same.figures.blocked) == (0, 8)

    def test_show_an_actor_its_own_sites(self):
        UnitFactory(shelter__site__parent__code="TJ", shelter__site__code="TJ-1")
        mine = UnitFactory().shelter
        actor = Actor(
            kind=EVERYBODY.kind,
            id="1",
            name="M. O.",
            site_ids=frozenset({mine.site_id}),
            capabilities=EVERYBODY.capabilities,
        )

        assert [house.name for house in houses_tonight(actor=actor, now=timezone.now())] == [mine.name]


class TestNeed:
    def house(self, **rules):
        shelter = ShelterFactory(**rules)
        UnitFactory(shelter=shelter, kind=Kind.FAMILY, places=5, is_accessible=True)
        UnitFactory(shelter=shelter, kind=Kind.WOMEN, places=9)
        (house,) = houses_tonight(actor=EVERYBODY, now=timezone.now())
        return house

    def fits(self, need, house):
        return {room.kind for room in house.rooms if need.fits(room, house)}

    def test_keeps_people_of_whom_nothing_is_known_together(self):
        house = self.house()

        assert self.fits(Need(people=5), house) == {Kind.FAMILY}
        assert self.fits(Need(people=6), house) == set()
        assert self.fits(Need(people=1), house) == {Kind.WOMEN}

    def test_asks_for_ramp_pets_and_language(self):
        house = self.house(takes_pets=True, languages=["spa", "hat"])

        assert self.fits(Need(ramp=True), house) == {Kind.FAMILY}
        assert self.fits(Need(pets=True, kind=Kind.WOMEN), house) == {Kind.WOMEN}
        assert self.fits(Need(language="hat"), house) == {Kind.FAMILY, Kind.WOMEN}
        assert self.fits(Need(language="rus"), house) == set()

    def test_asks_for_a_safe_room_where_it_may_be_known(self, actor_in):
        safe = UnitFactory(shelter=ShelterFactory(), kind=Kind.MIXED, is_lgbtq_safe=True)
        UnitFactory(shelter=safe.shelter, kind=Kind.WOMEN)
        (house,) = houses_tonight(actor=EVERYBODY, now=timezone.now())

        assert self.fits(need_named({"safe": "1"}, actor=actor_in("coordinator")), house) == {Kind.MIXED}
        assert not need_named({"safe": "1"}, actor=actor_in("shelter", safe.shelter.site)).safe

    def test_promises_no_pets_where_nobody_noted_them(self):
        assert self.fits(Need(pets=True), self.house()) == set()


class TestBoard:
    def test_takes_words_and_answers_with_an_address_without_them(self, english, places_loaded):
        UnitFactory(kind=Kind.FAMILY, is_accessible=True)

        response = english().post(
            reverse("shelters:board"), {"text": "familia de 5, silla de ruedas, cerca de Paso del Norte"}
        )

        assert response.status_code == 302
        assert response["Location"].startswith("/shelters/?city=JZ&people=5&kind=family&ramp=1&near=")

    def test_says_what_it_did_not_understand_and_keeps_it_out_of_addresses(self, english, places_loaded):
        UnitFactory()

        response = english().post(reverse("shelters:board"), {"text": "familia de 5, unicornio"})

        assert response.status_code == 200
        assert "Not understood: “unicornio”" in words(response)
        assert "5 people together" in words(response)
        assert "unicornio" not in "".join(part for part in response.content.decode().split('"') if "?" in part)

    def test_shows_all_cities_at_once(self, english):
        house = UnitFactory(places=7).shelter
        other = UnitFactory(places=5, shelter__site__parent__code="TJ", shelter__site__code="TJ-1").shelter
        client = english()
        MembershipFactory(user=User.objects.get(), site=other.site.parent, role=Role.COORDINATOR)

        page = words(client.get(reverse("shelters:board"), {"city": "all"}))

        assert "12 places free tonight of 12" in page
        assert "Tijuana" in page
        assert house.name not in page

    def test_says_the_day_of_closing_by_the_clock_of_the_city(self, english):
        UnitFactory(shelter__closed_at=datetime(2031, 12, 9, 5, 0, tzinfo=UTC))
        page = words(english().get(reverse("shelters:board")))
        assert "Closes on 8 Dec 2031" in page

    def test_asks_few_queries_with_everything_open(self, english, places_loaded, django_assert_max_num_queries):
        UnitFactory()
        HouseholdFactory(people=2)
        client = english()

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:board"), {"more": ""})

        assert "Haitian Creole" in words(response)


class TestLive:
    def test_answers_304_until_a_figure_changes(self, english):
        unit = UnitFactory()
        client = english()
        tag = client.get(reverse("shelters:live"))["ETag"]

        unchanged = client.get(reverse("shelters:live"), headers={"If-None-Match": tag})
        now = timezone.now()
        set_capacity(unit=unit, places=9, basis=Capacity.Basis.OPERATIONAL, source="desk", actor=EVERYBODY, at=now)
        changed = client.get(reverse("shelters:live"), headers={"If-None-Match": tag})

        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert changed.status_code == 200
        assert changed["ETag"] != tag
        assert "9 places free tonight of 9" in words(changed)

    def test_is_kept_for_readers_of_the_same_sites_and_rights_only(self, english, client_of):
        unit = UnitFactory(places=7, kind=Kind.ISOLATION)
        coordinator, other = english(), client_of("coordinator", site=SiteFactory(code="TJ"))
        User.objects.update(language="en")

        here = words(coordinator.get(reverse("shelters:live")))
        there = words(other.get(reverse("shelters:live")))
        User.objects.update(language="es")
        en_casa = words(coordinator.get(reverse("shelters:live")))

        assert unit.shelter.name in here
        assert unit.shelter.name not in there
        assert "7 lugares libres esta noche de 7" in en_casa

    def test_grows_older_by_itself(self, english, now):
        unit = UnitFactory(places=7)
        with time_machine.travel(now, tick=False):
            HoldFactory(unit=unit, places=2, begins_at=now, expires_at=now + timedelta(minutes=10))
            assert "5 places free tonight of 7" in words(english().get(reverse("shelters:live")))
        with time_machine.travel(now + timedelta(minutes=11), tick=False):
            assert "7 places free tonight of 7" in words(english().get(reverse("shelters:live")))

    def test_is_kept_by_page_even_where_their_functions_are_named_alike(self, now):
        def board(reader):
            return {"page": "board"}

        def border(reader):
            return {"page": "border"}

        border.__qualname__, border.__module__ = board.__qualname__, "shelters.views.border"

        assert [kept(page, actor=EVERYBODY, now=now)["page"] for page in (board, border)] == ["board", "border"]

    def test_names_nobody_who_waits(self, english):
        UnitFactory()
        HouseholdFactory(people=2)

        assert "Funes" not in words(english().get(reverse("shelters:live")))

    def test_keeps_the_order_that_somebody_reads(self, english):
        few, many = UnitFactory(places=3).shelter, UnitFactory(places=9).shelter
        client = english()

        usual = words(client.get(reverse("shelters:live")))
        kept = words(client.get(reverse("shelters:live"), {"order": f"{few.pk}.{many.pk}"}))

        assert usual.index(many.name) < usual.index(few.name)
        assert kept.index(few.name) < kept.index(many.name)

    def test_is_light_and_flat(self, english, django_assert_max_num_queries):
        for number in range(40):
            UnitFactory(places=number * 31 % 97, shelter__counted_at=timezone.now())
        client = english()

        with django_assert_max_num_queries(FEW_QUERIES):
            response = client.get(reverse("shelters:live"))

        assert len(gzip.compress(response.content, 6)) < LIGHT


class TestOrder:
    def test_bears_what_is_no_order(self):
        assert order_named("") == {}
        assert order_named("3.x.1.99999999999999999999") == {3: 0, 1: 2}

    def test_no_city_is_none(self):
        assert city_named([], "JZ") is None
