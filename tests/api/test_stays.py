"""Giving places through the API and taking them back: the deeds of the pages, once for each id that the partner made."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.scopes import Scope
from audit.models import Event, EventType
from cases.actions.splitting import split_household
from cases.models import Consent, Household, Regrouping
from cases.states import Step
from shelters.actions import assign_place, end_stays
from shelters.fitting import locked_units
from shelters.models import LeavingReason, Stay, Unit
from shelters.rules import Kind
from tests.factories.cases import ConsentFactory, HouseholdFactory, IsolationFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory
from tests.factories.shelters import BlockFactory, ShelterFactory, StayFactory, UncountedUnitFactory, UnitFactory

pytestmark = pytest.mark.django_db
GIVE = "/api/v1/stays/"
Reason = Regrouping.Reason


@pytest.fixture
def unit(jz: Any) -> Unit:
    """A room of a shelter in Ciudad Juárez with four places."""
    return UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=jz)), name="Sala Norte", places=4)


@pytest.fixture
def family(jz: Any) -> Household:
    """Three people at Ciudad Juárez who agreed to sharing."""
    return sharing(HouseholdFactory(site=jz, people=3))


def sharing(household: Household) -> Household:
    ConsentFactory(household=household, purpose=Consent.Purpose.PARTNERS)
    return household


def placing(household: Household, unit: Unit, **more: Any) -> dict[str, Any]:
    room = {"shelter": str(unit.shelter.uid), "name": unit.name}
    return {"uid": str(uuid4()), "household": str(household.uid), "room": room, **more}


def ending(uid: str) -> str:
    return f"{GIVE}{uid}/end/"


def parted(family: Household, reason: Reason, actor_in: Any, now: Any) -> Household:
    """The first of `family`, by whose stay the placing is called, in a household of her own."""
    at = now + timedelta(minutes=5)
    goer = family.people.order_by("pk")[:1]
    return split_household(household=family, people=goer, reason=reason, actor=actor_in("reception"), at=at)


class TestGivePlace:
    def test_lets_the_whole_household_sleep_there(self, partner: Any, family: Household, unit: Unit) -> None:
        sent = placing(family, unit)
        answer = partner.post(GIVE, sent)
        assert answer.status_code == 201, answer.content
        assert answer.json() == {
            "uid": sent["uid"],
            "household": {"uid": str(family.uid), "code": family.code},
            "room": {"shelter": str(unit.shelter.uid), "name": "Sala Norte"},
            "people": 3,
            "beds": [],
            "begins_at": "2021-12-08T18:00:00Z",
            "ends_at": None,
        }
        assert set(Stay.objects.open().values_list("person", flat=True)) == set(
            family.people.values_list("pk", flat=True)
        )
        family.refresh_from_db()
        assert (family.step, family.guest_site) == (Step.PLACED, unit.shelter.site)

    def test_records_which_client_gave_it(self, partner: Any, family: Household, unit: Unit) -> None:
        partner.post(GIVE, placing(family, unit))
        event = Event.objects.get(type=EventType.STAY_BEGUN)
        assert (event.actor_kind, event.actor_id) == ("partner", str(partner.client.pk))

    def test_answers_again_what_became_of_it(self, partner: Any, family: Household, unit: Unit) -> None:
        sent = placing(family, unit)
        first, second = (partner.post(GIVE, sent) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()
        Consent.objects.update(withdrawn_at=family.arrived_at)
        assert partner.post(GIVE, sent).json() == first.json()
        assert Stay.objects.count() == 3

    def test_gives_nothing_anew_under_an_id_that_has_ended(
        self, partner: Any, family: Household, unit: Unit, clock: Any
    ) -> None:
        sent = placing(family, unit)
        partner.post(GIVE, sent)
        clock.shift(timedelta(minutes=10))
        partner.post(ending(sent["uid"]), {"reason": "left"})
        answer = partner.post(GIVE, sent)
        assert (answer.status_code, answer.json()["ends_at"]) == (200, "2021-12-08T18:10:00Z")
        assert not Stay.objects.open().exists()

    def test_refuses_something_else_under_an_id_that_was_sent(
        self, partner: Any, jz: Any, family: Any, unit: Unit
    ) -> None:
        sent = placing(family, unit)
        refused = partner.post(GIVE, {**sent, "household": str(uuid4())})
        assert refused.status_code == 404  # and leaves no receipt: it may be corrected under the same id
        assert partner.post(GIVE, sent).status_code == 201
        other = sharing(HouseholdFactory(site=jz, people=1))
        for change in (
            {"household": str(other.uid)},
            {"room": {**sent["room"], "name": UnitFactory(shelter=unit.shelter).name}},
            {"beds": ["01", "02", "03"]},
        ):
            answer = partner.post(GIVE, {**sent, **change})
            assert (answer.status_code, answer.json()["code"]) == (409, "sent_otherwise")
            assert not {"household", "room"} & set(answer.json())
        assert partner.post(GIVE, dict(reversed(sent.items()))).status_code == 200
        assert Stay.objects.count() == 3

    def test_tells_nothing_of_what_another_client_gave(
        self, partner_at: Any, jz: Any, family: Household, unit: Unit
    ) -> None:
        sent = placing(family, unit)
        partner_at().post(GIVE, sent)
        other = sharing(HouseholdFactory(site=jz, people=1))
        answer = partner_at().post(GIVE, {**sent, "household": str(other.uid)})
        assert (answer.status_code, answer.json()["code"]) == (409, "already_given")
        assert Stay.objects.filter(household=other).count() == 0

    def test_answers_again_for_those_of_whom_the_partner_may_still_know(
        self, partner: Any, family: Household, unit: Unit, actor_in: Any, now: Any
    ) -> None:
        sent = placing(family, unit)
        first = partner.post(GIVE, sent).json()
        hidden = parted(family, Reason.PROTECTION, actor_in, now)
        answer = partner.post(GIVE, sent)
        assert (answer.status_code, answer.json()) == (200, {**first, "people": 2})
        assert str(hidden.uid) not in answer.content.decode()
        Stay.objects.filter(household=family).update(household=hidden)
        answer = partner.post(GIVE, sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_given")

    def test_takes_the_beds_that_it_names(self, partner: Any, jz: Any, unit: Unit) -> None:
        ward = UnitFactory(shelter=unit.shelter, places=4, beds=4)
        pair = sharing(HouseholdFactory(site=jz, people=2))
        answer = partner.post(GIVE, placing(pair, ward, beds=["04", "02"]))
        assert (answer.status_code, answer.json()["beds"]) == (201, ["04", "02"])
        taken = partner.post(GIVE, placing(sharing(HouseholdFactory(site=jz, people=1)), ward, beds=["02"]))
        assert (taken.status_code, taken.json()["code"]) == (409, "place_taken")
        for beds in (["09"], ["01", "03"], ["01", "01"]):
            wrong = partner.post(GIVE, placing(sharing(HouseholdFactory(site=jz, people=1)), ward, beds=beds))
            assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_bed")

    def test_refuses_more_than_there_is_in_the_words_of_the_page(
        self, partner: Any, family: Household, unit: Unit
    ) -> None:
        BlockFactory(unit=unit, places=2)
        answer = partner.post(GIVE, placing(family, unit))
        assert answer.status_code == 409
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:mpp-tracker:problem:over_capacity"
        assert "does not fit here any more" in answer.json()["detail"]
        assert not Stay.objects.exists()

    def test_cannot_go_over_the_capacity_by_any_reason(self, partner: Any, family: Household, unit: Unit) -> None:
        sent = placing(family, unit, over_capacity_reason="nobody sleeps outside")
        answer = partner.post(GIVE, sent)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/over_capacity_reason")

    def test_refuses_a_room_whose_capacity_nobody_named(self, partner: Any, family: Household, unit: Unit) -> None:
        answer = partner.post(GIVE, placing(family, UncountedUnitFactory(shelter=unit.shelter)))
        assert (answer.status_code, answer.json()["code"]) == (409, "capacity_unknown")

    def test_refuses_a_family_that_has_a_place(self, partner: Any, family: Household, unit: Unit) -> None:
        other = UnitFactory(shelter=unit.shelter)
        assert partner.post(GIVE, placing(family, other)).status_code == 201
        answer = partner.post(GIVE, placing(family, unit))
        assert (answer.status_code, answer.json()["code"]) == (409, "already_placed")

    def test_says_of_who_sleeps_in_isolation_what_it_says_of_everybody_who_has_a_place(
        self, partner: Any, jz: Any, unit: Unit
    ) -> None:
        placed, isolated = (sharing(HouseholdFactory(site=jz, people=1)) for _ in range(2))
        StayFactory(person=placed.people.get(), unit=unit)
        StayFactory(person=isolated.people.get(), unit=UnitFactory(shelter=unit.shelter, kind=Kind.ISOLATION))
        IsolationFactory(household=isolated)
        one, other = (partner.post(GIVE, placing(each, unit)) for each in (placed, isolated))
        assert (one.status_code, one.json()["code"]) == (409, "already_placed")
        assert (other.status_code, other.content) == (one.status_code, one.content)

    def test_refuses_a_closed_shelter_and_says_no_more_of_rules_than_that_they_stand(
        self, partner: Any, jz: Any, family: Household, now: Any
    ) -> None:
        closed = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=jz), closed_at=now))
        answer = partner.post(GIVE, placing(family, closed))
        assert (answer.status_code, answer.json()["code"]) == (409, "shelter_closed")
        room = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=jz)))
        IsolationFactory(household=family)
        answer = partner.post(GIVE, placing(family, room))
        assert (answer.status_code, answer.json()["code"]) == (409, "wrong_unit")
        assert answer.json()["detail"].startswith("The rules of this room or house do not allow it")

    def test_knows_only_what_the_partner_may_see(self, partner: Any, jz: Any, family: Household, unit: Unit) -> None:
        tj = SiteFactory(code="TJ")
        elsewhere = UnitFactory(shelter=ShelterFactory(site=ShelterSiteFactory(parent=tj)))
        isolation = UnitFactory(shelter=unit.shelter, kind=Kind.ISOLATION)
        missing = partner.post(GIVE, {**placing(family, unit), "household": str(uuid4())})
        assert missing.status_code == 404
        for household, room in (
            (HouseholdFactory(site=jz, people=1), unit),
            (sharing(HouseholdFactory(site=tj, people=1)), unit),
            (family, elsewhere),
            (family, isolation),
            (family, Unit(shelter=unit.shelter, name="Nowhere")),
        ):
            answer = partner.post(GIVE, placing(household, room))
            assert (answer.status_code, answer.content) == (404, missing.content)
        assert not Stay.objects.exists()

    def test_is_refused_whoever_may_only_read(self, partner_at: Any, family: Household, unit: Unit) -> None:
        for missing in (Scope.STAYS_WRITE, Scope.HOUSEHOLDS_READ, Scope.SHELTERS_READ):
            reader = partner_at(scopes=[scope for scope in Scope if scope != missing])
            assert reader.post(GIVE, placing(family, unit)).status_code == 403

    def test_takes_as_many_queries_for_eight_as_for_two(
        self, partner: Any, jz: Any, unit: Unit, django_assert_max_num_queries: Any
    ) -> None:
        room = UnitFactory(shelter=unit.shelter, places=40)
        for people in (2, 8):
            household = sharing(HouseholdFactory(site=jz, people=people))
            with django_assert_max_num_queries(60):
                assert partner.post(GIVE, placing(household, room)).status_code == 201


class TestEndStay:
    @pytest.fixture
    def given(self, partner: Any, family: Household, unit: Unit, clock: Any) -> str:
        """The id under which the partner gave the family its room, ten minutes ago."""
        sent = placing(family, unit)
        assert partner.post(GIVE, sent).status_code == 201
        clock.shift(timedelta(minutes=10))
        return str(sent["uid"])

    def test_frees_the_places(self, partner: Any, family: Household, given: str) -> None:
        answer = partner.post(ending(given), {"reason": "left", "destination": "home"})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["people"], answer.json()["ends_at"]) == (3, "2021-12-08T18:10:00Z")
        assert set(Stay.objects.values_list("leaving_reason", "destination")) == {("left", "home")}
        family.refresh_from_db()
        assert (family.step, family.guest_site) == (Step.VOLUNTARY_RETURN, None)
        assert Event.objects.get(type=EventType.STAY_ENDED).actor_kind == "partner"

    def test_needs_no_consent_to_say_that_they_left(self, partner: Any, given: str) -> None:
        Consent.objects.update(withdrawn_at=Stay.objects.first().begins_at)  # type: ignore[union-attr]
        assert partner.post(ending(given), {"reason": "lost"}).status_code == 200
        assert Household.objects.get().step == Step.LOST_CONTACT

    def test_refuses_a_second_time(self, partner: Any, given: str) -> None:
        partner.post(ending(given), {"reason": "left"})
        answer = partner.post(ending(given), {"reason": "asked"})
        assert (answer.status_code, answer.json()["code"]) == (409, "stay_already_ended")
        assert set(Stay.objects.values_list("leaving_reason", flat=True)) == {"left"}

    def test_leaves_the_room_alone_that_a_desk_gave_them_since(
        self, partner: Any, given: str, family: Household, unit: Unit, actor_in: Any, now: Any
    ) -> None:
        desk, at = actor_in("coordinator"), now + timedelta(minutes=5)
        end_stays(household=family, reason=LeavingReason.ROOM, actor=desk, at=at)
        assign_place(household=family, unit=UnitFactory(shelter=unit.shelter), actor=desk, at=at)
        answer = partner.post(ending(given), {"reason": "left"})
        assert (answer.status_code, answer.json()["code"]) == (409, "stay_already_ended")
        assert Stay.objects.open().count() == 3

    def test_goes_along_with_who_was_parted_off(
        self, partner: Any, given: str, family: Household, actor_in: Any, now: Any
    ) -> None:
        own = parted(family, Reason.FAMILY, actor_in, now)
        answer = partner.post(ending(given), {"reason": "left", "destination": "home"})
        assert (answer.status_code, answer.json()["people"]) == (200, 3), answer.content
        assert answer.json()["household"]["uid"] == str(family.uid)
        assert not Stay.objects.open().exists()
        assert {each.step for each in Household.objects.filter(pk__in=[family.pk, own.pk])} == {Step.VOLUNTARY_RETURN}

    def test_knows_nobody_who_was_parted_off_for_protection(
        self, partner: Any, given: str, family: Household, actor_in: Any, now: Any
    ) -> None:
        hidden = parted(family, Reason.PROTECTION, actor_in, now)
        answer = partner.post(ending(given), {"reason": "left"})
        assert (answer.status_code, answer.json()["people"], answer.json()["ends_at"]) == (
            200,
            2,
            "2021-12-08T18:10:00Z",
        )
        assert set(Stay.objects.open().values_list("household", flat=True)) == {hidden.pk}
        again = partner.post(ending(given), {"reason": "left"})
        assert (again.status_code, again.json()["code"]) == (409, "stay_already_ended")
        Stay.objects.filter(household=family).update(household=hidden)
        assert partner.post(ending(given), {"reason": "left"}).content == (
            partner.post(ending(str(uuid4())), {"reason": "left"}).content
        )

    def test_leaves_a_stay_alone_that_a_desk_began_while_it_waited_for_the_lock(
        self, partner: Any, given: str, family: Household, unit: Unit, actor_in: Any, now: Any, monkeypatch: Any
    ) -> None:
        desk, at = actor_in("coordinator"), now + timedelta(minutes=5)

        def after_the_desk(keys: Any) -> Any:
            monkeypatch.undo()
            end_stays(household=family, reason=LeavingReason.MISTAKE, actor=desk, at=at)
            assign_place(household=family, unit=unit, actor=desk, at=at)
            return locked_units(keys)

        monkeypatch.setattr("shelters.actions.stays.locked_units", after_the_desk)
        answer = partner.post(ending(given), {"reason": "left"})
        assert (answer.status_code, answer.json()["code"]) == (409, "stay_already_ended")
        assert Stay.objects.open().count() == 3

    def test_knows_only_what_this_client_began(self, partner: Any, partner_at: Any, given: str, unit: Unit) -> None:
        missing = partner.post(ending(str(uuid4())), {"reason": "left"})
        other = partner_at().post(ending(given), {"reason": "left"})
        by_a_desk = partner.post(ending(str(StayFactory(unit=unit).uid)), {"reason": "left"})
        assert {answer.status_code for answer in (missing, other, by_a_desk)} == {404}
        assert missing.content == other.content == by_a_desk.content

    @pytest.mark.parametrize("reason", ["transferred", "isolation", "room", "gone", None])
    def test_takes_only_reasons_that_a_desk_says(self, partner: Any, given: str, reason: Any) -> None:
        answer = partner.post(ending(given), {"reason": reason} if reason else {})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/reason")
        assert Stay.objects.open().count() == 3


class TestShelter:
    def test_names_its_rooms_to_those_who_give_places(self, partner: Any, partner_at: Any, unit: Unit) -> None:
        UnitFactory(shelter=unit.shelter, kind=Kind.ISOLATION)
        address = f"/api/v1/shelters/{unit.shelter.uid}/"
        (room,) = partner.get(address).json()["rooms"]
        assert (room["name"], room["kind"], room["free"]) == ("Sala Norte", "mixed", 4)
        assert "rooms" not in partner_at(scopes=[Scope.SHELTERS_READ]).get(address).json()
        assert "rooms" not in partner.get("/api/v1/shelters/").json()["results"][0]
