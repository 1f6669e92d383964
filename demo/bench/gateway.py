"""A text service that takes so many messages a second and no more: `python -m demo.bench.gateway 100`. Prints its port."""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS_AFTER_SECONDS = 0.03


class Line(BaseHTTPRequestHandler):
    """One message taken."""

    protocol_version = "HTTP/1.1"
    per_second = 0.0
    taken = 0
    free_at = 0.0
    lock = threading.Lock()

    def do_POST(self) -> None:
        """Take it when its turn has come, and say so."""
        self.rfile.read(int(self.headers["Content-Length"]))
        with Line.lock:
            Line.free_at = max(Line.free_at, time.monotonic()) + 1 / Line.per_second
            wait, Line.taken = Line.free_at - time.monotonic(), Line.taken + 1
            body = json.dumps({"id": str(Line.taken)}).encode()
        time.sleep(max(0.0, wait) + ANSWERS_AFTER_SECONDS)
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing."""


if __name__ == "__main__":
    Line.per_second = float(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
