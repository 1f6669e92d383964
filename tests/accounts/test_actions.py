"""Opening accounts and granting roles."""

import pytest

from accounts import actions
from accounts.models import Membership, User
from accounts.roles import Role
from audit.models import Event, EventType
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

ADMINISTRATION = Actor.system("command")


def open_account(now, **changes):
    facts = {
        "email": "Rosa@Example.org",
        "name": "Rosa Almanza",
        "agency": AgencyFactory(),
        "password": "un puente al alba",
    }
    return actions.open_account(**facts | {"actor": ADMINISTRATION, "at": now} | changes)


class TestOpenAgency:
    def test_makes_it_once(self, now):
        first = actions.open_agency(code="iom", name="OIM", actor=ADMINISTRATION, at=now)
        assert actions.open_agency(code="iom", name="IOM", actor=ADMINISTRATION, at=now) == first
        assert Event.objects.filter(type=EventType.AGENCY_OPENED).count() == 1


class TestOpenAccount:
    def test_keeps_the_address_in_lower_case(self, now):
        open_account(now)
        assert User.objects.get_by_natural_key("ROSA@example.org").check_password("un puente al alba")

    def test_is_recorded_without_the_address(self, now):
        user = open_account(now)
        event = Event.objects.get(type=EventType.STAFF_INVITED)
        assert event.subject_id == user.pk
        assert "rosa" not in str(event.facts).lower()

    def test_refuses_an_address_that_has_an_account(self, now):
        open_account(now)
        with pytest.raises(actions.EmailTaken):
            open_account(now, email="rosa@example.ORG")

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_is_for_administrators(self, now, actor_in, role):
        with pytest.raises(NotAllowed):
            open_account(now, actor=actor_in(role))


class TestSetPassword:
    def test_lets_the_new_one_in_and_the_old_one_not(self, now):
        user = open_account(now)
        actions.set_password(user=user, password="otra llave de casa", actor=ADMINISTRATION, at=now)
        user.refresh_from_db()
        assert user.check_password("otra llave de casa")
        assert not user.check_password("un puente al alba")

    def test_is_for_administrators(self, now, actor_in):
        with pytest.raises(NotAllowed):
            actions.set_password(user=open_account(now), password="x" * 12, actor=actor_in("coordinator"), at=now)


class TestGrantRole:
    def test_changes_nothing_the_second_time(self, now):
        facts = {
            "user": UserFactory(),
            "role": Role.RECEPTION,
            "site": SiteFactory(),
            "actor": ADMINISTRATION,
            "at": now,
        }
        assert actions.grant_role(**facts) == actions.grant_role(**facts)
        assert Event.objects.filter(type=EventType.MEMBERSHIP_GRANTED).count() == 1

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.COORDINATOR, Role.PROTECTION])
    def test_refuses_everywhere_to_those_who_see_people(self, now, role):
        with pytest.raises(actions.RoleNeedsASite):
            actions.grant_role(user=UserFactory(), role=role, site=None, actor=ADMINISTRATION, at=now)
        assert not Membership.objects.exists()

    def test_is_for_administrators(self, now, actor_in):
        with pytest.raises(NotAllowed):
            actions.grant_role(user=UserFactory(), role=Role.DPO, site=None, actor=actor_in(Role.COORDINATOR), at=now)
