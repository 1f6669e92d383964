"""The frame, the entrance and the error pages, as a browser gets them."""

import gzip
import logging
import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse

from core.views import page_broke

pytestmark = pytest.mark.django_db


class TestEntrance:
    def test_asks_for_e_mail_and_password_in_spanish(self, client):
        page = client.get(reverse("account_login")).content.decode()
        assert '<html lang="es"' in page
        assert 'autocomplete="current-password"' in page
        assert "Entrar" in page

    def test_speaks_english_when_asked(self, client):
        client.post(reverse("set_language"), {"language": "en", "next": "/account/login/"})
        assert '<html lang="en"' in client.get(reverse("account_login")).content.decode()

    def test_is_never_stored(self, client):
        assert "no-store" in client.get(reverse("account_login"))["Cache-Control"]

    @pytest.mark.parametrize(
        "address", ["signup/", "email/", "confirm-email/", "confirm-email/key/", "password/set/", "password/reset/"]
    )
    def test_nobody_signs_up_or_changes_an_address_alone(self, client, address):
        assert client.get(f"/account/{address}").status_code == 404
        assert client.post(f"/account/{address}").status_code == 404

    def test_there_is_no_door_of_other_sites(self, client):
        assert client.get("/account/3rdparty/").status_code == 404

    def test_says_what_to_do_when_the_phone_is_lost(self, client):
        assert client.get(reverse("account_help")).status_code == 200


@pytest.fixture
def signed_in(staff_in) -> Client:
    """A browser of somebody who has a password."""
    user = staff_in("coordinator")
    user.set_password("four words make one")
    user.save()
    client = Client()
    client.force_login(user)
    return client


class TestSecondFactorPages:
    @pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "account_change_password", "account_logout"])
    def test_open_for_those_signed_in(self, signed_in, name):
        page = signed_in.get(reverse(name))
        assert page.status_code == 200
        assert b"x-nav" in page.content

    def test_setting_up_a_code_asks_for_the_password_first(self, signed_in):
        answer = signed_in.get(reverse("mfa_activate_totp"), follow=True)
        assert answer.redirect_chain[0][0].startswith(reverse("account_reauthenticate"))
        answer = signed_in.post(answer.redirect_chain[0][0], {"password": "four words make one"}, follow=True)
        assert b"data:image/svg+xml" in answer.content


class TestFrame:
    def page(self, client_of, role: str) -> str:
        return client_of(role).get(reverse("mfa_index")).content.decode()

    def test_a_role_sees_the_places_it_may_open(self, client_of):
        assert self.page(client_of, "coordinator").count("<li><a") == 5
        assert self.page(client_of, "dpo").count("<li><a") == 1

    def test_finding_is_a_post_so_that_no_name_stands_in_an_address(self, client_of):
        page = self.page(client_of, "coordinator")
        search = page[page.index('<form class="x-search"') :]
        assert 'method="post"' in search[: search.index(">")]

    def test_a_choice_of_dark_is_kept(self, client):
        client.post(reverse("core:theme"), {"theme": "dark", "next": "/account/login/"})
        assert 'data-bs-theme="dark"' in client.get(reverse("account_login")).content.decode()
        client.post(reverse("core:theme"), {"theme": ""})
        assert "data-bs-theme" not in client.get(reverse("account_login")).content.decode()

    @pytest.mark.parametrize("next_url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
    def test_the_choice_leads_nowhere_else(self, client, next_url):
        assert client.post(reverse("core:theme"), {"theme": "dark", "next": next_url})["Location"] == "/"

    @pytest.mark.parametrize("next_url", ["?day=2021-12-08", "nowhere", "#top"])
    def test_an_address_made_up_breaks_nothing(self, client, next_url):
        assert client.post(reverse("core:theme"), {"theme": "dark", "next": next_url}).status_code == 302


class TestErrorPages:
    def test_a_missing_page_is_calm(self, client):
        answer = client.get("/nothing/")
        assert answer.status_code == 404
        assert "x-empty" in answer.content.decode()

    def test_a_bug_gives_a_number_that_the_log_knows(self, caplog):
        with caplog.at_level(logging.ERROR, "core.errors"):
            answer = page_broke(RequestFactory().get("/"))
        number = caplog.records[0].message.rpartition(" ")[2]
        assert answer.status_code == 500
        assert number in answer.content.decode()

    def test_a_database_that_is_away_is_no_bug_and_says_when_to_try_again(self):
        try:
            raise OperationalError("the connection is closed")
        except OperationalError:
            answer = page_broke(RequestFactory().get("/"))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")

    @pytest.mark.django_db(databases=[])
    def test_a_bug_page_needs_no_database(self):
        assert page_broke(RequestFactory().get("/")).status_code == 500

    def test_a_stale_form_is_told_so(self):
        answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
        assert answer.status_code == 403
        assert "x-empty" in answer.content.decode()


class TestWeight:
    def test_what_every_page_loads_stays_under_120_kb(self):
        files = ["vendor/tabler.min.css", "mpp.css", "vendor/htmx.min.js", "app.js", "icons.svg", "mark.svg"]
        weight = sum(len(gzip.compress(Path("static", name).read_bytes())) for name in files)
        assert weight < 120_000


class TestSecondFactor:
    PASSWORD = "four words make one"

    def code_of(self, page: str) -> str:
        secret = re.search(r'x-secret">([A-Z2-7]+)<', page)[1]
        return auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))

    def test_the_whole_way_from_setting_up_to_signing_in_again(self, signed_in, staff_in):
        page = signed_in.get(reverse("mfa_activate_totp"), follow=True)
        page = signed_in.post(page.redirect_chain[0][0], {"password": self.PASSWORD}, follow=True).content.decode()
        codes = signed_in.post(reverse("mfa_activate_totp"), {"code": self.code_of(page)}, follow=True).content.decode()
        recovery = re.findall(r'<code class="x-code">(\S+)</code>', codes)
        assert len(recovery) == 10
        assert "x-todo" in signed_in.get(reverse("mfa_index")).content.decode()

        again = Client()
        answer = again.post(
            reverse("account_login"), {"login": staff_in("coordinator").email, "password": self.PASSWORD}, follow=True
        )
        assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
        assert "one-time-code" in answer.content.decode()
        assert again.get("/").status_code == 302
        again.post(reverse("mfa_authenticate"), {"code": recovery[0]})
        assert again.get(reverse("mfa_index")).status_code == 200
