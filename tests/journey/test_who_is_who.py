"""Pages of who is who: hints, the worklist, two files side by side, merging, and access to records elsewhere."""

import gzip
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from audit.actions import dispatch_pending
from audit.models import Event, EventType, Read
from cases.actions.likeness import note_likenesses
from cases.actions.merging import Same, merge_people
from cases.models import AccessRequest, Household, Likeness, Merge, Person
from core.actors import Actor
from hearings.models import Hearing
from journey import reminders
from messaging.models import Message
from tests.factories.cases import (
    AccessRequestFactory,
    ArrivalFactory,
    ConsentFactory,
    CovidTestFactory,
    DocumentFactory,
    HouseholdFactory,
    PersonFactory,
)
from tests.factories.hearings import HearingFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import ShelterFactory, StayFactory, UnitFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
MOST_QUERIES = 10
HEAVIEST = 30_000
SYSTEM = Actor.system("likeness")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def story_time():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def twins():
    """Two files of one family of two, of which the second came today."""
    return HouseholdFactory(people=2, site__code="JZ"), HouseholdFactory(people=2, site__code="JZ")


def heads(twins):
    return [household.people.first() for household in twins]


def compare_url(twins):
    return reverse("journey:compare", args=[person.uid for person in heads(twins)])


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


class TestTheHints:
    url = "/arrivals/likeness/"

    def test_show_who_is_like_the_head_and_why(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="JZ"))
        sent = {"p1-given_names": "Dayanara Lizet", "p1-surnames": "Funes Amador", "nationality": "GT"}
        page = text_of(client_of(Role.RECEPTION).post(self.url, sent))
        assert person.full_name in page
        assert "x-pill" in page
        assert Read.objects.get(page="likeness").households == [person.household.uid]

    def test_know_a_misspelt_name_alone(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="JZ"))
        sent = {"p1-given_names": "Dayanara Lizet", "p1-surnames": "Funez Amador"}
        assert person.full_name in text_of(client_of(Role.RECEPTION).post(self.url, sent))

    def test_hold_no_nationality_against_anybody_that_was_only_carried_over(self, client_of):
        site = SiteFactory(code="JZ")
        person = PersonFactory(household__site=site, nationality="HN")
        browser = client_of(Role.RECEPTION)
        sent = {
            "p1-given_names": "Daianara Liset",
            "p1-surnames": "Funes Amador",
            "p1-sex": person.sex,
            "nationality": "GT",
        }
        assert person.full_name not in text_of(browser.post(self.url, sent))
        assert person.full_name in text_of(browser.post(self.url, {**sent, "carried_nationality": "GT"}))

    def test_know_what_the_page_carried_over(self, client_of):
        ArrivalFactory(household=HouseholdFactory(people=1, site__code="JZ"), site=SiteFactory(code="JZ"))
        Person.objects.update(nationality="GT")
        page = text_of(client_of(Role.RECEPTION).get("/arrivals/new/"))
        assert 'name="carried_nationality" value="GT"' in page

    def test_offer_to_compare_the_two_later_and_keep_the_tick(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="JZ"))
        browser = client_of(Role.RECEPTION)
        sent = {"p1-given_names": person.given_names, "p1-surnames": person.surnames}
        offer = f'name="compare" value="{person.uid}"'
        assert f"{offer}>" in text_of(browser.post(self.url, sent))
        assert f"{offer} checked>" in text_of(browser.post(self.url, {**sent, "compare": str(person.uid)}))

    def test_say_nothing_while_little_is_written(self, client_of):
        PersonFactory(household__site=SiteFactory(code="JZ"))
        assert text_of(client_of(Role.RECEPTION).post(self.url, {"p1-given_names": "Day"})) == ""

    def test_tell_of_a_record_elsewhere_nothing_but_that_it_may_be(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="TJ"))
        sent = {
            "p1-given_names": person.given_names,
            "p1-surnames": person.surnames,
            "p1-age": "05031990",
            "p1-sex": "F",
        }
        page = text_of(client_of(Role.RECEPTION).post(self.url, sent))
        assert "x-alike" in page
        for trace in (person.given_names, person.surnames, person.household.code, str(person.household.uid), "TJ"):
            assert trace not in page
        assert Event.objects.filter(type=EventType.HINTED_ELSEWHERE).count() == 1


