"""What the supervisor keeps between two runs: secrets, ports, logs, who is running."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LOCAL = CHECKOUT / ".local"
LOG_BYTES_KEPT = 10_000_000


class Trouble(Exception):
    """Something outside the program is missing or broken; the message says what, and the mend."""


class State:
    """A private folder (0700) with the secrets, ports, logs and process records of one set of servers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in (folder, folder / "run", folder / "log", folder / "secrets", folder / "static"):
            try:
                part.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise Trouble(
                    f"Cannot make {part}: {error.strerror}. Free some space or give yourself the right to write there."
                ) from error

    def secret(self, name: str) -> str:
        """The secret of that name, made at random the first time, in a file that only its owner reads."""
        path = self.secret_path(name)
        with self.lock("secrets"):
            if not path.exists():
                write_private(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def secret_path(self, name: str) -> Path:
        return self.folder / "secrets" / name

    def port(self, name: str, *, preferred: int | None = None) -> int:
        """A free TCP port on 127.0.0.1, the same one as last time whenever it is still free."""
        with self.lock("ports"):
            kept = self.ports()
            candidates = [kept[name]] if name in kept else []
            candidates += range(preferred, preferred + 50) if preferred else []
            mine = {port for other, port in kept.items() if other != name}
            port = next((p for p in candidates if p not in mine and is_free(p)), None) or any_free_port()
            kept[name] = port
            write_private(self.folder / "run" / "ports.json", json.dumps(kept))
        return port

    def ports(self) -> dict[str, int]:
        try:
            return {
                str(name): int(port)
                for name, port in json.loads((self.folder / "run" / "ports.json").read_text()).items()
            }
        except (OSError, ValueError):
            return {}

    def log(self, name: str) -> Path:
        """Where the program of that name writes; a log that has grown too long is set aside once."""
        path = self.folder / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > LOG_BYTES_KEPT:
            path.replace(path.with_suffix(".log.1"))
        return path

    @contextlib.contextmanager
    def lock(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Hold the file lock of that name; raises BlockingIOError when `wait` is false and another holds it."""
        descriptor = os.open(self.folder / "run" / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        finally:
            os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
