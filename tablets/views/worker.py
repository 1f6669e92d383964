"""What makes the pages of the bridge an app that opens without network: its service worker and its manifest."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tablets.version import shell_version

WORKER = settings.BASE_DIR / "static" / "outbox" / "worker.js"
COLOURS = {"background_color": "#f4f3ee", "theme_color": "#0d5871"}
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-mask.png", "512x512", "maskable"),
)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, from the root so that its scope is everything. A new version of anything in the shell changes its bytes."""
    pages = [reverse(name) for name in ("journey:log_arrival", "tablets:outbox", "tablets:offline")]
    shell = {"version": shell_version(), "pages": pages, "offline": pages[-1], "static": settings.STATIC_URL}
    text = f"const SHELL = {json.dumps(shell)};\n{WORKER.read_text()}"
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What an installed tablet shows on its home screen, and where it starts."""
    start = reverse("journey:log_arrival")
    facts = {
        "id": start,
        "name": _("MPP Tracker: reception"),
        "short_name": _("Reception"),
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "lang": request.LANGUAGE_CODE,
        "icons": _icons(),
        **COLOURS,
    }
    kept = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
    return JsonResponse(facts, content_type="application/manifest+json", headers=kept)


def _icons() -> list[dict[str, str]]:
    return [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose} for name, sizes, purpose in ICONS
    ]
