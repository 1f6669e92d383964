"""Opening accounts from the command line."""

import stat

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import actor_of
from accounts.demo import ACCOUNTS
from accounts.models import Membership, User
from accounts.roles import Role
from places.models import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "un puente al alba")


@pytest.fixture
def sign_ins(settings, tmp_path, reference_data):
    settings.LOCAL_DIR = tmp_path
    return tmp_path / "sign-ins.txt"


class TestStaff:
    def test_opens_the_account_and_grants_the_role(self, reference_data, typed):
        call_command("staff", "rosa@example.org", "reception", site="JZ", name="Rosa Almanza", agency="iom")
        user = User.objects.get(email="rosa@example.org")
        assert user.check_password("un puente al alba")
        assert actor_of(user).role == Role.RECEPTION

    def test_gives_an_account_a_further_role(self, reference_data, typed):
        call_command("staff", "rosa@example.org", "reception", site="JZ", name="Rosa Almanza", agency="iom")
        call_command("staff", "rosa@example.org", "hearings", site="JZ")
        assert Membership.objects.filter(user__email="rosa@example.org").count() == 2

    def test_says_which_site_is_not_there(self, reference_data, typed):
        with pytest.raises(CommandError, match="no site QQ"):
            call_command("staff", "rosa@example.org", "reception", site="QQ", name="Rosa Almanza", agency="iom")

    def test_says_that_the_role_needs_a_site(self, reference_data, typed):
        with pytest.raises(CommandError):
            call_command("staff", "rosa@example.org", "reception", name="Rosa Almanza", agency="iom")

    def test_refuses_a_short_password(self, reference_data, monkeypatch):
        monkeypatch.setattr("getpass.getpass", lambda prompt: "corta")
        with pytest.raises(CommandError):
            call_command("staff", "rosa@example.org", "dpo", name="Rosa Almanza", agency="iom")
        assert not User.objects.exists()

    def test_ends_a_role(self, reference_data, typed):
        call_command("staff", "rosa@example.org", "reception", site="JZ", name="Rosa Almanza", agency="iom")
        call_command("staff", "rosa@example.org", "reception", site="TJ", end=True)
        assert Membership.objects.count() == 1
        call_command("staff", "rosa@example.org", "reception", site="JZ", end=True)
        assert not actor_of(User.objects.get()).capabilities

    def test_closes_an_account_and_opens_it_again(self, reference_data, typed):
        call_command("staff", "rosa@example.org", "reception", site="JZ", name="Rosa Almanza", agency="iom")
        call_command("staff", "Rosa@Example.org", "close")
        assert not User.objects.get().is_active
        call_command("staff", "rosa@example.org", "open")
        assert User.objects.get().is_active

    def test_gives_a_new_password(self, reference_data, typed, monkeypatch):
        call_command("staff", "rosa@example.org", "dpo", name="Rosa Almanza", agency="iom")
        monkeypatch.setattr("getpass.getpass", lambda prompt: "otra llave de casa")
        call_command("staff", "rosa@example.org", "password")
        assert User.objects.get().check_password("otra llave de casa")

    @pytest.mark.parametrize("what", ["close", "open", "password", "factors"])
    def test_says_that_there_is_no_such_account(self, reference_data, typed, what):
        with pytest.raises(CommandError, match="no account"):
            call_command("staff", "who@example.org", what)


class TestDemoStaff:
    def test_opens_one_account_a_role(self, sign_ins):
        call_command("demo_staff")
        assert {membership.role for membership in Membership.objects.all()} == set(Role)

    def test_lets_one_coordinator_see_every_city(self, sign_ins):
        call_command("demo_staff")
        actor = actor_of(User.objects.get(email="frontera@demo.example"))
        assert actor.site_ids >= set(Site.objects.field().values_list("pk", flat=True))

    def test_writes_the_sign_ins_for_the_owner_alone(self, sign_ins):
        call_command("demo_staff")
        lines = sign_ins.read_text().splitlines()
        assert stat.S_IMODE(sign_ins.stat().st_mode) == 0o600
        password = lines[-1].removeprefix("password: ")
        assert all(User.objects.get(email=account.email).check_password(password) for account in ACCOUNTS)

    def test_keeps_the_password_when_run_again(self, sign_ins):
        call_command("demo_staff")
        first = sign_ins.read_text()
        call_command("demo_staff")
        assert sign_ins.read_text() == first
        assert User.objects.count() == len(ACCOUNTS)

    def test_makes_a_new_password_when_the_sheet_is_lost(self, sign_ins):
        call_command("demo_staff")
        first = sign_ins.read_text()
        sign_ins.unlink()
        call_command("demo_staff")
        assert sign_ins.read_text() != first
        password = sign_ins.read_text().splitlines()[-1].removeprefix("password: ")
        assert User.objects.get(email="recepcion@demo.example").check_password(password)

    def test_is_refused_in_production(self, sign_ins, settings):
        settings.PRODUCTION = True
        with pytest.raises(CommandError):
            call_command("demo_staff")
        assert not User.objects.exists()
