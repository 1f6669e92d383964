"""Gives every request its actor, and the page the language that the signed-in person reads."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_cache_control

from accounts.actors import standing_of


def actor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.actor` (the signed-in member of staff, or None), `request.standing` and `request.place_name`.

    The language of the account goes before that of the browser. What a signed-in person is shown is kept by no browser or proxy,
    unless the page says otherwise: the pages of a second factor, a missing page and a broken one too.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        request.actor = request.standing = None  # type: ignore[attr-defined]
        if user.is_authenticated:
            request.standing = standing_of(user)  # type: ignore[attr-defined]
            request.actor = request.standing.actor  # type: ignore[attr-defined]
            request.place_name = request.standing.place_name  # type: ignore[attr-defined]
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        if user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, no_store=True, private=True)
        return response

    return middleware
