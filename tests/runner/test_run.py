"""`make run` as people use it: in any folder, beside others, through sudden deaths, gone after Ctrl-C."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from mpp_tracker.runner.processes import start_ticks
from mpp_tracker.runner.state import CHECKOUT

from .conftest import eventually

pytestmark = pytest.mark.xdist_group("servers")

PROGRAMS = ("postgres", "valkey", "web", "worker", "beat")
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".local", ".venv", ".*_cache", "__pycache__", "tests", "node_modules", "docs"
)


class Run:
    """A running `make run` of a copy of this checkout."""

    def __init__(self, checkout: Path, *, port: int) -> None:
        self.checkout = checkout
        ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "KEYRING_FILE", "DJANGO_SETTINGS_MODULE")
        kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("MPP_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mpp_tracker.runner", "run"],
            cwd=checkout,
            env=kept | {"PORT": str(port), "MPP_DEMO": "no"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.address = self.read_address()

    def read_address(self) -> str:
        said = []
        for line in self.process.stdout or ():
            said.append(line)
            if found := re.search(r"Ready: (http://\S+)", line):
                return found[1]
        raise AssertionError("".join(said))

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}health/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def record(self, name: str) -> tuple[int, int]:
        kept = json.loads((self.checkout / ".local" / "run" / f"{name}.json").read_text())
        return kept["pid"], kept["started"]

    def is_up(self, name: str) -> bool:
        pid, ticks = self.record(name)
        return start_ticks(pid) == ticks

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        yield stranger.getsockname()[1]


@pytest.fixture
def checkout(spaced: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT, spaced / "checkout", ignore=NOT_COPIED))


class TestRun:
    def test_outlives_the_death_of_every_part_and_leaves_nothing_behind(self, checkout: Path, taken_port: int) -> None:
        run = Run(checkout, port=taken_port)
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

        again = Run(checkout, port=taken_port)
        again.interrupt()
        assert again.address == run.address
        assert [pid for pid, ticks in started if start_ticks(pid) == ticks] == []
