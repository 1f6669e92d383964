"""Deeds that many desks do at once: one transaction each, begun anew where PostgreSQL broke it off to let another through."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

TIMES = 4
FIRST_WAIT_SECONDS = 0.05
# Deadlock found, and could not serialise: nothing was written, and the same deed may succeed a moment later.
BROKEN_OFF = frozenset({"40P01", "40001"})


def atomic_again(deed: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """`transaction.atomic` for a deed over contended rows, done `TIMES` times at most before a person sees a deadlock.

    Only the outermost transaction is begun anew: inside another the refusal goes on up, since all of it is lost. What is passed is read
    once for each time, so pass lists and no generators.
    """

    @wraps(deed)
    def done(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        if connection.in_atomic_block:
            with transaction.atomic():
                return deed(*args, **kwargs)
        for time_before in range(TIMES - 1):
            try:
                with transaction.atomic():
                    return deed(*args, **kwargs)
            except OperationalError as error:
                if not was_broken_off(error):
                    raise
            time.sleep(FIRST_WAIT_SECONDS * 2**time_before * (0.5 + random.random()))
        with transaction.atomic():
            return deed(*args, **kwargs)

    return done


def was_broken_off(error: OperationalError) -> bool:
    """Whether PostgreSQL gave the transaction up for another's sake."""
    return getattr(error.__cause__, "pgcode", None) in BROKEN_OFF
