"""Servers of their own for the tests of the supervisor: they are killed, crowded and started twice."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mpp_tracker.runner.processes import Supervisor
from mpp_tracker.runner.servers import Servers
from mpp_tracker.runner.state import State

Start = Callable[..., tuple[Servers, Supervisor]]


@pytest.fixture
def spaced(tmp_path: Path) -> Path:
    folder = tmp_path / "a path with spaces & ñ"
    folder.mkdir()
    return folder


@pytest.fixture
def start(spaced: Path) -> Iterator[Start]:
    """Start servers in a folder of that name; stopped after the test."""
    with contextlib.ExitStack() as stack:

        def begin(name: str = "one", *, durable: bool = False) -> tuple[Servers, Supervisor]:
            state = State(spaced / name)
            servers = Servers(state, given={}, durable=durable)
            supervisor = Supervisor(state, say=lambda line: None)
            stack.callback(servers.cluster.remove)
            stack.callback(supervisor.stop)
            servers.start(supervisor)
            return servers, supervisor

        yield begin


@contextlib.contextmanager
def watched(supervisor: Supervisor) -> Iterator[None]:
    """The supervisor keeps its children alive meanwhile."""
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    try:
        yield
    finally:
        supervisor.stopping = True
        thread.join()


def eventually(question: Callable[[], object], *, seconds: float = 15) -> None:
    """Return when `question` is answered with yes."""
    limit = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < limit, f"still not so after {seconds} s: {question}"
        time.sleep(0.05)


def is_root() -> bool:
    return os.geteuid() == 0