class TestTheWorklist:
    def test_shows_two_families_as_one_line(self, twins, client_of):
        note_likenesses(people=twins[1].people.all(), actor=SYSTEM, at=NOW)
        assert Likeness.objects.count() == 2
        page = text_of(client_of(Role.RECEPTION).get("/people/same/"))
        assert page.count(twins[0].code) == page.count(twins[1].code) == 1
        assert set(Read.objects.get(page="same").households) == {each.uid for each in twins}

    def test_shows_those_of_one_household_and_survives_a_broken_address(self, twins, client_of):
        note_likenesses(people=twins[1].people.all(), actor=SYSTEM, at=NOW)
        browser = client_of(Role.RECEPTION)
        assert twins[0].code in text_of(browser.get(f"/people/same/?of={twins[1].uid}"))
        assert twins[0].code not in text_of(browser.get(f"/people/same/?of={uuid4()}"))
        assert twins[0].code in text_of(browser.get("/people/same/?of=x"))

    def test_costs_the_same_for_many_pairs(self, client_of, django_assert_max_num_queries):
        people = [PersonFactory(household__site=SiteFactory(code="JZ")) for _ in range(12)]
        note_likenesses(people=people, actor=SYSTEM, at=NOW)
        browser = client_of(Role.COORDINATOR)
        with django_assert_max_num_queries(MOST_QUERIES):
            response = browser.get("/people/same/")
        assert len(gzip.compress(response.content)) < HEAVIEST

    def test_is_announced_on_the_page_of_the_household(self, twins, client_of):
        browser = client_of(Role.RECEPTION)
        url = reverse("journey:household", args=[twins[0].uid])
        assert "/people/same/" not in text_of(browser.get(url))
        note_likenesses(people=twins[1].people.all(), actor=SYSTEM, at=NOW)
        assert f"/people/same/?of={twins[0].uid}" in text_of(browser.get(url))


class TestTheComparison:
    def test_shows_both_and_offers_the_others_of_the_family(self, twins, client_of):
        page = text_of(client_of(Role.RECEPTION).get(compare_url(twins)))
        assert twins[0].code in page
        assert twins[1].code in page
        assert page.count('name="also"') == 1
        assert set(Read.objects.get(page="compare").households) == {each.uid for each in twins}

    def test_merges_with_what_was_ticked(self, twins, client_of):
        kept, other = heads(twins)
        Person.objects.filter(pk=other.pk).update(phone="+526561234567")
        page = text_of(client_of(Role.RECEPTION).get(compare_url(twins)))
        assert 'value="phone" checked' in page
        also = f"{twins[0].people.last().uid}:{twins[1].people.last().uid}"
        response = client_of(Role.COORDINATOR).post(compare_url(twins), {"fill": ["phone", "notes"], "also": also})
        assert response["Location"] == reverse("journey:household", args=[twins[0].uid])
        kept.refresh_from_db()
        assert kept.phone == "+526561234567"
        assert list(Household.objects.all()) == [twins[0]]

    def test_offers_the_way_back_at_once(self, twins, client_of):
        browser = client_of(Role.RECEPTION)
        browser.post(compare_url(twins))
        page = text_of(browser.get(reverse("journey:household", args=[twins[0].uid])))
        undo = reverse("journey:merge", args=[Merge.objects.get().uid])
        assert f'action="{undo}"' in page
        browser.post(undo, {"next": "/"})
        assert set(Household.objects.all()) == set(twins)

    def test_takes_nothing_that_the_page_did_not_offer(self, twins, client_of):
        stranger = PersonFactory(household__site=twins[0].site, given_names="Wilmer", surnames="Paz Lobo")
        also = f"{twins[0].people.last().uid}:{stranger.uid}"
        client_of(Role.RECEPTION).post(compare_url(twins), {"also": also, "fill": "surnames"})
        assert Person.objects.filter(pk=stranger.pk).exists()
        assert twins[1].people.count() == 1

    def test_says_why_not_while_both_sleep_somewhere(self, twins, client_of):
        unit = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=twins[0].site)))
        for person in heads(twins):
            StayFactory(person=person, unit=unit)
        page = text_of(client_of(Role.RECEPTION).post(compare_url(twins)), 422)
        assert 'role="alert"' in page

    def test_remembers_two_people(self, twins, client_of):
        one, other = heads(twins)
        client_of(Role.RECEPTION).post(reverse("journey:apart", args=[one.uid, other.uid]))
        assert Likeness.objects.get().judged_at == NOW

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.COORDINATOR, Role.PROTECTION])
    def test_costs_ten_queries_at_most(self, twins, client_of, django_assert_max_num_queries, role):
        for household in twins:
            HearingFactory(household=household)
            ConsentFactory(household=household)
            for person in household.people.all():
                DocumentFactory(person=person)
                CovidTestFactory(person=person)
        browser, url = client_of(role), compare_url(twins)
        with django_assert_max_num_queries(MOST_QUERIES):
            browser.get(url)


