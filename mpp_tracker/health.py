"""Whether this server can do its work, for the supervisor, Docker and load balancers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.health import is_late


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not. The broker is only a nudge: work goes on without it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers, whatever else is down: the question of whoever would restart it."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and messages are being swept, else 503 and which of the two it is: the question of monitoring."""
    answer = health(request)
    if answer.status_code == 200 and is_late(timezone.now()):
        return HttpResponse(
            "messages are not being sent: is a worker running, and beat?\n", status=503, content_type="text/plain"
        )
    return answer
