"""The API's own description: the OpenAPI document and a page to read it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.throttling import ByAddress
from api.views.base import PartnerView


class Schema(PartnerView, SpectacularAPIView):
    """The document, as JSON or, if asked, as YAML. It tells nothing about anybody and is open to everyone."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress,)
    renderer_classes = (OpenApiJsonRenderer, OpenApiYamlRenderer)

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The document in the language of the request."""
        return super().get(request, *args, **kwargs)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page that shows the document and lets a partner try it with its own token."""
    return render(request, "api/docs.html")
