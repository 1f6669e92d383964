"""Opening accounts and granting roles."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import actions
from accounts.models import Membership, User
from accounts.roles import Role
from audit.models import Event, EventType
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
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


class TestEndRole:
    def test_counts_from_the_next_request_on_and_is_written_down(self, client, now):
        membership = MembershipFactory(role=Role.RECEPTION)
        client.force_login(membership.user)
        assert client.get("/people/").status_code == 200
        facts = {"user": membership.user, "role": Role.RECEPTION, "site": membership.site}
        for _ in range(2):
            actions.end_role(**facts, actor=ADMINISTRATION, at=now)
        assert client.get("/people/").status_code == 404
        event = Event.objects.get(type=EventType.MEMBERSHIP_ENDED)
        assert (event.site_id, event.facts) == (membership.site_id, {"role": "reception", "user": membership.user_id})

    def test_leaves_the_other_roles(self, now):
        membership = MembershipFactory(role=Role.RECEPTION)
        other = MembershipFactory(user=membership.user, role=Role.HEARINGS, site=membership.site)
        actions.end_role(user=membership.user, role=Role.RECEPTION, site=membership.site, actor=ADMINISTRATION, at=now)
        assert list(Membership.objects.all()) == [other]

    def test_is_for_administrators(self, now, actor_in):
        membership = MembershipFactory(role=Role.RECEPTION)
        with pytest.raises(NotAllowed):
            actions.end_role(
                user=membership.user,
                role=Role.RECEPTION,
                site=membership.site,
                actor=actor_in(Role.COORDINATOR),
                at=now,
            )
        assert Membership.objects.filter(pk=membership.pk).exists()


class TestCloseAccount:
    def test_ends_its_sessions_and_is_written_down_once(self, client, now):
        user = MembershipFactory(role=Role.RECEPTION).user
        client.force_login(user)
        for _ in range(2):
            actions.close_account(user=user, actor=ADMINISTRATION, at=now)
        assert client.get("/")["Location"].startswith("/account/login/")
        assert Event.objects.filter(type=EventType.ACCOUNT_CLOSED, subject_id=user.pk).count() == 1
        actions.open_account_again(user=user, actor=ADMINISTRATION, at=now)
        assert Event.objects.filter(type=EventType.ACCOUNT_OPENED_AGAIN, subject_id=user.pk).count() == 1

    def test_is_for_administrators(self, now, actor_in):
        user = UserFactory()
        for deed in (actions.close_account, actions.open_account_again, actions.remove_factors):
            with pytest.raises(NotAllowed):
                deed(user=user, actor=actor_in(Role.COORDINATOR), at=now)
        user.refresh_from_db()
        assert user.is_active


class TestRemoveFactors:
    def test_takes_away_all_of_them_and_is_written_down(self, now):
        user = UserFactory()
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        for _ in range(2):
            actions.remove_factors(user=user, actor=ADMINISTRATION, at=now)
        assert not Authenticator.objects.exists()
        assert Event.objects.filter(type=EventType.FACTOR_REMOVED).count() == 1


class TestForgetSessions:
    def test_drops_those_that_are_over_and_ends_none_that_lasts(self, client, now):
        client.force_login(UserFactory())
        assert actions.forget_sessions(actor=ADMINISTRATION, at=timezone.now()) == 0
        assert client.get("/account/").status_code == 200
        assert actions.forget_sessions(actor=ADMINISTRATION, at=timezone.now() + timedelta(hours=13)) == 1
        assert not Session.objects.exists()
