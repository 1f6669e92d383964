"""What a filled system holds: the same as if every deed had been done one by one."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from audit.models import Event, EventType
from cases.actions.people import search_tokens
from cases.models import Household, Person, SearchToken
from cases.rules import household_step
from cases.states import RECEPTION, Step
from core.actors import Actor
from core.errors import NotAllowed
from demo.actions import fill
from demo.actions.filling import NotEmpty
from demo.population import Population
from hearings.models import Hearing
from journey import board, reminders
from messaging.models import Message
from shelters.models import Hold, Shelter, Stay
from tests.factories.cases import HouseholdFactory

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

AT = datetime(2026, 11, 20, 16, tzinfo=UTC)
ACTOR = Actor.system("demo")


@pytest.fixture
def filled(reference_data):
    call_command("load_cohorts", verbosity=0)
    call_command("load_shelters", verbosity=0)
    return fill(people=300, seed=2021, actor=ACTOR, at=AT)


class TestFill:
    def test_writes_as_many_people_as_asked(self, filled):
        assert filled.written == Person.objects.count() == 300

    def test_breaks_no_constraint(self, filled):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_is_refused_to_those_who_do_not_administer(self, db):
        with pytest.raises(NotAllowed):
            fill(people=3, seed=1, actor=Actor(kind="staff", id="1", name="x"), at=AT)

    def test_refuses_a_system_with_people_of_its_own(self, reference_data):
        HouseholdFactory()
        with pytest.raises(NotEmpty):
            fill(people=3, seed=1, actor=ACTOR, at=AT)

    def test_is_there_already_the_second_time(self, filled):
        again = fill(people=300, seed=2021, actor=ACTOR, at=AT + timedelta(hours=1))
        assert (again.written, again.there_before) == (0, 300)
        assert Person.objects.count() == 300

    def test_goes_on_where_it_was_interrupted(self, reference_data, monkeypatch):
        class PowerCut(Exception):
            pass

        def stop_after_the_first(done, people):
            raise PowerCut

        with pytest.raises(PowerCut):
            fill(people=300, seed=2021, actor=ACTOR, at=AT, progress=stop_after_the_first)
        written = Person.objects.count()
        assert 0 < written < 300
        rest = fill(people=300, seed=2021, actor=ACTOR, at=AT)
        assert (rest.written, rest.there_before) == (300 - written, written)

    def test_makes_the_people_of_the_seed(self, filled):
        population = Population(people=300, seed=2021, at=AT)
        told = {
            person.uid: person
            for batch in population.batches()
            for s in population.stories(batch)
            for person in s.people
        }
        for person in Person.objects.all():
            story = told[person.uid]
            assert (person.given_names, person.surnames) == (story.given_names, story.surnames)
            assert (person.birth_date, person.a_number, person.phone) == (story.birth_date, story.a_number, story.phone)


class TestTheRows:
    def test_record_each_arrival_once(self, filled):
        events = Event.objects.filter(type=EventType.ARRIVAL_RECORDED)
        assert events.count() == Household.objects.count()
        assert set(events.values_list("household", flat=True)) == set(Household.objects.values_list("uid", flat=True))

    def test_hold_the_tokens_that_the_deed_makes(self, filled):
        for person in Person.objects.order_by("pk")[:40]:
            mine = set(SearchToken.objects.filter(person=person).values_list("value", flat=True))
            assert mine == {token.value for token in search_tokens(person)}

    def test_stand_at_the_step_that_their_people_took(self, filled):
        for household in Household.objects.filter(step__in=RECEPTION).prefetch_related("people__steps"):
            taken = [frozenset(Step(each.step) for each in person.steps.all()) for person in household.people.all()]
            assert household_step(taken) == household.step

    def test_resolve_hearings_as_the_deed_would(self, filled):
        for hearing in Hearing.objects.for_clocks():
            court, report = hearing.court_words.shown, hearing.report_words.shown
            assert court.moment == hearing.court_at
            assert (report.moment if report else None) == hearing.report_at
            assert hearing.present_at == (hearing.report_at or hearing.court_at)

    def test_leave_nothing_to_dispatch(self, filled):
        assert not Event.objects.waiting().exclude(household=None).exists()

    def test_plan_the_reminders_that_the_journey_plans(self, filled):
        ahead = Hearing.objects.standing().select_related("household__site__city", "household__guest_site__city")
        before = Message.objects.count()
        assert before
        for hearing in ahead:
            noted = Event.objects.get(type=EventType.HEARING_NOTED, subject_id=hearing.pk).occurred_at
            assert reminders.plan_for([hearing], household=hearing.household, at=noted) == 0
        assert Message.objects.count() == before


class TestTheHouses:
    def test_sleep_only_in_fictional_ones(self, filled):
        assert Stay.objects.exists()
        assert not Stay.objects.exclude(unit__shelter__site__code__contains="-DEMO").exists()
        assert not Shelter.objects.open_at(AT).exclude(site__code__contains="-DEMO").exists()

    def test_place_families_whole(self, filled):
        units = Stay.objects.open().values("household").annotate(units=Count("unit", distinct=True))
        assert all(each["units"] == 1 for each in units)

    def test_go_over_only_with_a_reason_and_hold_and_block_some(self, filled):
        shelters = list(Shelter.objects.filter(site__code__contains="-DEMO").with_figures(AT))
        over = [shelter for shelter in shelters if any(unit.figures.over for unit in shelter.units.all())]
        assert over
        assert Stay.objects.open().exclude(over_capacity_reason="").exists()
        assert Hold.objects.standing_at(AT).exists()
        assert any(shelter.figures.blocked for shelter in shelters)

    def test_are_mostly_full(self, filled):
        shelters = list(Shelter.objects.filter(site__code__contains="-DEMO").with_figures(AT))
        capacity = sum(shelter.figures.capacity for shelter in shelters)
        assert 0.6 < sum(shelter.figures.occupied for shelter in shelters) / capacity < 1.1


class TestThePages:
    def test_have_a_family_in_every_lane(self, filled, actor_in):
        found = board.cards(actor=actor_in("coordinator", "JZ"), now=AT)
        assert {card.lane for card in found} == set(board.Lane)

    def test_show_departures_conflicts_and_people_not_reached(self, filled, client_of):
        with time_machine.travel(AT, tick=False):
            client = client_of("coordinator", "JZ")
            for name in (
                "dashboard:today",
                "journey:reception",
                "journey:people",
                "docket:hearings",
                "shelters:board",
            ):
                assert client.get(reverse(name)).status_code == 200
        tonight = Hearing.objects.presenting_in(AT - timedelta(hours=12), AT + timedelta(hours=36))
        assert tonight.filter(household__site__code="JZ").count() >= 3
        assert any(hearing.is_in_conflict for hearing in Hearing.objects.standing().for_clocks())


class TestCommand:
    def test_leaves_a_system_with_people_alone_when_told(self, filled, capsys):
        call_command("demo", people=50, if_empty=True)
        assert "nothing to do" in capsys.readouterr().out
        assert Person.objects.count() == 300

    def test_shows_how_far_it_is(self, reference_data, capsys):
        call_command("demo", people=20)
        assert "20 of 20 people" in capsys.readouterr().out
