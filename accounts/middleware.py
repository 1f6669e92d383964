"""Gives every request its actor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.actors import actor_of


def actor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.actor`: the signed-in member of staff, or None."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request.user) if request.user.is_authenticated else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
