"""The lights of a day while somebody looks at its docket: which changed is told by a short mark of how all of them look."""

import hashlib
from collections.abc import Iterable

from docket.day import Row


def look_of(rows: Iterable[Row]) -> str:
    """What tells one look of the lights of `rows` from another, short enough for an address."""
    facts = sorted(f"{row.hearing.pk} {row.light.verdict} {row.light.states} {row.light.short}" for row in rows)
    return hashlib.blake2s("\n".join(facts).encode(), digest_size=6).hexdigest()
