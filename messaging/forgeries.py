"""Calls with a wrong signature, counted by where they come from: who keeps guessing is no longer heard. True ones are never held up,
for a gateway does not tell a receipt twice. Each web process counts alone; nothing is kept in the database.
"""

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest

MOST = 30
WITHIN_SECONDS = 60

counts = LocMemCache("forged-calls", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


def are_too_many(request: HttpRequest) -> bool:
    """Whether the caller has just sent too many."""
    return int(counts.get(_caller(request), 0)) >= MOST


def note(request: HttpRequest) -> None:
    """Count one more."""
    caller = _caller(request)
    counts.add(caller, 0, WITHIN_SECONDS)
    counts.incr(caller)


def _caller(request: HttpRequest) -> str:
    """The address before our own proxy, which appends it to what the caller claims."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
