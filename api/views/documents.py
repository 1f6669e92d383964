"""The API's own description: the OpenAPI document and a page to read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.throttling import ByAddress
from api.views.base import PartnerView


class Schema(PartnerView):
    """The document, as JSON or, if asked, as YAML. It tells nothing about anybody and is open to everyone."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (ByAddress,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer)

    def get(self, request: Request) -> Response:
        """The document in the language of the request."""
        return Response(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The page that shows the document and lets a partner try it with its own token."""
    return render(request, "api/docs.html")
