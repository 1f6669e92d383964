"""What a piece of work took: seconds on the wall, and seconds of the processor, which other work on the machine hardly changes."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, and how many pieces were done in them."""

    seconds: float
    processor: float
    done: int


def spent(work: Callable[[], int]) -> Spent:
    """Do `work`, which says how many pieces it did; the processor's time is ours and that of our connection's backend."""
    wall, ours, theirs = perf_counter(), process_time(), _backend()
    done = work()
    return Spent(perf_counter() - wall, process_time() - ours + _backend() - theirs, done)


def _backend() -> float:
    """Seconds of the processor that the process of PostgreSQL on this machine which serves us has used."""
    connection.ensure_connection()
    of_process = Path(f"/proc/{connection.connection.get_backend_pid()}/stat").read_text().rpartition(")")[2].split()
    return (int(of_process[11]) + int(of_process[12])) / TICKS
