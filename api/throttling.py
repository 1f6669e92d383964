"""How often a caller may ask. Each web process counts alone: a cache that is down stops nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache.backends.locmem import LocMemCache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from api.authentication import Caller

if TYPE_CHECKING:
    from rest_framework.views import APIView

counts = LocMemCache("api-throttle", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


class _Throttle(SimpleRateThrottle):
    cache = counts

    def get_rate(self) -> str | None:
        """The rate in force now, from the settings."""
        rates: dict[str, str] = api_settings.DEFAULT_THROTTLE_RATES  # type: ignore[assignment]
        return rates[str(self.scope)]


class ByClient(_Throttle):
    """Counts the requests of one client, whatever its address and tokens."""

    scope = "client"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Under which key `request` counts; calls that nobody answers for count by address elsewhere."""
        if not isinstance(request.user, Caller):
            return None
        return f"throttle:{self.scope}:{request.user.pk}"


class FindByClient(ByClient):
    """Searches, which could be used to try names, are rarer."""

    scope = "find"


class ByAddress(_Throttle):
    """Counts what is open to everyone by address: tokens, the schema, the documentation."""

    scope = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Under which key `request` counts."""
        return f"throttle:{self.scope}:{type(view).__name__}:{self.get_ident(request)}"
