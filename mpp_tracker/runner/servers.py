"""The two servers the product stands on, embedded or given, and what the product must know of them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from .postgres import Cluster
from .processes import Supervisor
from .state import CHECKOUT, State, Trouble
from .valkey import Broker

PATIENCE_SECONDS = 60.0
KEYRING_COMMAND = CHECKOUT / "privacy" / "management" / "commands" / "keyring.py"


class Servers:
    """PostgreSQL and Valkey of one state folder.

    `given` may hold DATABASE_URL and REDIS_URL: a server that is given is used as it is and never started or stopped.
    """

    def __init__(self, state: State, *, given: Mapping[str, str], durable: bool = True) -> None:
        self.state = state
        self.given = {name: given[name] for name in ("DATABASE_URL", "REDIS_URL") if given.get(name)}
        self.cluster = Cluster(state, durable=durable)
        self.broker = Broker(state, durable=durable)

    def start(self, supervisor: Supervisor) -> None:
        if "REDIS_URL" not in self.given:
            supervisor.start(self.broker.program())
        if "DATABASE_URL" not in self.given:
            supervisor.start(self.cluster.program())
            self.cluster.prepare()

    def are_up(self) -> bool:
        """Whether the servers of this folder already answer, started by another command of ours."""
        if "DATABASE_URL" not in self.given and not ("postgres" in self.state.ports() and self.cluster.answers()):
            return False
        return "REDIS_URL" in self.given or ("valkey" in self.state.ports() and self.broker.answers())

    def environment(self) -> dict[str, str]:
        """What the product reads: where its servers are, and its secrets."""
        environment = dict(os.environ)
        environment.setdefault("SECRET_KEY", self.state.secret("secret_key"))
        environment.setdefault("KEYRING_FILE", str(self.state.folder / "keyring.json"))
        environment["DJANGO_SETTINGS_MODULE"] = "mpp_tracker.settings"
        environment["MPP_LOCAL_DIR"] = str(self.state.folder)
        environment["DATABASE_URL"] = self.given.get("DATABASE_URL") or self.cluster.url
        environment["REDIS_URL"] = self.given.get("REDIS_URL") or self.broker.url
        return environment

    def describe(self) -> dict[str, str]:
        """One line on each server, for people."""
        database = (
            "from DATABASE_URL" if "DATABASE_URL" in self.given else f"PostgreSQL 18 on 127.0.0.1:{self.cluster.port}"
        )
        broker = "from REDIS_URL" if "REDIS_URL" in self.given else f"Valkey on 127.0.0.1:{self.broker.port}"
        return {"database": database, "broker": broker}


@contextlib.contextmanager
def servers_up(servers: Servers, supervisor: Supervisor) -> Iterator[None]:
    """Servers for the length of one command: those that another command of ours holds up, or our own."""
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(servers.state.lock("running", wait=False))
        except BlockingIOError:
            wait_for(servers)
        else:
            stack.callback(supervisor.stop)
            servers.start(supervisor)
        yield


def wait_for(servers: Servers) -> None:
    """Return when the servers that another command has begun to start answer."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while not servers.are_up():
        if time.monotonic() > limit:
            raise Trouble(
                "Another command of this folder is starting its servers, but they do not answer. Stop it first."
            )
        time.sleep(0.2)


def manage(*arguments: str, environment: Mapping[str, str], log: Path | None = None) -> None:
    """Run a command of manage.py; Trouble with its last line when it fails. With `log` its words go there."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    if log is None:
        done = subprocess.run(command, env=dict(environment), cwd=CHECKOUT, check=False)
        last = ""
    else:
        with log.open("a+b") as file:
            start = file.tell()
            done = subprocess.run(command, env=dict(environment), cwd=CHECKOUT, stdout=file, stderr=file, check=False)
            file.seek(start)
            words = file.read().decode(errors="replace").strip().splitlines()
        last = f": {words[-1]} (see {log})" if words else ""
    if done.returncode:
        raise Trouble(f"`manage.py {arguments[0]}` failed{last}")


def make_keyring(environment: Mapping[str, str], *, log: Path) -> None:
    """Make the keyring where there is none; an existing one is never touched: lost keys lose everyone."""
    if not Path(environment["KEYRING_FILE"]).exists() and KEYRING_COMMAND.exists():
        manage("keyring", "create", environment=environment, log=log)
