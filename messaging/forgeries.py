"""Calls with a wrong signature, counted by where they come from: who keeps guessing is no longer heard. True ones are never held up,
for a gateway does not tell a receipt twice.
"""

from django.http import HttpRequest

from core.pace import Pace, caller_of

MOST = 30
_pace = Pace("forged-calls", most=MOST, within_seconds=60)
counts = _pace.counts


def are_too_many(request: HttpRequest) -> bool:
    """Whether the caller has just sent too many."""
    return _pace.is_over(caller_of(request))


def note(request: HttpRequest) -> None:
    """Count one more."""
    _pace.note(caller_of(request))
