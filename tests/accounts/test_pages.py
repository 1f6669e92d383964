"""One's own account and the language of the pages."""

import pytest
from django.test import Client

from accounts.roles import Role

pytestmark = pytest.mark.django_db


class TestMe:
    def test_names_the_role_the_place_and_the_agency(self, client_of):
        page = client_of(Role.RECEPTION).get("/account/", headers={"accept-language": "es"}).content.decode()
        assert "Ciudad Juárez" in page
        assert "Grupo Beta" in page

    def test_is_kept_by_no_browser(self, client_of):
        assert "no-store" in client_of(Role.RECEPTION).get("/account/")["Cache-Control"]

    def test_costs_few_queries(self, client_of, django_assert_max_num_queries):
        browser = client_of(Role.COORDINATOR)
        with django_assert_max_num_queries(6):
            browser.get("/account/")


class TestSetLanguage:
    def test_keeps_it_with_the_account(self, client_of, staff_in):
        browser = client_of(Role.RECEPTION)
        response = browser.post("/language/", {"language": "en", "next": "/account/"})
        assert response["Location"] == "/account/"
        assert staff_in(Role.RECEPTION).language == "en"
        assert '<html lang="en"' in browser.get("/account/").content.decode()

    def test_of_the_account_goes_before_that_of_the_browser(self, client_of):
        page = client_of(Role.RECEPTION).get("/account/", headers={"accept-language": "en"})
        assert '<html lang="es"' in page.content.decode()

    def test_keeps_it_in_a_cookie_before_sign_in(self):
        browser = Client()
        browser.post("/language/", {"language": "en"})
        assert '<html lang="en"' in browser.get("/account/login/").content.decode()

    @pytest.mark.parametrize("language", ["", "xx", "../es"])
    def test_ignores_a_language_that_there_is_not(self, client_of, staff_in, language):
        client_of(Role.RECEPTION).post("/language/", {"language": language})
        assert staff_in(Role.RECEPTION).language == "es"

    def test_leads_nowhere_else(self, client):
        response = client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
        assert response["Location"] == "/"

    def test_needs_a_post(self, client):
        assert client.get("/language/").status_code == 405
