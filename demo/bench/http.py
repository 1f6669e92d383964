"""Two servers side by side, the product and its floor, and a browser that keeps its connections open."""

import contextlib
import http.client
import json
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
def server(application: str, *, processes: int = 1, threads: int = 4) -> Iterator[int]:
    """gunicorn with `application` as `make run` starts it, but one process of it unless told; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    command += ["--worker-class", "gthread", "--workers", str(processes), "--threads", str(threads)]
    command += ["--log-level", "error"]
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


def partner_token(port: int, client: str, secret: str) -> str:
    """What a partner's system gets for its id and secret."""
    asked = urlencode({"grant_type": "client_credentials", "client_id": client, "client_secret": secret})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("POST", "/api/token/", asked, {"Content-Type": "application/x-www-form-urlencoded"})
    token: str = json.loads(connection.getresponse().read())["access_token"]
    connection.close()
    return token


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

    def told(self, path: str, body: str, media_type: str, token: str = "") -> int:
        """The status of the answer to `body`, sent as a form or as a partner with `token` sends it."""
        as_partner = {"Authorization": f"Bearer {token}"} if token else {}
        return self._exchange("POST", path, body, {"Content-Type": media_type, **as_partner})[0]

    def _ask(self, method: str, path: str, body: str | None) -> tuple[float, int]:
        began = time.perf_counter()
        text = self._answer(method, path, body, {"Content-Type": "application/x-www-form-urlencoded"} if body else {})
        return (time.perf_counter() - began) * 1000, len(text)

    def _answer(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> bytes:
        status, text = self._exchange(method, path, body, more)
        if status != 200:
            raise RuntimeError(f"{method} {path} answered {status}")
        return text

    def _exchange(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> tuple[int, bytes]:
        self._connection.request(method, path, body, {**self._headers, **more})
        answer = self._connection.getresponse()
        return answer.status, answer.read()
