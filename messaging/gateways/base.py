"""What every way out has in common: send with our own message id, and say what became of it where that can be told."""

import uuid
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Sent:
    """The gateway took it; `ref` is its own name for the message, if it gives one."""

    ref: str = ""


@dataclass(frozen=True, slots=True)
class NotSeen:
    """The gateway never had it: sending it again is safe."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The gateway cannot tell."""


Fate = Sent | NotSeen | Unknown


class GatewayError(Exception):
    """The message was not taken. `code` is short, stable and holds nothing personal: it is kept and shown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TemporaryFailure(GatewayError):
    """It was certainly not taken, and trying again later helps."""


class PermanentFailure(GatewayError):
    """It was certainly not taken, and trying again does not help: someone must call."""


class FateUnknown(GatewayError):
    """The connection broke when the gateway may already have taken it."""


class Gateway(ABC):
    """One way out. `code` names it on the row, `channels` says what it carries."""

    code: ClassVar[str]
    channels: ClassVar[frozenset[str]]

    @abstractmethod
    def send(self, *, uid: uuid.UUID, address: str, title: str, body: str) -> Sent:
        """Hand the message over. `uid` is the same at every try, so that a gateway which honours it sends once.

        Raises TemporaryFailure, PermanentFailure, FateUnknown.
        """

    def lookup(self, *, uid: uuid.UUID) -> Fate:
        """What became of message `uid`. Raises TemporaryFailure when the gateway does not answer now."""
        return Unknown()
