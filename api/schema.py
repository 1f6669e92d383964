"""What the OpenAPI document says beside the views: how to authenticate, and that every error is a problem document."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from api.media import PROBLEM
from api.problems import TITLES
from api.scopes import Scope

STRICT = frozenset(
    {"ArrivalIn", "ConsentsIn", "CrossingRef", "FindIn", "HearingIn", "PersonIn", "RoomRef", "StayEndIn", "StayIn"}
)
# What else than its shape says an operation can answer: refusals of its deed, records that its body names.
BESIDES = {"log_arrival": {409}, "give_place": {404, 409}, "end_stay": {409}}
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457.",
    "examples": [
        {
            "type": "urn:mpp-tracker:problem:invalid",
            "title": "Some of this needs correcting",
            "status": 422,
            "detail": "See the errors and send it again.",
            "code": "invalid",
            "errors": [{"pointer": "#/people/0/sex", "detail": '"Q" is not a valid choice.'}],
        }
    ],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "about:blank, or urn:mpp-tracker:problem: and the code.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Stable name of a refusal, for example already_logged."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer (RFC 6901) as a fragment, for example #/people/0/sex.",
                    },
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}


ARRIVAL: dict[str, Any] = {
    "uid": "0b7d6a1e-54d5-4f0a-9d58-7d0a2f3c4b11",
    "site": "JZ",
    "crossing": {"port": "2402", "name": "Paso del Norte"},
    "occurred_at": "2021-12-08T10:30:00-07:00",
    "language": "spa",
    "people": [
        {
            "relation": "head",
            "given_names": "Dayanara",
            "surnames": "Funes",
            "birth_date": "1990-03-05",
            "nationality": "HN",
        },
        {
            "relation": "child",
            "given_names": "Ian",
            "surnames": "Funes",
            "birth_date": "2014-06-01",
            "nationality": "HN",
        },
    ],
    "hearing": {
        "court": "ELP",
        "court_on": "2022-01-12",
        "court_time": "08:30",
        "crossing": {"port": "2402", "name": "Paso del Norte"},
        "report_on": "2022-01-12",
        "report_time": "04:30",
        "said_on": "2021-12-08",
    },
    "consents": {"reception": True, "messages": True, "partners": True},
}

STAY: dict[str, Any] = {
    "uid": "5f0d1c52-8a0e-4f7e-9b1a-3d2c4e5f6a70",
    "household": "0b7d6a1e-54d5-4f0a-9d58-7d0a2f3c4b11",
    "room": {"shelter": "c2b1a0f9-1e2d-4c3b-8a79-6f5e4d3c2b1a", "name": "Cuarto 3"},
}


class ClientCredentials(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Bearer tokens by the client credentials grant."""

    target_class = "api.authentication.PartnerAuthentication"
    name = "partner"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The grant, its address and its scopes."""
        scopes = {scope.value: str(scope.label) for scope in Scope}
        return {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": str(reverse_lazy("api:token")), "scopes": scopes}},
        }

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """The scopes that the view names."""
        return {self.name: [str(scope) for scope in auto_schema.view.scopes]}


def describe_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add to every operation the problems that it can answer with."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    for name, schema in components["schemas"].items():
        if name in STRICT:
            schema["additionalProperties"] = False
    components.setdefault("securitySchemes", {})["client"] = {
        "type": "http",
        "scheme": "basic",
        "description": _("Client id and secret."),
    }
    components["responses"] = {
        f"Problem{status}": {
            "description": str(title),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, title in TITLES.items()
    }
    for path, operations in result.get("paths", {}).items():
        for method in METHODS:
            if method in operations:
                _describe(operations[method], path)
    return result


def _describe(operation: dict[str, Any], path: str) -> None:
    statuses = {406, 429, 500}
    if any("partner" in requirement for requirement in operation.get("security", [])):
        statuses |= {401, 403}
    if "{" in path:
        statuses |= {404}
    if "requestBody" in operation:
        statuses |= {400, 413, 415}
        if "application/json" in operation["requestBody"]["content"]:
            statuses |= {422}
    statuses |= BESIDES.get(operation["operationId"], set())
    for told in operation["responses"].values():
        told["description"] = told.get("description") or "OK"
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