class TestTheMergedHousehold:
    @pytest.fixture
    def merge(self, twins, actor_in):
        pairs = [Same(kept=a, other=b) for a, b in zip(twins[0].people.all(), twins[1].people.all(), strict=True)]
        return merge_people(pairs=pairs, actor=actor_in("reception"), at=NOW)

    def test_leads_to_the_kept_one(self, twins, merge, client_of):
        browser = client_of(Role.RECEPTION)
        response = browser.get(reverse("journey:household", args=[twins[1].uid]))
        assert response["Location"] == reverse("journey:household", args=[twins[0].uid])
        text_of(browser.get(reverse("journey:take_step", args=[twins[1].uid])))

    def test_is_on_no_list(self, twins, merge, client_of):
        browser = client_of(Role.COORDINATOR)
        for path in ("/people/", "/reception/", "/shelters/", "/"):
            assert twins[1].code not in text_of(browser.get(path))

    def test_is_told_of_on_the_kept_page_and_undone_from_its_own(self, twins, merge, client_of):
        browser = client_of(Role.RECEPTION)
        page = text_of(browser.get(reverse("journey:household", args=[twins[0].uid])))
        address = reverse("journey:merge", args=[merge.uid])
        assert address in page
        assert twins[1].code in page
        told = text_of(browser.get(address))
        assert "arrow-back-up" in told
        assert not re.search(r"\b0 (registros|records)", told)
        browser.post(address)
        assert set(Household.objects.all()) == set(twins)
        text_of(browser.post(address))

    def test_has_its_reminders_planned_for_the_one_who_stands(self, twins, client_of, actor_in):
        kept, other = heads(twins)
        for household in twins:
            ConsentFactory(household=household)
        Person.objects.filter(pk__in=[kept.pk, other.pk]).update(phone="+526561234567", phone_owner="own")
        hearing = HearingFactory(household=twins[1])
        reminders.plan_for(reminders.hearings_to_plan(twins[1].uid), household=twins[1], at=NOW)
        first = set(Message.objects.waiting().values_list("recipient", flat=True))
        pairs = [Same(kept=a, other=b) for a, b in zip(twins[0].people.all(), twins[1].people.all(), strict=True)]
        merge_people(pairs=pairs, actor=actor_in("reception"), at=NOW)
        dispatch_pending(at=NOW)
        assert first == {other.uid}
        assert Hearing.objects.get(pk=hearing.pk).household == twins[0]
        assert set(Message.objects.waiting().values_list("recipient", "subject")) == {(kept.uid, twins[0].uid)}


