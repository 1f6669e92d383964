"""Who asks too often at doors that everybody may knock at. Each web process counts alone; nothing is kept in the database."""

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest

MOST_KEYS = 10_000


class Pace:
    """Counts by any key and finds those that were counted `most` times within the last span."""

    def __init__(self, name: str, *, most: int, within_seconds: int) -> None:
        self.most, self.within_seconds = most, within_seconds
        self.counts = LocMemCache(name, {"OPTIONS": {"MAX_ENTRIES": MOST_KEYS}})

    def is_over(self, key: str) -> bool:
        """Whether `key` has had its share."""
        return int(self.counts.get(key, 0)) >= self.most

    def note(self, key: str) -> None:
        """Count one more."""
        self.counts.add(key, 0, self.within_seconds)
        self.counts.incr(key)


def caller_of(request: HttpRequest) -> str:
    """The address before our own proxy, which appends it to what the caller claims."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
