"""The pages of who goes where: what they say, what they do, what they cost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from audit.models import Read
from cases.models import Absence, Isolation
from core.actors import Actor
from shelters.actions import accept_transfer, assign_place, depart, request_transfer
from shelters.actions.closing import end_promises_of_closed
from shelters.models import Hold, Shelter, Stay, Transfer, Unit
from shelters.rules import Kind
from tests.factories.cases import HouseholdFactory, NeedFactory
from tests.factories.shelters import HoldFactory, ShelterFactory, TransferFactory, UnitFactory
from tests.shelters.reading import FEW_QUERIES, LIGHT, weight, words

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def unit():
    return UnitFactory(shelter=ShelterFactory(name="Casa Uno"))


@pytest.fixture
def other():
    return UnitFactory(shelter=ShelterFactory(name="Casa Dos"))


@pytest.fixture
def coordinator(unit, other, actor_in):
    return actor_in("coordinator")


@pytest.fixture
def family(unit, coordinator):
    household = HouseholdFactory(people=3)
    assign_place(household=household, unit=unit, actor=coordinator, at=NOW - timedelta(days=2))
    return household


@pytest.fixture
def asked(family, other, coordinator):
    return request_transfer(
        household=family, to_shelter=other.shelter, reason=Transfer.Reason.FULL, actor=coordinator, at=NOW
    )


def step(browser, transfer, name, **said):
    return browser.post(reverse("shelters:transfer", args=[transfer.uid]), {"step": name, **said})


class TestTransfers:
    def test_says_whose_turn_it_is(self, asked, english):
        page = words(english().get(reverse("shelters:transfers")))
        assert "Waiting for an answer" in page
        assert "Casa Uno" in page
        assert "Casa Dos" in page

    def test_names_nobody_to_a_desk_that_may_not_see_them_yet(self, asked, other, family, english):
        page = words(english("shelter", other.shelter.site).get(reverse("shelters:transfers")))
        assert family.code in page
        assert family.people.first().surnames not in page
        assert not Read.objects.filter(page="transfers", households__contains=[family.uid]).exists()

    def test_is_light_and_flat_with_many(self, unit, other, english, django_assert_max_num_queries):
        for _ in range(60):
            TransferFactory(from_shelter=unit.shelter, to_shelter=other.shelter, requested_at=NOW)
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            page = browser.get(reverse("shelters:transfers"))
        assert weight(page) < LIGHT


class TestTransferPage:
    def test_goes_from_asked_to_arrived_by_both_desks(self, asked, unit, other, family, english):
        ours, theirs = english("shelter", unit.shelter.site), english("shelter", other.shelter.site)
        assert step(theirs, asked, "accept", unit=other.pk).status_code == 302
        said = {"transport": "taxi", "day": "2021-12-08", "hour": "15:00"}
        assert step(ours, asked, "arrange", **said).status_code == 302
        assert step(ours, asked, "depart").status_code == 302
        assert step(theirs, asked, "arrive", unit=other.pk).status_code == 302
        asked.refresh_from_db()
        assert asked.state == "arrived"
        assert asked.leaves_at == datetime(2021, 12, 8, 22, 0, tzinfo=UTC)
        assert set(Stay.objects.open().values_list("unit", flat=True)) == {other.pk}

    def test_offers_each_desk_its_own_steps_only(self, asked, unit, other, english):
        url = reverse("shelters:transfer", args=[asked.uid])
        assert "Accept and keep" in words(english("shelter", other.shelter.site).get(url))
        assert "Accept and keep" not in words(english("shelter", unit.shelter.site).get(url))

    @pytest.mark.parametrize("desk", ["shelter", "coordinator"])
    def test_offers_only_rooms_that_take_them_and_says_why_others_do_not(self, desk, asked, family, other, english):
        women = UnitFactory(shelter=other.shelter, name="Sala W", kind=Kind.WOMEN)
        small = UnitFactory(shelter=other.shelter, name="Sala S", places=2)
        family.people.update(sex="M")
        browser = english(desk, other.shelter.site if desk == "shelter" else None)
        page = browser.get(reverse("shelters:transfer", args=[asked.uid]))
        said = words(page)
        offered = [key for key, _ in page.context["desk"].forms["accept"].fields["unit"].choices]
        assert offered == [other.pk]
        assert "Sala W Would part the family: only women and their children sleep here" in said
        assert "Sala S 2 places free for 3" in said
        assert "name a reason" not in said
        assert step(browser, asked, "accept", unit=women.pk).status_code == 422
        assert step(browser, asked, "accept", unit=small.pk).status_code == 422
        assert step(browser, asked, "accept", unit=other.pk).status_code == 302

    def test_says_that_no_room_takes_them(self, asked, other, english):
        Unit.objects.update(kind=Kind.ISOLATION)
        page = english("shelter", other.shelter.site).get(reverse("shelters:transfer", args=[asked.uid]))
        assert "No room here takes them whole tonight" in words(page)
        assert "Accept and keep" not in words(page)
        assert "Do not accept" in words(page)

    def test_tells_no_desk_that_they_isolate(self, asked, family, other, english):
        Isolation.objects.create(household=family, begun_at=NOW, retest_on=NOW.date())
        url = reverse("shelters:transfer", args=[asked.uid])
        desk = words(english("shelter", other.shelter.site).get(url))
        assert "The rules of this room or house do not allow it" in desk
        assert "in isolation" not in desk
        assert "The family is in isolation" in words(english().get(url))

    def test_wants_a_reason_for_a_no(self, asked, english):
        assert step(english(), asked, "decline", reason="").status_code == 422
        assert step(english(), asked, "decline", reason="staff").status_code == 302

    def test_says_who_was_faster(self, asked, other, coordinator, english):
        accept_transfer(transfer=asked, unit=other, actor=coordinator, at=NOW)
        page = step(english(), asked, "accept", unit=other.pk)
        assert page.status_code == 422

    def test_says_in_which_room_the_places_are_kept_for_them(self, asked, other, coordinator, english):
        accept_transfer(transfer=asked, unit=other, actor=coordinator, at=NOW)
        page = words(english("shelter", other.shelter.site).get(reverse("shelters:transfer", args=[asked.uid])))
        assert f"{other.name} · kept for them" in page

    def test_tells_an_answer_that_never_came_from_people_who_never_came(self, asked, other, coordinator, english):
        url = reverse("shelters:transfer", args=[asked.uid])
        Transfer.objects.update(state="expired", ended_at=NOW)
        assert "Nobody answered in time" in words(english().get(url))
        Transfer.objects.update(answered_at=NOW)
        assert "Nobody came in time" in words(english().get(url))

    def test_warns_of_a_shelter_that_closes_and_names_no_program_for_its_no(self, asked, other, english):
        url = reverse("shelters:transfer", args=[asked.uid])
        Shelter.objects.filter(pk=other.shelter_id).update(closed_at=NOW + timedelta(hours=3))
        assert "Casa Dos receives nobody from 8 Dec, 14:00" in words(english().get(url))
        end_promises_of_closed(actor=Actor.system("shelters"), at=NOW + timedelta(hours=4))
        page = words(english().get(url))
        assert "The shelter closes" in page
        assert "· shelters" not in page

    def test_leads_on_to_another_shelter_after_a_no(self, asked, family, other, english):
        step(english(), asked, "decline", reason="full")
        url = reverse("shelters:transfer", args=[asked.uid])
        assert reverse("shelters:move", args=[family.uid]) in english().get(url).content.decode()
        desk = english("shelter", other.shelter.site).get(url).content.decode()
        assert reverse("shelters:move", args=[family.uid]) not in desk

    def test_costs_few_queries(self, asked, other, english, django_assert_max_num_queries):
        UnitFactory.create_batch(30, shelter=other.shelter)
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            browser.get(reverse("shelters:transfer", args=[asked.uid]))


class TestMove:
    def test_is_one_word_wherever_it_is_offered(self, family, unit, english):
        browser, url = english(), reverse("shelters:move", args=[family.uid])
        doors = (("journey:household", [family.uid]), ("shelters:shelter", [unit.shelter.uid]))
        for name, args in (*doors, ("shelters:going", [unit.shelter.uid, family.uid])):
            page = browser.get(reverse(name, args=args)).content.decode()
            (link,) = re.findall(rf'<a[^>]*href="{url}"[^>]*>(.*?)</a>', page)
            assert re.sub(r"<span.*|<[^>]*>", "", link) == "Move"

    def test_moves_within_the_house_at_once(self, family, unit, english):
        beside = UnitFactory(shelter=unit.shelter)
        browser = english("shelter", unit.shelter.site)
        url = reverse("shelters:move", args=[family.uid])
        assert "same house" in words(browser.get(url))
        assert browser.post(url, {"unit": beside.pk}).status_code == 302
        assert set(Stay.objects.open().values_list("unit", flat=True)) == {beside.pk}

    def test_asks_another_shelter(self, family, other, english):
        url = reverse("shelters:ask_transfer", args=[family.uid])
        assert english().post(url, {"unit": other.pk, "reason": "full"}).status_code == 302
        assert Transfer.objects.get().to_unit == other

    def test_takes_no_reason_for_granted(self, family, other, english):
        page = english().post(reverse("shelters:ask_transfer", args=[family.uid]), {"unit": other.pk, "reason": ""})
        assert page.status_code == 422
        assert "Say why they go." in words(page)
        assert not Transfer.objects.exists()

    def test_tells_no_desk_what_a_family_needs(self, family, unit, english):
        """Rooms are neither left out nor refused in other words for the sake of what the desk may not see."""
        plain = UnitFactory(shelter=unit.shelter, name="Cuarto 8", places=9)
        women = UnitFactory(shelter=unit.shelter, name="Cuarto 9", places=9, kind=Kind.WOMEN)
        family.people.update(sex="M")
        browser, url = english("shelter", unit.shelter.site), reverse("shelters:move", args=[family.uid])
        before = words(browser.get(url))
        for code in ("lgbtq_safe", "ramp", "pet"):
            NeedFactory(household=family, kind=code)
        assert words(browser.get(url)) == before
        assert "Cuarto 8" in before
        answers = {words(browser.post(url, {"unit": room.pk})).split("Where else could")[1] for room in (plain, women)}
        assert len(answers) == 1
        assert "The rules of this room or house do not allow it" in answers.pop()

    def test_proposes_rooms_for_isolation_to_who_was_found_positive(self, family, other, english):
        apart = UnitFactory(shelter=other.shelter, kind=Kind.ISOLATION, name="Cuarto aparte")
        Isolation.objects.create(household=family, begun_at=NOW, retest_on=NOW.date())
        page = words(english().get(reverse("shelters:move", args=[family.uid])))
        assert "They isolate, and sleep beside others" in page
        assert "Cuarto aparte" in page
        assert f"Casa Dos · {other.name}" not in page
        english().post(reverse("shelters:move", args=[family.uid]), {"unit": apart.pk})
        assert set(Stay.objects.exclude(ends_at=None).values_list("leaving_reason", flat=True)) == {"isolation"}

    def test_lets_a_coordinator_go_over_in_a_room_for_isolation_that_is_full(self, family, other, english):
        apart = UnitFactory(shelter=other.shelter, kind=Kind.ISOLATION, name="Cuarto aparte", places=1)
        Isolation.objects.create(household=family, begun_at=NOW, retest_on=NOW.date())
        browser, url = english(), reverse("shelters:move", args=[family.uid])
        page = words(browser.get(url))
        assert "Over the capacity somebody names a reason: see below." in page
        assert "Cuarto aparte" in page
        assert "Place over capacity" in page
        browser.post(url, {"unit": apart.pk, "over_capacity_reason": "no hay otro cuarto aparte"})
        assert set(Stay.objects.open().values_list("unit", "over_capacity_reason")) == {
            (apart.pk, "no hay otro cuarto aparte")
        }

    def test_offers_no_desk_to_go_over(self, family, unit, english):
        UnitFactory(shelter=unit.shelter, places=1)
        unit.shelter.units.exclude(pk=unit.pk).update(name="Cuarto lleno")
        page = words(english("shelter", unit.shelter.site).get(reverse("shelters:move", args=[family.uid])))
        assert "Place over capacity" not in page
        assert "Cuarto lleno" not in page

    def test_says_why_no_other_shelter_takes_them(self, family, other, english):
        Isolation.objects.create(household=family, begun_at=NOW, retest_on=NOW.date())
        page = words(english().get(reverse("shelters:move", args=[family.uid])))
        assert "No shelter here has a room for isolation." in page
        assert "names a reason" not in page
        assert "Casa Dos The family is in isolation; this room is not for isolation" in page
        Shelter.objects.filter(pk=other.shelter_id).update(closed_at=NOW)
        assert "Casa Dos" not in words(english().get(reverse("shelters:move", args=[family.uid])))

    def test_costs_few_queries(self, family, other, english, django_assert_max_num_queries):
        for _ in range(20):
            UnitFactory(shelter=other.shelter)
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            browser.get(reverse("shelters:move", args=[family.uid]))


class TestHolds:
    def test_keeps_renews_and_gives_back(self, unit, english):
        browser, url = english("shelter", unit.shelter.site), reverse("shelters:holds", args=[unit.shelter.uid])
        said = {"label": "inm-7", "unit": unit.pk, "places": 4, "hours": 2}
        assert browser.post(url, said).status_code == 302
        hold = Hold.objects.get()
        one = reverse("shelters:hold_step", args=[unit.shelter.uid, hold.pk])
        browser.post(one, {"step": "renew"})
        hold.refresh_from_db()
        assert (hold.label, hold.renewals) == ("INM-7", 1)
        browser.post(one, {"step": "release"})
        assert not Hold.objects.standing_at(NOW).exists()

    def test_begins_with_the_roomiest_room_and_speaks_of_places_where_there_are_too_few(self, unit, english):
        small = UnitFactory(shelter=unit.shelter, places=1, name="A")
        browser, url = english("shelter", unit.shelter.site), reverse("shelters:holds", args=[unit.shelter.uid])
        assert f'<option value="{unit.pk}" selected>' in browser.get(url).content.decode()
        page = words(browser.post(url, {"label": "INM-7", "unit": small.pk, "places": "2", "hours": "4"}))
        assert "Not so many places are free in this room." in page
        assert "name a reason" not in page

    def test_refuses_a_name_and_keeps_what_was_typed(self, unit, english):
        url = reverse("shelters:holds", args=[unit.shelter.uid])
        page = english().post(url, {"label": "Rosa", "unit": unit.pk, "places": 4, "hours": 2})
        assert page.status_code == 422
        assert 'value="Rosa"' in page.content.decode()

    def test_gives_the_places_to_a_family_that_came(self, unit, english):
        hold = HoldFactory(unit=unit, household=None, label="L-1", places=3, begins_at=NOW)
        family = HouseholdFactory(people=3)
        one = reverse("shelters:hold_step", args=[unit.shelter.uid, hold.pk])
        english().post(one, {"step": "give", "household": family.pk})
        assert Stay.objects.open().filter(household=family).count() == 3

    def test_costs_few_queries(self, unit, english, django_assert_max_num_queries):
        for number in range(12):
            HoldFactory(unit=unit, places=0, begins_at=NOW)
            HoldFactory(unit=unit, household=None, label=f"L-{number}", places=0, begins_at=NOW)
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            browser.get(reverse("shelters:holds", args=[unit.shelter.uid]))


class TestGoing:
    def url(self, family, unit):
        return reverse("shelters:going", args=[unit.shelter.uid, family.uid])

    def test_ends_the_stays_of_those_ticked(self, family, unit, english):
        one, *others = family.people.all()
        said = {"what": "leave", "who": [str(one.uid)], "reason": "left", "destination": "relatives"}
        assert english("shelter", unit.shelter.site).post(self.url(family, unit), said).status_code == 302
        assert Stay.objects.open().count() == len(others)
        assert Stay.objects.get(person=one).destination == "relatives"

    @pytest.mark.parametrize(
        ("reason", "answer"),
        [
            ("lost", "contact with {} is lost"),
            ("court", "{} did not return"),
            ("mistake", "The stay of {} is taken off"),
        ],
    )
    def test_does_not_say_of_somebody_whom_nobody_saw_leave_that_they_left(self, family, unit, english, reason, answer):
        said = {"what": "leave", "who": [str(family.people.first().uid)], "reason": reason, "destination": "unknown"}
        page = words(english("shelter", unit.shelter.site).post(self.url(family, unit), said, follow=True))
        assert answer.format(family.code) in page
        assert f"{family.code} left" not in page

    @pytest.mark.parametrize(
        ("hour", "day"), [(2, "2021-12-08"), (3, "2021-12-09")], ids=["before 20:00", "from 20:00 on"]
    )
    def test_offers_a_return_that_is_still_to_come(self, family, unit, english, hour, day):
        browser = english("shelter", unit.shelter.site)
        with time_machine.travel(datetime(2021, 12, 9, hour, 0, tzinfo=UTC), tick=False):
            page = browser.get(self.url(family, unit))
        assert str(page.context["forms"]["out"].initial["day"]) == day

    def test_lets_them_out_and_in_again(self, family, unit, english):
        browser, url = english("shelter", unit.shelter.site), self.url(family, unit)
        who = [str(person.uid) for person in family.people.all()]
        browser.post(url, {"what": "out", "who": who, "out_reason": "work", "day": "2021-12-08", "hour": "20:00"})
        assert Absence.objects.open().first().expected_at == datetime(2021, 12, 9, 3, 0, tzinfo=UTC)
        assert "Who is back" in words(browser.get(url))
        browser.post(url, {"what": "back", "who": who})
        assert not Absence.objects.open().exists()

    def test_says_what_is_wrong_with_the_hour(self, family, unit, english):
        who = [str(person.uid) for person in family.people.all()]
        page = english().post(
            self.url(family, unit),
            {"what": "out", "who": who, "out_reason": "work", "day": "2021-12-07", "hour": "20:00"},
        )
        assert page.status_code == 422
        assert "later than now" in words(page)

    def test_costs_few_queries(self, family, unit, english, django_assert_max_num_queries):
        browser = english()
        with django_assert_max_num_queries(FEW_QUERIES):
            browser.get(self.url(family, unit))


class TestClosing:
    def test_says_who_must_go_and_closes_at_the_hour_of_the_house(self, family, unit, english):
        url = reverse("shelters:closing", args=[unit.shelter.uid])
        browser = english()
        assert "1 family" in words(browser.get(url))
        assert browser.post(url, {"day": "2021-12-20", "hour": "12:00"}).status_code == 302
        assert Shelter.objects.get(pk=unit.shelter_id).closed_at == datetime(2021, 12, 20, 19, 0, tzinfo=UTC)
        browser.post(url, {"step": "reopen"})
        assert Shelter.objects.get(pk=unit.shelter_id).closed_at is None


class TestOnTheWay:
    def test_is_seen_by_the_shelter_that_expects_them(self, asked, other, family, coordinator, english):
        accepted = accept_transfer(transfer=asked, unit=other, actor=coordinator, at=NOW)
        depart(transfer=accepted, actor=coordinator, at=NOW)
        page = words(english("shelter", other.shelter.site).get(reverse("shelters:transfers")))
        assert "On the way" in page
        assert family.people.first().surnames in page
