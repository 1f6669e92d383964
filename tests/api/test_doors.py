"""The doors of the API: closed by default, and every error a problem document."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse
from rest_framework.permissions import AllowAny

from api import urls
from api.scopes import Scope
from api.views.base import PartnerView
from tests.factories.cases import ConsentFactory, HouseholdFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
OPEN = {"token", "schema", "docs"}


def address(pattern: URLPattern) -> str:
    if pattern.name == "missing":
        return "/api/v1/nothing/"
    return reverse(f"api:{pattern.name}", kwargs={"uid": uuid4()} if "uid" in str(pattern.pattern) else None)


def is_problem(answer: Any, status: int) -> bool:
    body = answer.json()
    return (
        answer.status_code == status
        and answer["Content-Type"] == "application/problem+json"
        and body["status"] == status
        and bool(body["title"] and body["detail"] and body["type"])
    )


closed = pytest.mark.parametrize("pattern", [p for p in urls.urlpatterns if p.name not in OPEN], ids=lambda p: p.name)


class TestEveryAddress:
    @closed
    def test_is_a_partner_view_with_scopes(self, pattern: URLPattern) -> None:
        view = pattern.callback.view_class
        assert issubclass(view, PartnerView)
        assert AllowAny not in view.permission_classes
        assert view.scopes or pattern.name == "missing"

    @closed
    @pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options", "head"])
    def test_asks_for_a_token(self, pattern: URLPattern, method: str) -> None:
        answer = getattr(Client(), method)(address(pattern))
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")

    @closed
    def test_refuses_a_token_that_is_not(self, pattern: URLPattern) -> None:
        answer = Client().get(address(pattern), headers={"Authorization": "Bearer made-up"})
        assert is_problem(answer, 401)
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]

    @closed
    def test_does_not_open_to_signed_in_staff(self, pattern: URLPattern, client_of: Any) -> None:
        assert client_of("coordinator").get(address(pattern)).status_code == 401

    @closed
    def test_refuses_a_token_without_its_scope(self, pattern: URLPattern, partner_at: Any) -> None:
        if pattern.name == "missing":
            return
        needed = set(pattern.callback.view_class.scopes)
        others = [scope for scope in Scope if scope not in needed]
        answer = partner_at(scopes=others).get(address(pattern))
        assert is_problem(answer, 403)
        assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]

    @closed
    def test_is_stored_by_nobody(self, pattern: URLPattern, partner: Any) -> None:
        assert "no-store" in partner.get(address(pattern))["Cache-Control"]


class TestToken:
    @pytest.mark.parametrize("seconds", [1500, 5000])
    def test_expires(self, seconds: int, partner: Any, clock: Any, now: Any) -> None:
        clock.move_to(now + timedelta(seconds=seconds))
        assert is_problem(partner.get("/api/v1/shelters/"), 401)

    def test_of_a_client_whose_agreement_ended_is_refused(self, partner: Any, now: Any) -> None:
        partner.client.valid_until = now
        partner.client.save()
        assert is_problem(partner.get("/api/v1/shelters/"), 401)

    def test_of_a_closed_client_is_refused(self, partner: Any) -> None:
        partner.client.is_active = False
        partner.client.save()
        assert is_problem(partner.get("/api/v1/shelters/"), 401)

    def test_loses_a_scope_that_left_the_agreement(self, partner: Any) -> None:
        partner.client.scopes = ["households:read"]
        partner.client.save()
        assert is_problem(partner.get("/api/v1/shelters/"), 403)

    def test_does_not_stand_in_an_address(self, partner: Any) -> None:
        assert Client().get(f"/api/v1/shelters/?access_token=token-{partner.client.pk}").status_code == 401


class TestProblem:
    def test_is_what_a_missing_address_answers(self, partner: Any) -> None:
        assert is_problem(partner.get("/api/v1/nothing/"), 404)
        assert is_problem(partner.get("/api/v1/households"), 404)

    def test_is_what_a_wrong_method_answers(self, partner: Any) -> None:
        answer = partner.http.delete("/api/v1/shelters/")
        assert is_problem(answer, 405)
        assert "GET" in answer["Allow"]

    def test_is_what_a_wrong_type_answers(self, partner: Any) -> None:
        assert is_problem(partner.http.post("/api/v1/find/", "x", content_type="text/plain"), 415)
        assert is_problem(partner.get("/api/v1/shelters/", headers={"Accept": "text/csv"}), 406)

    @pytest.mark.parametrize("body", [b"{", b'"\\ud800"', b"[" * 5000, b"NaN"])
    def test_is_what_a_broken_body_answers(self, partner: Any, body: bytes) -> None:
        assert is_problem(partner.http.post("/api/v1/find/", body, content_type="application/json"), 400)

    def test_is_what_a_huge_body_answers(self, partner: Any, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        assert is_problem(partner.post("/api/v1/find/", {"query": "x" * 200}), 413)

    def test_points_at_what_is_wrong(self, partner: Any) -> None:
        answer = partner.post("/api/v1/arrivals/", {"people": [{"relation": "head", "sex": "Q"}]})
        assert is_problem(answer, 422)
        pointers = {error["pointer"] for error in answer.json()["errors"]}
        assert {"#/uid", "#/site", "#/occurred_at", "#/people/0/sex"} <= pointers

    def test_speaks_english_unless_asked_for_spanish(self, partner: Any) -> None:
        english = partner.get("/api/v1/nothing/").json()
        spanish = partner.get("/api/v1/nothing/", headers={"Accept-Language": "es-MX"}).json()
        assert english["title"] == "Not found"
        assert spanish["title"].startswith("No ")

    def test_is_what_one_too_many_answers(self, partner: Any, settings: Any) -> None:
        rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "client": "1/min"}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
        assert partner.get("/api/v1/shelters/").status_code == 200
        answer = partner.get("/api/v1/shelters/")
        assert is_problem(answer, 429)
        assert int(answer["Retry-After"]) > 0

    def test_counts_each_client_alone(self, partner_at: Any, settings: Any) -> None:
        rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "client": "1/min"}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
        assert [partner_at().get("/api/v1/shelters/").status_code for _ in range(2)] == [200, 200]

    def test_is_what_our_own_fault_answers_and_it_is_heard(self, partner: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE shelters_shelter RENAME TO shelters_gone")
        partner.http.raise_request_exception = False
        assert is_problem(partner.get("/api/v1/shelters/"), 500)


class TestTwoClients:
    def test_each_sees_its_own_sites(self, partner_at: Any, jz: Any) -> None:
        here = ConsentFactory(purpose="partners", household=HouseholdFactory(site=jz)).household
        there = ConsentFactory(purpose="partners", household=HouseholdFactory(site=SiteFactory(code="TJ"))).household
        seen = {
            site.code: [row["uid"] for row in partner_at(site).get("/api/v1/households/").json()["results"]]
            for site in (here.site, there.site)
        }
        assert seen == {"JZ": [str(here.uid)], "TJ": [str(there.uid)]}
