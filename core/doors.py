"""What every page door shares: who may enter, nothing cached, one way to move on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from core.actors import Actor, Capability
from core.errors import DomainError

View = Callable[..., HttpResponse]
Record = TypeVar("Record")

YEAR_SECONDS = 365 * 24 * 60 * 60  # how long a browser keeps a choice


class StaffRequest(HttpRequest):
    """A request that came through `staff_page`: someone with the capability is behind it."""

    actor: Actor
    htmx: object


def staff_page(*capabilities: Capability) -> Callable[[View], View]:
    """Open a page to signed-in staff who have one of `capabilities` (none named: to all staff).

    Anonymous visitors go to sign in; a role without the capability sees a missing page, as for a missing record. Answers are
    never stored by browsers or proxies.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
            actor: Actor | None = request.actor
            if actor is None:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            if capabilities and not any(actor.can(capability) for capability in capabilities):
                raise Http404
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
                patch_cache_control(response, no_store=True, private=True)
            return response

        door.capabilities = capabilities  # type: ignore[attr-defined]
        return door

    return decorate


def found(record: Record | None) -> Record:
    """`record`, or a missing page where there is none that the visitor may know of."""
    if record is None:
        raise Http404
    return record


def next_of(request: HttpRequest) -> str:
    """The page that a form asks to come back to, or the first one where it names a page of somebody else's."""
    wanted = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the browser to `url`, whether htmx or a plain form asked."""
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


@contextmanager
def answering(request: HttpRequest, done: str = "") -> Iterator[None]:
    """Do what stands in the block, and tell whoever asked on the page where they go next: `done`, or why it was refused.

    What can be said only afterwards is said at the end of the block.
    """
    try:
        yield
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        if done:
            messages.success(request, done)


@contextmanager
def refused_in(form: BaseForm) -> Iterator[None]:
    """Do what stands in the block; why it was refused stands in `form`, beside all that was typed."""
    try:
        yield
    except DomainError as refusal:
        form.add_error(None, str(refusal))
