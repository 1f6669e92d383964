"""Where a client changes its id and secret for a token (RFC 6749, section 4.4)."""

from typing import Any

import orjson
from django.http import HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.utils import extend_schema
from oauth2_provider.models import Application
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views.mixins import OAuthLibMixin
from oauthlib.oauth2 import BackendApplicationServer  # type: ignore[import-untyped]
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import PartnerClient
from api.serializers import TokenIn, TokenOut, TokenRefused
from api.throttling import ByAddress
from api.views.base import PartnerView


class AgreementValidator(OAuth2Validator):  # type: ignore[misc]
    """Knows a client by its secret and by an agreement that stands."""

    def _load_application(self, client_id: str, request: Any) -> Application | None:
        """The application of `client_id`, if its client may be heard now."""
        application = super()._load_application(client_id, request)
        usable = PartnerClient.objects.usable_at(timezone.now()).filter(application=application)
        if application is None or not usable.exists():
            request.client = None
            return None
        return application


@method_decorator(sensitive_post_parameters("client_secret"), name="dispatch")
class Token(OAuthLibMixin, PartnerView):  # type: ignore[misc]
    """Gives tokens to clients, and nothing else that OAuth knows."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress,)
    parser_classes = (FormParser,)
    server_class = BackendApplicationServer
    validator_class = AgreementValidator

    @extend_schema(
        operation_id="token",
        tags=["token"],
        summary=_("Get a token"),
        description=_(
            "Send the client's id and secret (HTTP Basic, or in the body) and get a bearer token for half an hour."
        ),
        request={"application/x-www-form-urlencoded": TokenIn},
        responses={200: TokenOut, 400: TokenRefused, 401: TokenRefused},
        auth=[{"client": []}, {}],  # type: ignore[list-item]
    )
    def post(self, request: Request) -> HttpResponse:
        """Answer as RFC 6749 says, errors included."""
        if request._request.GET:
            return Response(
                {"error": "invalid_request", "error_description": "Send everything in the body."}, status=400
            )
        request.data  # noqa: B018  (a body that is no form is refused here)
        _url, headers, body, status = self.create_token_response(request._request)
        return Response(orjson.loads(body), status=status, headers=dict(headers))
