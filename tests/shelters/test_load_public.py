"""The public observations: what is kept word for word, what becomes a number, what stays unknown."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command

from audit.models import Event
from core.actors import Actor
from core.errors import NotAllowed
from shelters import sources
from shelters.actions.loading import load_public
from shelters.models import Capacity, Observation, Shelter, Unit
from shelters.rules import Kind

LOADER = Actor.system("loader")
SAID = {line["capacity_reported"] for line in sources.lines("shelters_public.csv")}


class TestCapacitySaid:
    @pytest.mark.parametrize(
        ("text", "places", "usable"),
        [
            ("80", 80, 80),
            ("1,200", 1200, 1200),
            ("200 beds", 200, 200),
            ("800 (raised)", 800, 800),
            ("108 (45 rooms)", 108, 108),
            ("300 (600 peak)", 300, 300),
            ("850 (other report)", 850, 850),
            ("90 (82 men, 8 women)", 90, 90),
            ("3000 (3,200 in another report)", None, 3000),
            ("300 (350 'in a pinch'; 400 in other reports)", None, 300),
            ("1500 planned", None, None),
            ("(2,500 planned 2023; 5,000 project)", None, None),
            ("~200 exceeded", None, None),
            ("", None, None),
        ],
    )
    def test_reads_a_number_only_where_there_is_one(self, text, places, usable):
        said = sources.capacity_said(text)

        assert (said.places, said.usable) == (places, usable)

    def test_splits_by_sex_where_the_text_does(self):
        assert sources.capacity_said("90 (82 men, 8 women)").by_kind == {Kind.MEN: 82, Kind.WOMEN: 8}


class TestPeopleSaid:
    @pytest.mark.parametrize(
        ("text", "people"),
        [
            ("89", 89),
            ("349 people on day 10", 349),
            ("169 present; 1,425 received in one month; 702 minors", 169),
            ("343 present (165 minors)", 343),
            ("200 in three tents", 200),
            ("22-50", None),
            ("80-120 a day", None),
            ("60 relocated", None),
            ("200/day earlier, 40 now", None),
            ("34 minors, 33 women, 75 men", None),
            ("'completamente rebasados'", None),
        ],
    )
    def test_reads_a_number_only_where_there_is_one(self, text, people):
        assert sources.people_said(text) == people


class TestFirstDay:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2021-12", date(2021, 12, 1)),
            ("2019", date(2019, 1, 1)),
            ("2023 (undated article)", date(2023, 1, 1)),
            ("n.d.", None),
        ],
    )
    def test_is_as_sure_as_the_source(self, text, day):
        assert sources.first_day(text) == day


@pytest.mark.django_db
@pytest.mark.usefixtures("reference_data")
class TestLoadPublic:
    def test_keeps_every_observation_word_for_word(self, now):
        tally = load_public(actor=LOADER, at=now)

        assert (tally.shelters, tally.observations) == (19, 23)
        assert set(Observation.objects.values_list("capacity_said", flat=True)) == SAID
        assert Shelter.objects.get(site__code="JZ-LEONA").site.parent.code == "JZ"

    def test_may_run_again(self, now):
        load_public(actor=LOADER, at=now)
        events = Event.objects.count()

        assert load_public(actor=LOADER, at=now).is_quiet
        assert Event.objects.count() == events

    def test_dates_each_capacity_and_keeps_its_source(self, now):
        load_public(actor=LOADER, at=now)

        unit = Unit.objects.get(shelter__site__code="JZ-FILTRO")
        assert list(unit.capacities.order_by("valid_from").values_list("places", flat=True)) == [108, 120]
        assert unit.capacities.first().valid_from == datetime(2020, 5, 1, 6, 0, tzinfo=UTC)
        assert all(capacity.source for capacity in Capacity.objects.all())

    def test_never_takes_unknown_for_nought(self, now):
        load_public(actor=LOADER, at=now)

        unknown = Shelter.objects.with_figures(now).get(site__code="TJ-EMBAJAD")
        assert (unknown.figures.capacity, unknown.figures.unknown) == (None, 1)

    def test_knows_men_and_women_apart(self, now):
        load_public(actor=LOADER, at=now)

        assert Shelter.objects.with_figures(now).get(site__code="RY-GUADALU").free_by_kind == {
            Kind.WOMEN: 8,
            Kind.MEN: 82,
        }

    def test_closes_what_was_closed(self, now):
        load_public(actor=LOADER, at=now)

        hotel = Shelter.objects.get(site__code="JZ-FILTRO")
        assert hotel.is_open_at(now)
        assert not hotel.is_open_at(datetime(2023, 1, 1, 7, 0, tzinfo=UTC))
        in_works = Unit.objects.with_figures(datetime(2025, 11, 1, tzinfo=UTC)).get(shelter__site__code="MT-PUMAREJ")
        assert in_works.is_closed_for_works

    def test_is_for_those_who_keep_shelters(self, actor_in, now):
        with pytest.raises(NotAllowed):
            load_public(actor=actor_in("reception"), at=now)

    def test_says_what_it_did(self, capsys):
        call_command("load_shelters")
        call_command("load_shelters")

        first, second = capsys.readouterr().out.splitlines()
        assert "19 with 21 rooms" in first
        assert "nothing to add" in second
