"""Where a household fits, in order and with reasons."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import translation

from core.actors import Actor
from shelters.models import Shelter
from shelters.planning.wishes import Near, Wishes
from shelters.ranking import rank
from shelters.rules import Kind, Party
from tests.factories.places import CityFactory, CrossingFactory
from tests.factories.shelters import (
    HoldFactory,
    ShelterFactory,
    StayFactory,
    UncountedUnitFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db

FAMILY = Party(women=1, men=1, minors=2)
JUAREZ = (31.74, -106.49)


@pytest.fixture
def ranked(now):
    def rank_all(party=FAMILY, **wishes):
        shelters = Shelter.objects.with_figures(now).order_by("pk")
        return rank(shelters, party=party, wishes=Wishes(**wishes), actor=Actor.system("shelters"), at=now)

    return rank_all


def texts(option) -> str:
    return " | ".join(str(reason.text) for reason in option.reasons)


class TestRank:
    def test_puts_a_room_for_families_before_one_for_everyone(self, ranked):
        everyone, families = UnitFactory(places=50), UnitFactory(kind=Kind.FAMILY, places=5)

        assert [option.unit for option in ranked().fitting] == [families, everyone]

    def test_puts_a_confirmed_count_first_and_warns_of_the_others(self, ranked, now):
        never = UnitFactory(kind=Kind.FAMILY)
        old = UnitFactory(kind=Kind.FAMILY, shelter__counted_at=now - timedelta(days=2))
        fresh = UnitFactory(kind=Kind.FAMILY, places=4, shelter__counted_at=now - timedelta(hours=2))

        ranking = ranked().fitting

        assert ranking[0].unit == fresh
        assert {option.unit for option in ranking[1:]} == {never, old}
        assert all(any(reason.tone == "warn" for reason in option.reasons) for option in ranking[1:])

    def test_puts_a_shelter_that_closes_soon_last_and_says_so(self, ranked, now):
        closing = UnitFactory(
            kind=Kind.FAMILY, places=90, shelter__counted_at=now, shelter__closed_at=now + timedelta(days=1)
        )
        UnitFactory(kind=Kind.MIXED, places=8)

        last = ranked().fitting[-1]

        assert last.unit == closing
        assert "Cierra el 9 dic 2021" in texts(last)

    def test_reads_the_hour_to_leave_on_the_clock_of_the_gate_and_names_it(self, ranked, now):
        at_half_past_three = datetime(2021, 12, 16, 10, 30, tzinfo=UTC)
        here = UnitFactory(shelter__gate_opens=time(5), shelter__gate_closes=time(22))
        madrid = CityFactory(name="Madrid", zone="Europe/Madrid")
        UnitFactory(shelter__gate_opens=time(5), shelter__gate_closes=time(22), shelter__site__city=madrid)

        with translation.override("en"):
            there, shut = ranked(leaves_at=at_half_past_three).fitting

        assert shut.unit == here
        assert "The gate is shut at 03:30, Ciudad Juárez time" in texts(shut)
        assert "gate" not in texts(there)

    def test_puts_the_nearer_city_first(self, ranked, reference_data):
        near = CrossingFactory()
        far = UnitFactory(kind=Kind.FAMILY, places=90, shelter__site__parent__code="TJ")
        here = UnitFactory(kind=Kind.FAMILY, places=5)

        first, second = ranked(near=Near(name=near.name, city=near.city_id, point=JUAREZ)).fitting

        assert (first.unit, second.unit) == (here, far)
        assert "km" in texts(second)

    def test_puts_the_most_free_first_among_equals(self, ranked):
        fuller, roomier = UnitFactory(places=5), UnitFactory(places=9)

        assert [option.unit for option in ranked().fitting] == [roomier, fuller]

    def test_puts_the_room_held_for_them_first_with_its_places(self, ranked, now):
        UnitFactory(kind=Kind.FAMILY)
        held = UnitFactory(places=4)
        HoldFactory(unit=held, places=4)

        first = ranked(held=held.pk).fitting[0]

        assert (first.unit, first.is_held) == (held, True)

    def test_never_parts_a_family(self, ranked):
        shelter = ShelterFactory()
        UnitFactory(shelter=shelter, kind=Kind.MEN)
        UnitFactory(shelter=shelter, kind=Kind.WOMEN)

        ranking = ranked()

        assert ranking.fitting == ranking.over == ()
        assert len(ranking.refused[0].reasons) == 2

    def test_asks_for_a_reason_where_it_would_go_over(self, ranked):
        full = UnitFactory(places=3)
        unknown = UncountedUnitFactory()

        ranking = ranked()

        assert [option.unit for option in ranking.over] == [full, unknown]
        assert not ranking.fitting

    def test_names_a_full_room_only_where_no_other_of_the_house_fits(self, ranked):
        shelter = ShelterFactory()
        UnitFactory(shelter=shelter, places=0)
        UnitFactory(shelter=shelter, places=9)

        assert not ranked().over

    def test_refuses_a_closed_house(self, ranked, now):
        UnitFactory(shelter__closed_at=now)

        assert len(ranked().refused) == 1

    def test_keeps_isolation_apart(self, ranked):
        isolation, everyone = UnitFactory(kind=Kind.ISOLATION), UnitFactory()

        assert [option.unit for option in ranked().fitting] == [everyone]
        assert [option.unit for option in ranked(Party(men=1, is_isolated=True)).fitting] == [isolation]

    def test_warns_of_a_house_that_is_over_elsewhere(self, ranked):
        shelter = ShelterFactory()
        full = UnitFactory(shelter=shelter, places=0, kind=Kind.MEN)
        StayFactory(unit=full, over_capacity_reason="cierre", over_capacity_by="M. O.")
        UnitFactory(shelter=shelter)

        warnings = [str(reason.text) for reason in ranked().fitting[0].reasons if reason.tone == "warn"]
        assert any("1" in warning for warning in warnings)
