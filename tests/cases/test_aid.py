"""Aid at reception: given once, taken back while it is a slip, counted."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from audit.models import Event, EventType
from cases.actions.aid import NobodyToGiveTo, UnknownAid, give_aid, take_back_aid
from cases.actions.taps import TAKE_BACK_FOR, TooLateToTakeBack
from cases.aid_kinds import aid_kind, aid_kinds
from cases.models import Aid
from core.actors import Actor
from core.errors import NotAllowed
from core.once import SentForAnother, TakenBackSince
from tests.factories.cases import AidFactory, HouseholdFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db


class TestGiveAid:
    def test_counts_everybody_and_tells_information_in_their_language(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=2, language="hat")
        aid, is_new = give_aid(
            uid=uuid.uuid4(), household=household, kind="information", actor=actor_in("reception"), at=now
        )
        assert (aid.people, aid.language, aid.site, is_new) == (2, "hat", household.site, True)
        event = Event.objects.get(type=EventType.AID_GIVEN)
        assert (event.household, event.facts) == (
            household.uid,
            {"kind": "information", "people": 2, "language": "hat"},
        )

    def test_food_has_no_language_and_may_be_for_some(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=3)
        some = list(household.people.all())[:2]
        aid, _ = give_aid(
            uid=uuid.uuid4(), household=household, kind="food", people=some, actor=actor_in("reception"), at=now
        )
        assert (aid.people, aid.language) == (2, "")

    def test_a_second_tap_with_the_same_id_writes_nothing(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, tap = HouseholdFactory(people=1), uuid.uuid4()
        deed = {"uid": tap, "household": household, "kind": "food", "actor": actor_in("reception")}
        first, second = give_aid(**deed, at=now), give_aid(**deed, at=now + timedelta(seconds=1))
        assert (first[0], second) == (second[0], (first[0], False))
        assert Event.objects.filter(type=EventType.AID_GIVEN).count() == 1

    def test_does_not_say_that_it_is_noted_once_that_was_taken_back(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        deed = {"uid": uuid.uuid4(), "household": HouseholdFactory(people=1), "kind": "food"}
        officer = actor_in("reception")
        aid, _is_new = give_aid(**deed, actor=officer, at=now)
        take_back_aid(aid=aid, actor=officer, at=now)
        with pytest.raises(TakenBackSince):
            give_aid(**deed, actor=officer, at=now)

    def test_refuses_an_id_of_another_household_an_unknown_kind_and_nobody(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        other = AidFactory()
        deed = {"actor": actor_in("reception"), "at": now}
        with pytest.raises(SentForAnother):
            give_aid(uid=other.uid, household=HouseholdFactory(people=1), kind="food", **deed)
        with pytest.raises(UnknownAid):
            give_aid(uid=uuid.uuid4(), household=HouseholdFactory(people=1), kind="cash", **deed)
        with pytest.raises(NobodyToGiveTo):
            give_aid(uid=uuid.uuid4(), household=HouseholdFactory(), kind="food", **deed)

    @pytest.mark.parametrize(("role", "site"), [("reception", "TJ"), ("hearings", "JZ"), ("shelter", "JZ")])
    def test_refuses_who_may_not_change_the_household(
        self, actor_in: Callable[..., Actor], now: datetime, role: str, site: str
    ) -> None:
        with pytest.raises(NotAllowed):
            give_aid(
                uid=uuid.uuid4(),
                household=HouseholdFactory(people=1, site=SiteFactory(code="JZ")),
                kind="food",
                actor=actor_in(role, site),
                at=now,
            )


class TestTakeBackAid:
    def test_a_slip_is_no_longer_counted_and_stays_in_the_log(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        aid, actor = AidFactory(given_at=now), actor_in("reception")
        for _ in range(2):
            take_back_aid(aid=aid, actor=actor, at=now + TAKE_BACK_FOR)
        assert not Aid.objects.standing().exists()
        assert Event.objects.filter(type=EventType.AID_TAKEN_BACK).count() == 1

    def test_refuses_after_the_minutes_of_a_slip_and_from_elsewhere(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        aid = AidFactory(given_at=now, household__site=SiteFactory(code="JZ"))
        with pytest.raises(TooLateToTakeBack):
            take_back_aid(aid=aid, actor=actor_in("reception"), at=now + TAKE_BACK_FOR + timedelta(seconds=1))
        with pytest.raises(NotAllowed):
            take_back_aid(aid=aid, actor=actor_in("reception", "TJ"), at=now)


class TestAid:
    def test_is_counted_by_kind_within_a_span_and_where_one_may_look(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        here = HouseholdFactory(site=SiteFactory(code="JZ"))
        AidFactory(household=here, given_at=now, people=3)
        AidFactory(household=here, given_at=now + timedelta(hours=1), people=2)
        AidFactory(household=here, given_at=now, kind="call", people=1)
        AidFactory(household=here, given_at=now, people=9, taken_back_at=now)
        AidFactory(household=here, given_at=now - timedelta(seconds=1))
        AidFactory(household=here, given_at=now + timedelta(days=1))
        AidFactory(household__site=SiteFactory(code="TJ"), given_at=now)
        seen = Aid.objects.visible_to(actor_in("reception")).given_in(now, now + timedelta(days=1))
        assert seen.counts() == {"call": (1, 1), "food": (2, 5)}

    def test_kinds_are_named_in_both_languages_and_an_old_code_stays_readable(self) -> None:
        assert {"information", "food", "hygiene", "call"} <= set(aid_kinds())
        assert all(kind.name_es and kind.name_en and kind.icon for kind in aid_kinds().values())
        assert aid_kind("blankets").name == "blankets"
