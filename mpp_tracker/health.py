"""Whether this server can do its work, for the supervisor, Docker and load balancers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import health as events
from messaging import health as sweep

# What must run again and again, with what to say when it does not.
SWEEPS = (("messages are not being sent", sweep.is_late), ("what follows from events waits", events.is_late))


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
    """200 when the database answers, messages are swept and events followed, else 503 and which of them it is: for monitoring."""
    answer = health(request)
    if answer.status_code != 200:
        return answer
    now = timezone.now()
    late = [words for words, is_late in SWEEPS if is_late(now)]
    if late:
        text = f"{', '.join(late)}: is a worker running, and beat?\n"
        return HttpResponse(text, status=503, content_type="text/plain")
    return answer
