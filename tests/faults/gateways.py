"""A gateway for tests that keeps what it took in a folder, so that several processes share it.

`settings.MESSAGE_GATEWAYS` names it by its dotted path. The folder is `MPP_TEST_GATEWAY_FOLDER`; each hand-over adds a line to
`handed.log`, each message taken is a file of its own under `taken/`. Files in the folder tell it how to behave: with `stall` it
takes the message and then keeps the sender waiting, the moment in which a crash hurts; with `stall_before` it keeps the sender
waiting first; with `forgetful` it cannot say what it took; `slow` holds the seconds that it takes its time; `refuse`
and `busy` speak for themselves.
"""

import os
import time
import uuid
from pathlib import Path
from typing import ClassVar

from messaging.gateways import Fate, Gateway, Letter, NotSeen, PermanentFailure, Sent, TemporaryFailure, Unknown


def folder() -> Path:
    return Path(os.environ["MPP_TEST_GATEWAY_FOLDER"])


def handed_over() -> list[uuid.UUID]:
    """Every hand-over that any sender tried, in order."""
    log = folder() / "handed.log"
    return [uuid.UUID(line) for line in log.read_text().splitlines()] if log.exists() else []


def taken() -> set[uuid.UUID]:
    """The messages that reached people."""
    return {uuid.UUID(path.name) for path in (folder() / "taken").glob("*")}


class KeyedGateway(Gateway):
    """Honours our message id: the same id again is not sent again, and it can be asked."""

    code: ClassVar[str] = "keyed"
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "whatsapp", "email"})

    def send(self, letter: Letter) -> Sent:
        uid = letter.uid
        with (folder() / "handed.log").open("a") as log:
            log.write(f"{uid}\n")
        if (folder() / "refuse").exists():
            raise PermanentFailure("no_such_number")
        if (folder() / "busy").exists():
            raise TemporaryFailure("busy")
        if (folder() / "slow").exists():
            time.sleep(float((folder() / "slow").read_text()))
        if (folder() / "stall_before").exists():
            self.stall("stall_before")
        (folder() / "taken").mkdir(exist_ok=True)
        (folder() / "taken" / str(uid)).touch()
        if (folder() / "stall").exists():
            self.stall("stall")
        return Sent(f"ref-{uid}")

    def lookup(self, letter: Letter) -> Fate:
        uid = letter.uid
        if (folder() / "forgetful").exists():
            return Unknown()
        return Sent(f"ref-{uid}") if uid in taken() else NotSeen()

    @staticmethod
    def stall(name: str) -> None:
        (folder() / "stalled").touch()
        while (folder() / name).exists():
            time.sleep(0.02)
