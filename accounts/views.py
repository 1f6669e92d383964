"""One's own account: who one is here, language, light, second factor."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import actions
from accounts.models import User
from core.doors import YEAR_SECONDS, StaffRequest, go_to, next_of, staff_page


@require_GET
@staff_page()
def me(request: StaffRequest) -> HttpResponse:
    """The account behind the initials in the top bar."""
    assert isinstance(request.user, User)
    return render(
        request,
        "accounts/me.html",
        {
            "memberships": request.user.memberships.select_related("site").order_by("pk"),
            "agency": request.user.agency,
            "languages": settings.LANGUAGES,
            "theme": request.COOKIES.get("theme", ""),
            "has_second_factor": Authenticator.objects.filter(user=request.user)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .exists(),
        },
    )


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read in another language from now on: kept in a cookie, and with the account of someone signed in."""
    language = request.POST.get("language", "")
    response = go_to(request, next_of(request))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
        )
        if isinstance(request.user, User):
            actions.choose_language(user=request.user, language=language, actor=request.actor, at=timezone.now())  # type: ignore[attr-defined]
    return response
