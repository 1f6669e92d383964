"""Every address of MPP Tracker, room by room."""

from django.conf import settings
from django.urls import include, path

from accounts.views import set_language
from mpp_tracker import health

urlpatterns = [
    path("health/", health.health, name="health"),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
    path("", include("dashboard.urls")),
    path("", include("docket.urls")),
    path("", include("journey.urls")),
    path("shelters/", include("shelters.urls")),
    path("messages/words/", include("words.urls")),
    path("expected/", include("expected.urls")),
    path("imports/", include("sheets.urls")),
    path("", include("tablets.urls")),
    path("messages/", include("messaging.urls")),
    path("api/", include("api.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("mpp_tracker.entrance")),
    path("language/", set_language, name="set_language"),
    path("", include("core.urls")),
]

handler500 = "core.views.page_broke"

if settings.DEBUG:
    from mpp_tracker.components import components

    urlpatterns.append(path("components/", components))
