"""The door that the outbox of a tablet knocks at: every answer is JSON, and nobody is ever sent to the sign-in page."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from core.actors import Actor, Capability
from core.doors import StaffRequest
from core.errors import DomainError, NotAllowed
from tablets.entries import BadBatch, TooMuch

View = Callable[[StaffRequest], JsonResponse]


class NotSignedIn(DomainError):
    """The session is over: entries stay on the tablet until somebody signs in."""

    code = "not_signed_in"
    message = _("Sign in to send what is on this tablet.")
    http_status = 401


class StaleToken(DomainError):
    """The token against forged requests is not this session's: ask for a fresh one."""

    code = "csrf"
    message = _("Reload the page and send again.")
    http_status = 403


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check, which tells the reason where its middleware would draw a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def tablet_door(*capabilities: Capability) -> Callable[[View], Callable[[StaffRequest], HttpResponse]]:
    """Open an address to signed-in staff who have one of `capabilities` (none named: to all staff).

    Refusals are JSON, `{"code", "message"}`, with the status of the refusal; nothing is kept by browsers or proxies. Forged
    requests are refused here and not by the middleware, whose answer is a page.
    """

    def decorate(view: View) -> Callable[[StaffRequest], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def door(request: StaffRequest) -> HttpResponse:
            try:
                _check_may_enter(request, capabilities)
                response = view(request)
            except RequestDataTooBig:
                response = _told(TooMuch())
            except RawPostDataException:  # it came as a form, which the check of the token has read
                response = _told(BadBatch())
            except DomainError as refusal:
                response = _told(refusal)
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
            return response

        door.capabilities = capabilities  # type: ignore[attr-defined]
        return door

    return decorate


def _check_may_enter(request: StaffRequest, capabilities: tuple[Capability, ...]) -> None:
    """Raises NotSignedIn, StaleToken, NotAllowed."""
    actor: Actor | None = request.actor
    if actor is None:
        raise NotSignedIn()
    check = _TokenCheck(lambda request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, _anything, (), {}) is not None:
        raise StaleToken()
    if capabilities and not any(actor.can(capability) for capability in capabilities):
        raise NotAllowed()


def _anything(request: HttpRequest) -> HttpResponse:
    """Some view that is not exempt, for the check to look at."""
    return HttpResponse()


def _told(refusal: DomainError) -> JsonResponse:
    return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=refusal.http_status)
