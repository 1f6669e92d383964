"""Two servers side by side, the product and its floor, and a browser that keeps its connections open."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
CSRF = "0123456789abcdef0123456789abcdef"


@contextlib.contextmanager
def server(application: str) -> Iterator[int]:
    """gunicorn with `application` as `make run` starts it, but one process of it; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=dict(os.environ))
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server on port {port} did not start")


class Browser:
    """A signed-in browser on one kept connection."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Accept-Encoding": "gzip",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
            "X-CSRFToken": CSRF,
        }

    def hang_up(self) -> None:
        """Close the connection, which opens again when it is needed: a server closes one that rests."""
        self._connection.close()

    def get(self, path: str) -> tuple[float, int]:
        """Milliseconds until the whole answer was there, and its bytes on the wire."""
        return self._ask("GET", path, None)

    def post(self, path: str, values: Mapping[str, str]) -> tuple[float, int]:
        """The same for a form sent."""
        return self._ask("POST", path, urlencode(values))

    def send(self, path: str, body: str) -> bytes:
        """The answer to JSON that is sent as a script sends it."""
        return self._answer("POST", path, body, {"Content-Type": "application/json", "Accept-Encoding": "identity"})

    def _ask(self, method: str, path: str, body: str | None) -> tuple[float, int]:
        began = time.perf_counter()
        text = self._answer(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        return (time.perf_counter() - began) * 1000, len(text)

    def _answer(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> bytes:
        self._connection.request(method, path, body, {**self._headers, **more})
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} answered {answer.status}")
        return text
