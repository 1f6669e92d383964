"""Needs of a place: noted whole, read by few, and theirs when families part, join or are one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event, EventType
from cases.actions.needs import UnknownNeed, note_needs
from cases.actions.splitting import join_households, split_household, undo_regrouping
from cases.models import Household, Need, Regrouping
from cases.needs import LGBTQ_SAFE, PET, RAMP, need_kind, need_kinds
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import HouseholdFactory, NeedFactory

pytestmark = pytest.mark.django_db

Reason = Regrouping.Reason


def kinds_of(household: Household) -> set[str]:
    return set(Need.objects.standing().filter(household=household).values_list("kind", flat=True))


class TestNoteNeeds:
    def test_lets_what_is_ticked_be_all_that_stands(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, actor = HouseholdFactory(people=1), actor_in("reception")
        note_needs(household=household, kinds=[RAMP, PET], actor=actor, at=now)
        note_needs(household=household, kinds=[PET, LGBTQ_SAFE], actor=actor, at=now + timedelta(hours=1))
        assert kinds_of(household) == {PET, LGBTQ_SAFE}
        assert Need.objects.get(kind=RAMP).withdrawn_at == now + timedelta(hours=1)

    def test_logs_how_many_and_never_which(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=1)
        note_needs(household=household, kinds=[LGBTQ_SAFE], actor=actor_in("protection"), at=now)
        event = Event.objects.get(type=EventType.NEEDS_NOTED)
        assert (event.household, event.facts) == (household.uid, {"noted": 1, "withdrawn": 0})

    def test_the_same_again_changes_nothing(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, actor = HouseholdFactory(people=1), actor_in("reception")
        for hours in range(2):
            note_needs(household=household, kinds=[RAMP], actor=actor, at=now + timedelta(hours=hours))
        assert Need.objects.count() == Event.objects.filter(type=EventType.NEEDS_NOTED).count() == 1

    def test_refuses_a_code_that_is_not_on_the_list_and_who_may_not_see_needs(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=1)
        with pytest.raises(UnknownNeed):
            note_needs(household=household, kinds=["view_of_the_sea"], actor=actor_in("reception"), at=now)
        for role in ("shelter", "hearings"):
            with pytest.raises(NotAllowed):
                note_needs(household=household, kinds=[RAMP], actor=actor_in(role), at=now)
        assert not Need.objects.exists()

    def test_a_need_that_left_the_list_stays_readable(self) -> None:
        assert {RAMP, PET, LGBTQ_SAFE} <= set(need_kinds())
        assert need_kind("gone").name == "gone"


class TestVisibleTo:
    @pytest.mark.parametrize(("role", "sees"), [("reception", 1), ("protection", 1), ("shelter", 0), ("hearings", 0)])
    def test_shows_needs_to_those_who_may_see_them(self, actor_in: Callable[..., Actor], role: str, sees: int) -> None:
        NeedFactory(kind=LGBTQ_SAFE)
        assert Need.objects.visible_to(actor_in(role)).count() == sees


class TestNeedsOfFamiliesThatPartAndJoin:
    def test_those_who_go_keep_them_and_those_who_stay_too(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=2)
        NeedFactory(household=household, kind=RAMP)
        own = split_household(
            household=household,
            people=[household.people.last()],
            reason=Reason.FAMILY,
            actor=actor_in("coordinator"),
            at=now,
        )
        assert kinds_of(own) == kinds_of(household) == {RAMP}

    def test_a_joined_family_brings_its_needs_and_takes_them_back(
        self, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household, into, actor = HouseholdFactory(people=1), HouseholdFactory(people=1), actor_in("coordinator")
        for each, kind in ((household, RAMP), (household, PET), (into, PET)):
            NeedFactory(household=each, kind=kind)
        join_households(household=household, into=into, reason=Reason.REUNITED, actor=actor, at=now)
        assert kinds_of(into) == {RAMP, PET}
        undo_regrouping(regrouping=Regrouping.objects.get(), actor=actor, at=now + timedelta(minutes=5))
        assert (kinds_of(household), kinds_of(into)) == ({RAMP, PET}, {PET})


class TestNeedsPage:
    def url(self, uid: UUID) -> str:
        return reverse("journey:needs", args=[uid])

    def test_notes_them_and_shows_them_on_the_file(self, client_of: Callable[..., Client]) -> None:
        household, client = HouseholdFactory(people=1), client_of("reception")
        response = client.post(self.url(household.uid), {"kinds": [RAMP, LGBTQ_SAFE]})
        assert response.status_code == 302
        page = client.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert need_kind(RAMP).name in page
        assert need_kind(LGBTQ_SAFE).name in page

    def test_says_nothing_of_them_to_roles_that_may_not_see_them(self, client_of: Callable[..., Client]) -> None:
        household = NeedFactory(household__people=1, kind=LGBTQ_SAFE).household
        page = client_of("hearings").get(reverse("journey:household", args=[household.uid])).content.decode()
        assert household.code in page
        assert need_kind(LGBTQ_SAFE).name not in page