class TestFind:
    def test_sets_numbers_and_codes_on_one_line(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="JZ"), a_number="012345678")
        page = text_of(client_of(Role.RECEPTION).post("/find/", {"q": person.full_name}))
        assert page.count('<td><span class="x-code">') == 2

    def test_offers_to_ask_for_a_record_elsewhere_and_shows_nothing_of_it(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="TJ"))
        SiteFactory(code="JZ")
        browser = client_of(Role.RECEPTION, "JZ")
        page = text_of(browser.post("/find/", {"q": "Dayanara Lizeth Funes Amador"}))
        assert reverse("journey:ask_access") in page
        assert person.household.code not in page
        assert str(person.household.uid) not in page
        token = page.split('name="token" value="')[1].split('"')[0]
        browser.post(reverse("journey:ask_access"), {"token": token, "reason": "is_here", "words": "Llegó hoy"})
        request = AccessRequest.objects.get()
        assert (request.household, request.site.code, request.words) == (person.household, "JZ", "Llegó hoy")

    def test_still_offers_it_once_those_told_while_typing_were_written_down(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="TJ"))
        browser = client_of(Role.RECEPTION, "JZ")
        names = {"p1-given_names": person.given_names, "p1-surnames": person.surnames}
        browser.post("/arrivals/likeness/", {**names, "p1-age": "05031990", "p1-sex": "F"})
        PersonFactory(household__site=SiteFactory(code="JZ"))
        page = text_of(browser.post("/find/", {"q": person.full_name}))
        assert reverse("journey:ask_access") in page
        assert person.household.code not in page
        untold = text_of(client_of(Role.COORDINATOR, "JZ").post("/find/", {"q": person.full_name}))
        assert reverse("journey:ask_access") not in untold

    def test_a_token_of_somebody_else_opens_nothing(self, client_of):
        person = PersonFactory(household__site=SiteFactory(code="TJ"))
        page = text_of(client_of(Role.RECEPTION, "JZ").post("/find/", {"q": person.full_name}))
        token = page.split('name="token" value="')[1].split('"')[0]
        client_of(Role.COORDINATOR, "NG").post(reverse("journey:ask_access"), {"token": token, "reason": "is_here"})
        assert not AccessRequest.objects.exists()


class TestAccess:
    def test_is_granted_for_a_while_and_ended(self, client_of):
        request = AccessRequestFactory(household=HouseholdFactory(people=2, site=SiteFactory(code="TJ")))
        browser = client_of(Role.PROTECTION, "TJ")
        page = text_of(browser.get("/access/"))
        assert request.household.code in page
        browser.post(reverse("journey:decide_access", args=[request.uid]), {"answer": "yes", "days": "7"})
        request.refresh_from_db()
        assert (request.is_granted, (request.until - NOW).days) == (True, 7)
        asking = client_of(Role.RECEPTION, "NG")
        told = text_of(asking.get("/access/"))
        assert request.household.code in told
        assert "hasta el 15 dic" in told
        text_of(asking.get(reverse("journey:household", args=[request.household.uid])))
        browser.post(reverse("journey:end_access", args=[request.uid]))
        text_of(asking.get(reverse("journey:household", args=[request.household.uid])), 404)

    def test_looks_the_same_to_those_who_wait_and_those_who_were_turned_down(self, client_of):
        request = AccessRequestFactory(household=HouseholdFactory(people=2, site=SiteFactory(code="TJ")))
        asking = client_of(Role.RECEPTION, "NG")
        before = text_of(asking.get("/access/"))
        client_of(Role.COORDINATOR, "TJ").post(
            reverse("journey:decide_access", args=[request.uid]), {"answer": "no", "days": ""}
        )
        after = text_of(asking.get("/access/"))
        strip = "csrfmiddlewaretoken"
        assert [line for line in before.splitlines() if strip not in line] == [
            line for line in after.splitlines() if strip not in line
        ]
        assert request.household.code not in after

    def test_costs_the_same_for_many(self, client_of, django_assert_max_num_queries):
        for _ in range(12):
            AccessRequestFactory(household=HouseholdFactory(people=2, site=SiteFactory(code="TJ")))
        browser = client_of(Role.COORDINATOR, "TJ")
        with django_assert_max_num_queries(MOST_QUERIES):
            browser.get("/access/")
