"""`make test`: pytest on servers of its own, in a folder that is thrown away."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .postgres import Cluster
from .processes import Supervisor, start_ticks, stop_left_overs
from .servers import Servers, make_keyring
from .state import CHECKOUT, State, Trouble

PREFIX = "mpp-test-"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MOST_WORKERS = 4


def run_suite(arguments: Sequence[str], *, durable: bool) -> int:
    """Run pytest with `arguments`; returns its exit code. Nothing of `make run` is touched.

    DATABASE_URL and REDIS_URL are ignored on purpose: they may name servers with real people. MPP_TEST_DATABASE_URL and
    MPP_TEST_REDIS_URL name other servers for the tests.
    """
    browser = find_browser()
    if browser is None and os.environ.get("CI"):
        raise Trouble("Chromium is missing and CI runs the browser tests: apt-get install chromium")
    with throw_away_state() as state:
        given = {name: os.environ.get(f"MPP_TEST_{name}", "") for name in ("DATABASE_URL", "REDIS_URL")}
        servers = Servers(state, given=given, durable=durable)
        supervisor = Supervisor(state, say=lambda line: None)
        try:
            servers.start(supervisor)
            environment = servers.environment() | {
                "MPP_ENV": "test",
                "SECRET_KEY": state.secret("secret_key"),
                "KEYRING_FILE": str(state.folder / "keyring.json"),
            }
            make_keyring(environment, log=state.log("setup"))
            if browser is not None:
                environment["MPP_CHROMIUM"] = browser
            code = run_pytest(pytest_arguments(arguments, with_browser=browser is not None), environment)
        finally:
            supervisor.stop()
            servers.cluster.remove()
    if browser is None:
        print("Left out: the browser tests (marked `browser`). To run them: apt-get install chromium")
    return code


def run_pytest(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Run pytest in our own process group, so that Ctrl-C reaches it; SIGTERM is passed on."""
    process = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], env=environment, cwd=CHECKOUT)
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    try:
        return process.wait()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def pytest_arguments(arguments: Sequence[str], *, with_browser: bool) -> list[str]:
    """`arguments` with our defaults: a few workers, groups kept together, browser tests left out without a browser."""
    chosen = list(arguments)
    if not any(argument.startswith(("-n", "--numprocesses")) for argument in chosen):
        chosen = ["-n", str(min(MOST_WORKERS, os.cpu_count() or 1)), *chosen]
    if not any(argument.startswith("--dist") for argument in chosen):
        chosen = ["--dist", "loadgroup", *chosen]
    if not with_browser:
        marked = [place for place, argument in enumerate(chosen) if argument == "-m"]
        if marked:
            chosen[marked[-1] + 1] = f"({chosen[marked[-1] + 1]}) and not browser"
        else:
            chosen += ["-m", "not browser"]
    return chosen


def find_browser() -> str | None:
    """The Chromium of this machine, or the one that MPP_CHROMIUM names."""
    named = os.environ.get("MPP_CHROMIUM")
    return named if named is not None else next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def throw_away_state() -> Iterator[State]:
    """A state folder that is deleted afterwards; those of killed test runs are deleted first."""
    sweep_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    (folder / "owner.json").write_text(json.dumps({"pid": os.getpid(), "started": start_ticks(os.getpid())}))
    try:
        yield State(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_abandoned() -> None:
    """Stop and delete what a killed test run of this user left in the temporary folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            owner = json.loads((folder / "owner.json").read_text())
            if folder.stat().st_uid != os.geteuid() or start_ticks(int(owner["pid"])) == owner["started"]:
                continue
        except (OSError, ValueError, KeyError):
            continue
        state = State(folder)
        stop_left_overs(state)
        Cluster(state).remove()
        shutil.rmtree(folder, ignore_errors=True)
