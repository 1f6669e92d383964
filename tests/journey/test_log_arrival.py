"""The page at the bridge, as its form sends it."""

import gzip
import re
import uuid
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from audit.models import Read
from cases.models import Consent, Household, Owed, Person, Relation
from cases.states import Step
from hearings.models import Claim, Hearing
from journey.forms.people import AgeOrBirthField
from places.models import Court, Crossing
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import SiteFactory

URL = "/arrivals/new/"
AT_THE_BRIDGE = "2021-12-08T18:00:00+00:00"


@pytest.fixture
def filled(reference_data: None) -> dict[str, str]:
    """Two people over Paso del Norte, with the sheet that sends them back there on 3 January at 04:30."""
    bridge, court = Crossing.objects.get(name="Paso del Norte").pk, Court.objects.get(eoir_base="ELP").pk
    return {
        "uid": str(uuid.uuid4()),
        "size": "2",
        "p1-given_names": "Dayanara Lizeth",
        "p1-surnames": "Funes Amador",
        "p1-sex": "F",
        "p1-age": "31",
        "p1-a_number": "A 12-345-678",
        "p2-given_names": "Kevin",
        "p2-age": "01/06/2014",
        "p2-relation": "child",
        "crossing": str(bridge),
        "arrived_on": "2021-12-08",
        "arrived_time": "10:45",
        "nationality": "HN",
        "language": "spa",
        "phone_owner": "own",
        "phone": "656 123 4567",
        "has_sheet": "yes",
        "court": str(court),
        "court_on": "2022-01-03",
        "court_time": "08:30",
        "report_crossing": str(bridge),
        "report_time": "04:30",
        "notice_read": "on",
        "agree_messages": "yes",
        "agree_partners": "yes",
    }


