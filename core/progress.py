"""How far a long transaction is, told to others while nothing that it writes is seen: in the name under which PostgreSQL lists its session.

The name is the session's own setting, seen at once by others of the same role, and it goes with the transaction or with a worker that died.
"""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of `work`, or of a part of it, from `begins` to `ends` (percent of the whole)."""

    work: str
    begins: int = 0
    ends: int = 100

    def tell(self, done: int, of: int) -> None:
        """Say that `done` things `of` so many are done. One query."""
        percent = self.begins + (self.ends - self.begins) * min(done, of) // max(of, 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, true)", [f"{self.work} {percent}"])


def percent_of(work: str) -> int | None:
    """How far `work` is, in percent; None while nobody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name ~ %s",
            [f"^{work} [0-9]+$"],
        )
        found = cursor.fetchone()
    return int(found[0].rpartition(" ")[2]) if found else None
