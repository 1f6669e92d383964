"""A real HTTP server that plays the gateways: it keeps what it took and answers, fails, stalls or hangs up as it is told."""

import json
import socket
import struct
import threading
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Line(BaseHTTPRequestHandler):
    """One call to the player."""

    player: "Player"

    def log_message(self, *args):
        """Nothing goes to the screen."""

    def do_GET(self):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.player.asked.append((urlsplit(self.path).path, asked))
        self.answer(200, self.player.listing(urlsplit(self.path).path, asked))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        call = {"path": self.path, "headers": dict(self.headers), "fields": self.read(body)}
        player = self.player
        player.calls.append(call)
        behave = player.behave
        if behave in ("hang up", "stall"):
            player.take(call)
            if behave == "stall":
                player.held.set()
                player.freed.wait(30)
            self.hang_up()
        elif isinstance(behave, tuple):
            self.answer(*behave)
        else:
            self.answer(201, player.take(call))

    def read(self, body):
        if self.headers.get("Content-Type", "").startswith("application/json"):
            return json.loads(body)
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if 300 <= status < 400:
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self):
        """Cut, not closed: the other side is reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class Player:
    """`calls` are all hand-overs, `taken` what reached people; a key seen before is taken once where `honours` names its header."""

    def __init__(self):
        self.freed = threading.Event()
        self.forget()
        handler = type("Ours", (Line,), {"player": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def forget(self):
        """As new; whoever is held is let go."""
        self.freed.set()
        self.calls, self.asked, self.taken, self.keys = [], [], [], {}
        self.behave, self.honours, self.lists = "take", "", True
        self.held, self.freed = threading.Event(), threading.Event()

    def close(self):
        self.freed.set()
        self.server.shutdown()
        self.server.server_close()

    def take(self, call):
        key = call["headers"].get(self.honours, "")
        if key and key in self.keys:
            return self.keys[key]
        self.taken.append({**call, "at": time.time()})
        number = len(self.taken)
        if "/messages" in call["path"] and "2010" not in call["path"]:
            said = {"messages": [{"id": f"wamid.{number}"}]}
        else:
            said = {"sid": f"SM{number}", "id": f"id-{number}"}
        self.keys[key] = said
        return said

    def listing(self, path, asked):
        name = "calls" if path.endswith("Calls.json") else "messages"
        if not self.lists:
            return {name: []}
        return {
            name: [
                {
                    "sid": f"SM{number}",
                    "body": one["fields"].get("Body"),
                    "date_created": format_datetime(datetime.fromtimestamp(one["at"], UTC)),
                }
                for number, one in enumerate(self.taken, 1)
                if one["path"] == path and one["fields"].get("To") == asked["To"]
            ]
        }