@pytest.mark.django_db
class TestLogArrival:
    @pytest.fixture(autouse=True)
    def story_time(self) -> object:
        with time_machine.travel(AT_THE_BRIDGE, tick=False):
            yield

    def test_lands_with_consent_and_hearing(self, client_of: Callable[..., Client], filled: dict[str, str]) -> None:
        answer = client_of("reception").post(URL, filled)
        household = Household.objects.get()
        assert answer.headers["Location"] == f"/households/{household.uid}/"
        mother, son = Person.objects.all()
        assert (mother.phone, mother.a_number, mother.birth_is_estimated) == ("+526561234567", "012345678", True)
        assert (son.surnames, son.birth_date, son.nationality) == ("Funes Amador", date(2014, 6, 1), "HN")
        assert set(Consent.objects.filter(is_given=True).values_list("purpose", flat=True)) == {
            "reception",
            "messages",
            "partners",
        }
        hearing = Hearing.objects.get()
        assert hearing.report_at is not None
        assert hearing.report_at.isoformat() == "2022-01-03T11:30:00+00:00"
        assert set(hearing.claims.values_list("source", flat=True)) == {Claim.Source.MPP_SHEET}

    def test_leads_to_both_files_where_a_hint_was_ticked(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        known, hidden = (PersonFactory(household__site=SiteFactory(code=code)) for code in ("JZ", "TJ"))
        browser = client_of("reception")
        answer = browser.post(URL, {**filled, "compare": str(known.uid)})
        head = Person.objects.exclude(pk__in=[known.pk, hidden.pk]).get(position=1)
        assert answer.headers["Location"] == reverse("journey:compare", args=[known.uid, head.uid])
        assert browser.get(answer.headers["Location"]).status_code == 200
        for nobody in (str(hidden.uid), "x"):
            again = browser.post(URL, {**filled, "uid": str(uuid.uuid4()), "compare": nobody})
            assert again.headers["Location"].startswith("/households/")

    def test_a_second_tap_lands_on_the_same_household(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        client = client_of("reception")
        first, second = client.post(URL, filled), client.post(URL, filled)
        assert first.headers["Location"] == second.headers["Location"]
        assert Household.objects.count() == 1

    def test_saves_with_only_how_many_and_the_crossing_and_writes_down_what_is_owed(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        little = {key: filled[key] for key in ("uid", "crossing", "arrived_on", "arrived_time", "language")}
        client_of("reception").post(URL, {**little, "size": "2"})
        household = Household.objects.get()
        assert household.owed == [owed.value for owed in Owed]
        assert household.people.count() == 2
        assert not Consent.objects.exists()

    def test_asks_at_most_eight_things_before_saving(
        self, client_of: Callable[..., Client], reference_data: None
    ) -> None:
        page = client_of("reception").get(URL).content.decode()
        head = page.split('data-person="1"')[1].split('data-person="2"')[0]
        at_sight = re.sub(r"<details.*?</details>", "", head, flags=re.DOTALL)
        asked = set(re.findall(r'name="p1-(\w+)"', at_sight)) - {"age"}  # the exact age behind the tapped one
        assert asked == {"given_names", "surnames", "sex", "band"}
        family = re.sub(r"<details.*?</details>", "", page.split('aria-labelledby="how"')[1], flags=re.DOTALL)
        asked |= set(re.findall(r'name="(\w+)"', family.split("</form>")[0])) - {"notice_read"}
        assert asked | {"size", "nationality"} == {
            *("size", "given_names", "surnames", "sex", "band", "nationality", "crossing", "language")
        }

    def test_an_age_that_was_tapped_is_an_estimate_and_one_that_was_typed_goes_before_it(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        tapped = {"p1-age": "", "p1-band": "18-59", "p2-band": "60+"}
        client_of("reception").post(URL, {**filled, **tapped})
        mother, son = Person.objects.in_order()
        assert (mother.age_on(date(2021, 12, 8)), mother.birth_is_estimated) == (35, True)
        assert (son.birth_date, son.birth_is_estimated) == (date(2014, 6, 1), False)

    def test_guesses_the_relation_by_age_where_nobody_chose_one(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        others = {f"p{n}-band": band for n, band in ((2, "18-59"), (3, "6-11"), (4, "60+"), (5, "18-59"))}
        client_of("reception").post(URL, {**filled, **others, "size": "5", "p2-age": "", "p2-relation": ""})
        assert [person.relation for person in Person.objects.in_order()] == [
            *(Relation.HEAD, Relation.PARTNER, Relation.CHILD, Relation.PARENT, Relation.RELATIVE)
        ]

    @pytest.mark.parametrize(
        ("chosen", "noted"),
        [
            ({"nationality": "other", "nationality_other": "HT"}, "HT"),
            ({"nationality": "CM"}, "CM"),
            ({"nationality": ""}, ""),
        ],
    )
    def test_takes_a_country_at_sight_or_any_other(
        self, client_of: Callable[..., Client], filled: dict[str, str], chosen: dict[str, str], noted: str
    ) -> None:
        client_of("reception").post(URL, {**filled, **chosen})
        assert {person.nationality for person in Person.objects.all()} == {noted}

    def test_has_none_yet_is_an_answer(self, client_of: Callable[..., Client], filled: dict[str, str]) -> None:
        none_yet = {
            "p1-a_number": "",
            "p1-no_a_number": "on",
            "p2-no_a_number": "on",
            "phone": "",
            "phone_owner": "none",
        }
        client_of("reception").post(URL, {**filled, **none_yet})
        assert not {Owed.A_NUMBER, Owed.PHONE} & set(Household.objects.get().owed)

    def test_notes_only_what_was_asked_and_how_the_notice_was_given(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        client_of("reception").post(URL, {**filled, "agree_messages": "no", "agree_partners": "", "notice_way": "self"})
        noted = Consent.objects.order_by("pk").values_list("purpose", "is_given", "notice_way")
        assert list(noted) == [("reception", True, "self"), ("messages", False, "self")]

    def test_begins_with_what_the_last_family_said(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        client = client_of("reception")
        client.post(URL, {**filled, "nationality": "HT", "language": "hat"})
        page = client.get(URL).content.decode()
        assert re.search(r'value="HT"[^>]* checked', page)
        assert re.search(r'<option value="hat" selected', page)
        assert re.search(rf'<option value="{filled["crossing"]}" selected', page)
        assert "Dayanara" not in page

    def test_says_beside_the_field_what_was_taken_over_and_lets_it_be_not_known(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        client = client_of("reception")
        hint = '<span class="form-hint" id="id_{}_helptext">como en la anterior</span>'
        carried = [hint.format(name) for name in ("nationality", "language", "crossing")]
        assert not any(each in client.get(URL).content.decode() for each in carried)
        client.post(URL, filled)
        page = client.get(URL).content.decode()
        assert all(each in page for each in carried)
        client.post(URL, {**filled, "uid": str(uuid.uuid4()), "nationality": ""})
        assert Person.objects.latest("pk").nationality == ""
        mistaken = client.post(URL, {**filled, "uid": str(uuid.uuid4()), "p1-a_number": "123"}).content.decode()
        assert not any(each in mistaken for each in carried)

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"p1-a_number": "123"}, "p1-a_number"),
            ({"phone": "12"}, "phone"),
            ({"p2-age": "1/13/2014"}, "p2-age"),
            ({"arrived_time": "23:59"}, "arrived_time"),
            ({"court": ""}, "court"),
            ({"report_time": "09:00"}, ""),
            ({"size": "1"}, "size"),
            ({"notice_read": ""}, "notice_read"),
            ({"phone_owner": "none"}, "phone"),
            ({"crossing": "0"}, "crossing"),
            ({"uid": "x"}, "uid"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, client_of: Callable[..., Client], filled: dict[str, str], wrong: dict[str, str], says: str
    ) -> None:
        answer = client_of("reception").post(URL, {**filled, **wrong})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Dayanara Lizeth" in page
        assert "x-err" in page or 'role="alert"' in page
        assert not Household.objects.exists()

    def test_lists_every_mistake_above_and_leads_to_its_field(
        self, client_of: Callable[..., Client], filled: dict[str, str]
    ) -> None:
        wrong = {"p1-age": "abc", "p2-a_number": "12", "phone": "1", "phone_owner": "", "notice_read": ""}
        page = client_of("reception").post(URL, {**filled, **wrong}).content.decode()
        summary = page.split('id="mistakes"')[1].split("</div>")[0]
        assert "autofocus" in summary
        for anchor in ("id_p1-age", "id_p2-a_number", "id_phone", "id_notice_read"):
            assert f'href="#{anchor}"' in summary
            assert f'id="{anchor}"' in page

    def test_offers_the_crossings_of_the_own_city(self, client_of: Callable[..., Client], reference_data: None) -> None:
        page = client_of("reception", "TJ").get(URL).content.decode().split("report_crossing")[0]
        assert "El Chaparral" in page
        assert "Puente Santa Fe" not in page

    def test_refuses_a_bridge_of_another_city(self, client_of: Callable[..., Client], filled: dict[str, str]) -> None:
        assert client_of("reception", "TJ").post(URL, filled).status_code == 422

    def test_is_light(
        self,
        client_of: Callable[..., Client],
        reference_data: None,
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            page = client.get(URL).content
        assert len(gzip.compress(page)) < 30_000


class TestAgeOrBirthField:
    @pytest.mark.parametrize(
        ("text", "birth", "estimated"),
        [
            ("", None, False),
            ("34", date(1987, 7, 1), True),
            ("0", date(2021, 7, 1), True),
            ("5/3/1990", date(1990, 3, 5), False),
            ("05.03.1990", date(1990, 3, 5), False),
            ("05031990", date(1990, 3, 5), False),
            ("1990-03-05", date(1990, 3, 5), False),
        ],
    )
    def test_reads_what_people_write(self, text: str, birth: date | None, estimated: bool) -> None:
        field = AgeOrBirthField()
        field.today = date(2021, 12, 8)
        assert field.clean(text) == (birth, estimated)


@pytest.mark.django_db
class TestFindPeople:
    def test_finds_by_a_misspelt_name_and_records_who_was_shown(self, client_of: Callable[..., Client]) -> None:
        household = HouseholdFactory(people=2)
        client = client_of("reception")
        page = client.post("/find/", {"q": "funez amador"}).content.decode()
        assert "Dayanara Lizeth Funes Amador" in page
        assert Read.objects.get(page="find").households == [household.uid]

    @pytest.mark.parametrize(("role", "told"), [("reception", Step.ISOLATED), ("hearings", Step.DOCUMENTED)])
    def test_tells_of_isolation_only_those_who_may_see_health(
        self, client_of: Callable[..., Client], role: str, told: Step
    ) -> None:
        HouseholdFactory(people=2, step=Step.ISOLATED)
        with override("es"):
            page = client_of(role).post("/find/", {"q": "funez amador"}).content.decode()
            assert [step for step in (Step.ISOLATED, Step.DOCUMENTED) if f"<td>{step.label}</td>" in page] == [told]

    def test_a_name_in_the_address_is_not_looked_at(self, client_of: Callable[..., Client]) -> None:
        assert "Funes" not in client_of("reception").get("/find/?q=Funes").content.decode()

    @pytest.mark.parametrize(("role", "offered"), [("reception", True), ("shelter", False)])
    def test_offers_to_log_only_to_those_who_may(
        self, client_of: Callable[..., Client], role: str, offered: bool
    ) -> None:
        page = client_of(role).post("/find/", {"q": "nobody so called"}).content.decode()
        assert "Nobody found" in page or "No aparece" in page
        assert ("btn-outline" in page) is offered

    def test_shows_hostile_text_as_text(self, client_of: Callable[..., Client]) -> None:
        page = client_of("reception").post("/find/", {"q": "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert" not in page
