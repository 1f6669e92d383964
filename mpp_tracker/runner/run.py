"""`make run`: everything up, kept up, and stopped again; `make reset`: start over."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import signal
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from urllib.error import URLError

from .processes import Program, Supervisor, stop_left_overs
from .servers import Servers, make_keyring, manage
from .state import CHECKOUT, LOCAL, State, Trouble

USUAL_PORT = 8000


def run_all() -> int:
    """Start servers, product and guards against sudden death; return when told to stop."""
    state = State(LOCAL)
    supervisor = Supervisor(state, say=say)
    with ExitStack() as stack:
        try:
            stack.enter_context(state.lock("running", wait=False))
        except BlockingIOError:
            raise Trouble(f"Already running from this folder ({address(state)}). Stop that one first.") from None
        stack.callback(supervisor.stop)
        stack.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)
        say("MPP Tracker")
        start_everything(state, supervisor)
        say(f"\n  Ready: {address(state)}   (Ctrl-C stops it; logs are in {shown(state.folder / 'log')})")
        for line in sign_ins(state):
            say(f"  {line}")
        try:
            supervisor.watch()
        except KeyboardInterrupt:
            say("\nStopping.")
    return 0


def start_everything(state: State, supervisor: Supervisor) -> None:
    servers = Servers(state, given=os.environ)
    servers.start(supervisor)
    for name, line in servers.describe().items():
        step(name, line)
    environment = servers.environment() | {"MPP_ENV": "development"}
    setup = state.log("setup")
    make_keyring(environment, log=setup)
    for name, line, command in (
        ("tables", "up to date", ["migrate", "--no-input", "-v", "1"]),
        ("places", "reference data loaded", ["load_reference"]),
        *(demo() if "DATABASE_URL" not in servers.given else ()),
    ):
        if has_command(command[0]):
            manage(*command, environment=environment, log=setup)
            step(name, line)
    for program in product(state, environment):
        supervisor.start(program)
        step(program.name, address(state) if program.name == "web" else "running")


def demo() -> list[tuple[str, str, list[str]]]:
    """What fills an empty embedded database with fictional people and staff; never one that somebody else gave us."""
    if os.environ.get("MPP_DEMO") == "no":
        return []
    return [
        ("people", "fictional demo data", ["demo", "--if-empty"]),
        ("staff", "fictional sign-ins", ["demo_staff"]),
    ]


def product(state: State, environment: dict[str, str]) -> list[Program]:
    """Web server, worker and beat, as production starts them (deploy/ names the same commands)."""
    port = state.port("web", preferred=int(os.environ.get("PORT", USUAL_PORT)))
    python = [sys.executable, "-m"]
    gunicorn = ["gunicorn", "mpp_tracker.wsgi:application", "--bind", f"{bind_address()}:{port}", "--no-control-socket"]
    gunicorn += [
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
        "--timeout",
        "60",
        "--graceful-timeout",
        "8",
    ]
    celery = ["celery", "-A", "mpp_tracker.celery:app"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "info"]
    beat = [*celery, "beat", "--pidfile=", "-l", "info"]
    program = functools.partial(Program, environment=environment, folder=CHECKOUT)
    return [
        program("web", python + gunicorn, lambda: web_answers(port)),
        # These two say nothing when they are ready; the watch sees them die.
        program("worker", python + worker, lambda: True, patience_seconds=15),
        program("beat", python + beat, lambda: True),
    ]


def start_over() -> int:
    """Delete the data, keys and logs of `make run`, and nothing else."""
    state = State(LOCAL)
    try:
        with state.lock("running", wait=False):
            stop_left_overs(state)
            Servers(state, given={}).cluster.remove()
    except BlockingIOError:
        raise Trouble(f"Still running ({address(state)}). Stop it first (Ctrl-C where it runs).") from None
    shutil.rmtree(state.folder)
    say("Deleted the data, keys and logs of this folder. `make run` starts over.")
    return 0


def has_command(name: str) -> bool:
    return any(CHECKOUT.glob(f"*/management/commands/{name}.py")) or name == "migrate"


def web_answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as answer:  # nosec
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def bind_address() -> str:
    return os.environ.get("MPP_BIND", "127.0.0.1")


def address(state: State) -> str:
    return f"http://127.0.0.1:{state.ports().get('web', USUAL_PORT)}/"


def sign_ins(state: State) -> list[str]:
    """The sign-ins that the demo left for people to try (`.local/sign-ins.txt`), if any."""
    path = state.folder / "sign-ins.txt"
    return path.read_text().splitlines() if path.exists() else []


def step(name: str, line: str) -> None:
    say(f"  {name:<10}{line}")


def say(line: str) -> None:
    with contextlib.suppress(OSError):  # whoever read our words may have left; that is no reason to stop
        print(line, flush=True)


def shown(path: Path) -> str:
    return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)
