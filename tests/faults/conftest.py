"""The whole product on servers of its own, kept alive by the real supervisor, for tests that kill parts of it."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from aiosmtpd.controller import Controller

from mpp_tracker.runner.processes import Supervisor
from mpp_tracker.runner.run import product, web_answers
from mpp_tracker.runner.servers import Servers, make_keyring, manage
from mpp_tracker.runner.state import CHECKOUT, State, any_free_port
from tests.messaging.playing import Player

CLAIM_SECONDS = 3
PATIENCE_SECONDS = 60


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"waited {seconds:.0f} s for: {what}"
        time.sleep(0.05)


class MailServer:
    """A real mail server that keeps what it took; while it stalls it has taken the mail and not said so yet."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.stalls = False
        self.controller = Controller(self, hostname="127.0.0.1", port=any_free_port())

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        content = envelope.content.decode()  # type: ignore[attr-defined]
        self.mails += [line for line in content.splitlines() if line.lower().startswith("message-id:")]
        while self.stalls:
            await asyncio.sleep(0.02)
        return "250 OK"


class Product:
    """PostgreSQL, Valkey, web, worker and beat, a gateway that honours our key for texts, real SMTP for mail, Twilio for calls."""

    def __init__(self, folder: Path, mail: MailServer) -> None:
        self.gateway = folder / "gateway"
        self.gateway.mkdir()
        self.state = State(folder / "state")
        self.servers = Servers(self.state, given={})
        self.supervisor = Supervisor(self.state, say=lambda line: None)
        self.mail, self.twilio = mail, Player()
        self.watcher = threading.Thread(target=self.supervisor.watch, daemon=True)

    def start(self) -> None:
        self.servers.start(self.supervisor)
        self.environment = self.servers.environment() | {
            "MPP_ENV": "test",
            "MPP_SWEEP_SECONDS": "0.5",
            "MPP_CLAIM_SECONDS": str(CLAIM_SECONDS),
            "MPP_GATEWAYS": "smtp,tests.faults.gateways.KeyedGateway,twilio",
            "TWILIO_URL": self.twilio.url,
            "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "secret",
            "TWILIO_FROM": "+15005550006",
            "MPP_TEST_GATEWAY_FOLDER": str(self.gateway),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail.controller.port),
        }
        self.environment.pop("PYTEST_CURRENT_TEST", None)
        make_keyring(self.environment, log=self.state.log("setup"))
        manage("migrate", "-v", "0", environment=self.environment, log=self.state.log("setup"))
        for program in product(self.state, self.environment):
            self.supervisor.start(program)
        self.watcher.start()

    def stop(self) -> None:
        self.supervisor.stopping = True
        self.watcher.join(5)
        self.supervisor.stop()
        self.twilio.close()

    def kill(self, name: str) -> None:
        """`kill -9` of a program and all its children, as the kernel does when memory runs out."""
        child = next(child for child in self.supervisor.children if child.program.name == name)
        os.killpg(child.process.pid, signal.SIGKILL)

    def pid_of(self, name: str) -> int:
        return next(child.process.pid for child in self.supervisor.children if child.program.name == name)

    def run(self, *command: str) -> subprocess.Popen[str]:
        """A Python program of the product in a process of its own."""
        return subprocess.Popen(
            [sys.executable, *command],
            env=self.environment,
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def note_hearings(self, count: int, reached_by: str = "phone") -> list[uuid.UUID]:
        """New families with a hearing each; their households."""
        seeding = self.run("-m", "tests.faults.seed", str(count), reached_by)
        said, complaint = seeding.communicate(timeout=60)
        assert seeding.returncode == 0, complaint
        return [uuid.UUID(line) for line in said.split()]

    def rows(self, sql: str, *values: object) -> list[tuple]:
        connection = psycopg2.connect(self.servers.cluster.url, connect_timeout=5)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def planned(self, households: list[uuid.UUID]) -> int:
        (found,) = self.rows(
            "SELECT count(*) FROM messaging_message WHERE subject = ANY(%s::uuid[]) AND rung = 'days_7'",
            [str(each) for each in households],
        )
        return found[0]

    def let_be_due(self, households: list[uuid.UUID]) -> list[uuid.UUID]:
        """Once their reminders are planned, bring the first of each to now; returns the messages' ids."""
        wait_for(lambda: self.planned(households) == len(households), "the reminders to be planned")
        due = self.rows(
            "UPDATE messaging_message SET due_at = now() WHERE subject = ANY(%s::uuid[]) AND rung = 'days_7' RETURNING uid::text",
            [str(each) for each in households],
        )
        return [uuid.UUID(row[0]) for row in due]

    def fate(self, message: uuid.UUID) -> tuple[str, bool]:
        """Status of a message, and whether it is shown as perhaps received twice."""
        (row,) = self.rows(
            "SELECT status, may_have_arrived_twice FROM messaging_message WHERE uid = %s::uuid", str(message)
        )
        return row

    def wait_until_sent(self, *messages: uuid.UUID) -> None:
        for message in messages:
            wait_for(lambda message=message: self.fate(message)[0] == "sent", f"{message} to be sent")

    def is_up(self) -> bool:
        return web_answers(self.state.ports()["web"])


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, mail_server: MailServer) -> Iterator[Product]:
    product = Product(tmp_path_factory.mktemp("faults"), mail_server)
    try:
        product.start()
        yield product
    finally:
        product.stop()
        product.servers.cluster.remove()


@pytest.fixture
def whole(running: Product, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """The running product with a well-behaved gateway; whatever a test told it is taken back."""
    monkeypatch.setenv("MPP_TEST_GATEWAY_FOLDER", str(running.gateway))
    yield running
    for name in ("stall", "stall_before", "stalled", "slow", "forgetful", "busy", "refuse"):
        (running.gateway / name).unlink(missing_ok=True)
    running.mail.stalls = False
    running.twilio.forget()
