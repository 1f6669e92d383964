"""`make run` as people use it: in any folder, beside others, through sudden deaths, gone after Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpp_tracker.runner.processes import start_ticks

from .conftest import eventually
from .running import Run, copy_of_checkout

pytestmark = pytest.mark.xdist_group("servers")

PROGRAMS = ("postgres", "valkey", "web", "worker", "beat")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield stranger.getsockname()[1]


@pytest.fixture
def checkout(spaced: Path) -> Path:
    return copy_of_checkout(spaced / "checkout")


class TestRun:
    def test_outlives_the_death_of_every_part_and_leaves_nothing_behind(self, checkout: Path, taken_port: int) -> None:
        run = Run(checkout, port=taken_port, MPP_DEMO="no")
        try:
            assert not run.address.endswith(f":{taken_port}/")
            assert run.answers()

            before = {name: run.record(name) for name in PROGRAMS}
            for pid, _ in before.values():
                os.kill(pid, signal.SIGKILL)
            eventually(lambda: all(run.record(name) != before[name] and run.is_up(name) for name in PROGRAMS))
            eventually(run.answers)

            second = subprocess.run(
                [sys.executable, "-m", "mpp_tracker.runner", "run"],
                cwd=checkout,
                capture_output=True,
                text=True,
                check=False,
            )
            assert second.returncode == 1
            assert second.stderr == f"Already running from this folder ({run.address}). Stop that one first.\n"

            started = [run.record(name) for name in PROGRAMS]
        finally:
            code = run.interrupt()
        assert code == 0

        again = Run(checkout, port=taken_port, MPP_DEMO="no")
        again.interrupt()
        assert again.address == run.address
        assert [pid for pid, ticks in started if start_ticks(pid) == ticks] == []
