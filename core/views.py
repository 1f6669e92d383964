"""Doors that belong to no room: the page of a bug, the choice of light or dark, a word to robots."""

import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from core.doors import YEAR_SECONDS, go_to, next_of
from core.errors import DATABASE_AWAY, TRY_AGAIN_SECONDS

logger = logging.getLogger("core.errors")

THEMES = ("light", "dark")
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is misheard on the phone


def page_broke(request: HttpRequest) -> HttpResponse:
    """Answer a bug with a page that needs no database and a number that the log knows too; 503 while the database is away."""
    letters = "".join(secrets.choice(NUMBER_LETTERS) for _ in range(5))
    number = f"{letters[:3]}-{letters[3:]}"
    logger.error("page broke, number %s", number, exc_info=sys.exc_info())
    is_away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    response = render(request, "500.html", {"number": number}, status=503 if is_away else 500)
    if is_away:
        response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the user's choice of light or dark in a cookie; anything else means that the device decides."""
    response = go_to(request, next_of(request))
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response
