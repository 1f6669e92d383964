"""Every error of the API as a problem document (RFC 9457), in the words that the pages use."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from api.media import PROBLEM
from core.errors import DATABASE_AWAY, TRY_AGAIN_SECONDS, DomainError

logger = logging.getLogger(__name__)

KIND = "urn:mpp-tracker:problem:"
TITLES: dict[int, Any] = {
    400: _("The request cannot be read"),
    401: _("Sign in first"),
    403: _("Not part of your agreement"),
    404: _("Not found"),
    405: _("Not possible here"),
    406: _("No such format"),
    409: _("This cannot be done now"),
    413: _("Too large"),
    415: _("No such format"),
    422: _("Some of this needs correcting"),
    429: _("Too many requests"),
    500: _("Our fault"),
    503: _("Not just now"),
}


def problem(status: int, *, detail: object, kind: str = "", **more: object) -> Response:
    """A problem document. `kind` is the stable code of a refusal; without one the status says it all."""
    body = {
        "type": KIND + kind if kind else "about:blank",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": str(detail),
        **({"code": kind} if kind else {}),
        **more,
    }
    return Response(body, status=status, content_type=PROBLEM)


def problem_of(error: Exception, context: Mapping[str, Any]) -> Response:
    """What the API answers to `error`: refusals in their own words, the unforeseen logged and told as our fault."""
    if isinstance(error, DomainError):
        set_rollback()
        return problem(error.http_status, detail=error, kind=error.code)
    if isinstance(error, ValidationError):
        set_rollback()
        return problem(
            422, detail=_("See the errors and send it again."), kind="invalid", errors=list(_pointed(error.detail))
        )
    if isinstance(error, RequestDataTooBig):
        return problem(413, detail=_("The body is larger than this system takes."))
    answered = exception_handler(error, dict(context))
    if answered is None:
        return _our_fault(error, context)
    detail = error.detail if isinstance(error, APIException) else _("There is nothing here that you may see.")
    if answered.status_code == 404:
        detail = _("There is nothing here that you may see.")
    told = problem(answered.status_code, detail=detail)
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in answered:
            told[name] = answered[name]
    return told


def _our_fault(error: Exception, context: Mapping[str, Any]) -> Response:
    """A bug: logged with its trace, and announced as Django announces one, so that tests and watchers hear of it."""
    view, request = context["view"], context["request"]
    logger.error("unforeseen error in %s", type(view).__name__, exc_info=error)
    got_request_exception.send(sender=type(view), request=request._request)
    set_rollback()
    if isinstance(error, DATABASE_AWAY):
        told = problem(503, detail=_("The database does not answer just now. Send the same again in a few seconds."))
        told["Retry-After"] = str(TRY_AGAIN_SECONDS)
        return told
    return problem(500, detail=_("Something broke on our side. Nothing of this request was kept; try again later."))


def _pointed(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:
    """Each message with a JSON pointer (RFC 6901, as a fragment) to what it is about; "#" is the body as a whole."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = name in ("non_field_errors",)
            yield from _pointed(
                inner, pointer if own else f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            )
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _pointed(inner, f"{pointer}/{place}" if nested else pointer)
    else:
        yield {"pointer": pointer, "detail": str(detail)}
