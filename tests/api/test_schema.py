"""The OpenAPI document: complete, without warnings, and kept by what the API really answers."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from api import urls
from api.scopes import Scope

pytestmark = pytest.mark.django_db
NOT_DESCRIBED = {"schema", "docs", "missing"}


@pytest.fixture
def document() -> Any:
    return Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).json()


class TestSchema:
    def test_is_made_without_a_warning(self) -> None:
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())

    def test_is_openapi_3_1_and_describes_every_address(self, document: Any) -> None:
        assert document["openapi"].startswith("3.1")
        described = {
            str(p.pattern).replace("<uuid:", "{").replace(">", "}")
            for p in urls.urlpatterns
            if p.name not in NOT_DESCRIBED
        }
        assert {path.removeprefix("/api/") for path in document["paths"]} == described

    def test_names_the_scopes_of_every_operation(self, document: Any) -> None:
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if path == "/api/token/":
                    assert operation["security"] == [{"client": []}, {}]
                    continue
                (requirement,) = operation["security"]
                assert set(requirement["partner"]) <= set(Scope.values)
                assert requirement["partner"]

    def test_says_that_every_error_is_a_problem(self, document: Any) -> None:
        for path, operations in document["paths"].items():
            for operation in operations.values():
                assert operation["summary"]
                assert operation["description"]
                refused = {status: told for status, told in operation["responses"].items() if status >= "4"}
                assert {"406", "429", "500"} <= set(refused)
                if path != "/api/token/":
                    assert {"401", "403"} <= set(refused)
                    assert all(told["$ref"].endswith(f"Problem{status}") for status, told in refused.items())

    def test_speaks_spanish_when_asked(self) -> None:
        spanish = Client().get("/api/v1/schema/", headers={"Accept": "application/json", "Accept-Language": "es"})
        assert spanish["Content-Language"] == "es"


class TestDocs:
    def test_loads_nothing_inline_and_nothing_from_outside(self) -> None:
        page = Client().get("/api/v1/docs/").content.decode()
        assert "http" not in page.replace("http-equiv", "")
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=")
