"""Signing in, end to end through allauth."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from accounts.roles import Role
from audit.models import Event, EventType
from tests.factories.accounts import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD = "rosa@staff.example", "un puente al alba"


@pytest.fixture
def rosa():
    user = UserFactory(email=EMAIL, name="Rosa Almanza")
    user.set_password(PASSWORD)
    user.save()
    MembershipFactory(user=user, role=Role.RECEPTION)
    return user


def sign_in(client, password=PASSWORD, email=EMAIL):
    return client.post("/account/login/", {"login": email, "password": password})


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


class TestSigningIn:
    def test_with_the_password_opens_today(self, client, rosa):
        response = sign_in(client)
        assert (response.status_code, response["Location"]) == (302, "/")
        assert client.get("/account/").status_code == 200

    def test_does_not_mind_capitals_in_the_address(self, client, rosa):
        assert sign_in(client, email="Rosa@Staff.Example")["Location"] == "/"

    def test_makes_a_new_session_key(self, client, rosa):
        client.get("/account/login/")
        client.session["seen"] = True
        session = client.session
        session["before"] = 1
        session.save()
        client.cookies["mpp_session"] = session.session_key
        sign_in(client)
        assert client.cookies["mpp_session"].value != session.session_key

    @pytest.mark.parametrize("address", ["/account/2fa/", "/account/password/change/", "/nothing/"])
    def test_what_a_signed_in_person_is_shown_is_never_stored(self, client, rosa, address):
        sign_in(client)
        assert "no-store" in client.get(address)["Cache-Control"]

    def test_keeps_the_session_from_scripts_and_other_sites(self, client, rosa):
        cookie = sign_in(client).cookies["mpp_session"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"

    def test_lasts_twelve_hours_at_most(self, client, rosa):
        sign_in(client)
        assert client.session.get_expiry_age() <= 12 * 60 * 60

    def test_is_written_down(self, client, rosa):
        sign_in(client)
        event = Event.objects.get(type=EventType.SIGNED_IN)
        assert (event.subject_id, event.actor_id) == (rosa.pk, str(rosa.pk))

    def test_goes_nowhere_but_into_this_site(self, client, rosa):
        response = client.post(
            "/account/login/?next=https://elsewhere.example/", {"login": EMAIL, "password": PASSWORD}
        )
        assert "elsewhere" not in response["Location"]

    def test_is_refused_to_a_closed_account(self, client, rosa):
        rosa.is_active = False
        rosa.save()
        sign_in(client)
        assert "_auth_user_id" not in client.session

    def test_nobody_signs_up_or_asks_for_a_password_by_mail(self, client):
        for path in ("/account/signup/", "/account/password/reset/", "/account/email/"):
            assert client.get(path).status_code == 404


class TestAWrongPassword:
    def test_is_refused_and_written_down_without_what_was_typed(self, client, rosa, caplog):
        response = sign_in(client, password="not the one at all")
        assert response.status_code == 200
        event = Event.objects.get(type=EventType.SIGN_IN_REFUSED)
        assert event.subject_id == rosa.pk
        assert "not the one" not in caplog.text + str(event.facts)
        assert EMAIL not in caplog.text

    def test_says_the_same_for_an_address_without_account(self, client, rosa):
        known = sign_in(client, password="not the one at all").content.decode()
        unknown = sign_in(client, email="who@staff.example").content.decode()
        blank = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*@[^"]*"')
        assert blank.sub("", known) == blank.sub("", unknown)

    def test_five_times_closes_the_account_for_a_while_even_to_the_right_one(self, client, rosa):
        for _ in range(5):
            sign_in(client, password="not the one at all")
        response = sign_in(client)
        assert response.status_code in (200, 429)
        assert "_auth_user_id" not in client.session

    def test_does_not_close_the_account_of_somebody_else(self, client, rosa):
        for _ in range(6):
            sign_in(client, email="who@staff.example")
        assert sign_in(client)["Location"] == "/"


class TestTheSecondFactor:
    @pytest.fixture
    def secret(self, rosa):
        secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        TOTP.activate(rosa, secret)
        return secret

    def test_is_asked_for_before_anything_opens(self, client, secret):
        response = sign_in(client)
        assert response["Location"] == "/account/2fa/authenticate/"
        assert client.get("/account/").status_code == 302
        assert not Event.objects.filter(type=EventType.SIGNED_IN).exists()

    def test_lets_the_right_code_in(self, client, secret):
        sign_in(client)
        response = client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
        assert response["Location"] == "/"
        assert Event.objects.filter(type=EventType.SIGNED_IN).count() == 1

    def test_refuses_another_code(self, client, secret):
        sign_in(client)
        wrong = f"{(int(code_now(secret)) + 1) % 1_000_000:06d}"
        response = client.post("/account/2fa/authenticate/", {"code": wrong})
        assert response.status_code == 200
        assert "_auth_user_id" not in client.session

    def test_refuses_a_code_that_was_used_already(self, client, secret):
        while time.time() % 30 > 25:  # the code must not change between the two sign-ins
            time.sleep(1)
        sign_in(client)
        code = code_now(secret)
        client.post("/account/2fa/authenticate/", {"code": code})
        other = Client()
        sign_in(other)
        other.post("/account/2fa/authenticate/", {"code": code})
        assert "_auth_user_id" not in other.session

    def test_writes_down_a_wrong_code_but_not_which(self, client, rosa, secret):
        sign_in(client)
        client.post("/account/2fa/authenticate/", {"code": "000000"})
        event = Event.objects.get(type=EventType.SIGN_IN_REFUSED)
        assert (event.subject_id, event.facts) == (rosa.pk, {"factor": "code"})

    def test_five_wrong_codes_close_the_account_for_a_while_whoever_knows_the_password(self, client, rosa, secret):
        for _ in range(5):
            other = Client()
            sign_in(other)  # the right password in between gives no further guesses
            other.post("/account/2fa/authenticate/", {"code": "not one"})
        sign_in(client)
        client.post("/account/2fa/authenticate/", {"code": code_now(secret)})
        assert "_auth_user_id" not in client.session

    def test_leaves_a_trace_when_it_is_added_and_removed(self, client, rosa, django_capture_on_commit_callbacks):
        sign_in(client)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        page = client.get("/account/2fa/totp/activate/").content.decode()
        secret = re.search(r"\b[A-Z2-7]{32}\b", page)[0]
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
            client.post("/account/2fa/totp/deactivate/")
        noted = Event.objects.filter(actor_id=str(rosa.pk)).values_list("type", flat=True)
        assert {EventType.FACTOR_ADDED, EventType.FACTOR_REMOVED} <= set(noted)

    def test_shows_on_the_account_page(self, client, rosa, secret):
        client.force_login(rosa)
        assert Authenticator.objects.filter(user=rosa).exists()
        assert 'href="/account/2fa/"' in client.get("/account/").content.decode()


class TestChangingOnesPassword:
    def test_leaves_a_trace_and_ends_the_other_sessions(self, client, rosa):
        other = Client()
        sign_in(other)
        sign_in(client)
        new = "otro puente al alba"
        client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert Event.objects.get(type=EventType.PASSWORD_CHANGED).actor_id == str(rosa.pk)
        assert other.get("/account/").status_code == 302


class TestSigningOut:
    def test_needs_a_post(self, client, rosa):
        client.force_login(rosa)
        client.get("/account/logout/")
        assert "_auth_user_id" in client.session

    def test_ends_the_session_and_is_written_down(self, client, rosa):
        client.force_login(rosa)
        client.post("/account/logout/")
        assert "_auth_user_id" not in client.session
        assert Event.objects.filter(type=EventType.SIGNED_OUT, subject_id=rosa.pk).count() == 1
