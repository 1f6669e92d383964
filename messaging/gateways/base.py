"""What every way out has in common: send with our own message id, and say what became of it where that can be told."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is handed over. `uid` is the same at every try; `tag` is the uid and the number of the way, the same at every try of
    that way: the key for gateways that honour one, and what they name the message by when they tell of it later.

    `handed_at` is when it was first handed over on this way. `template` and `pieces` are for gateways that fill an approved form.
    """

    uid: uuid.UUID
    tag: str
    channel: str
    address: str
    language: str
    title: str
    body: str
    handed_at: datetime
    template: str = ""
    pieces: Mapping[str, str] = field(default_factory=dict)


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
    # How long to wait, after the line broke, for it to tell of the message by itself before it is asked.
    patience_seconds: ClassVar[float] = 0

    @abstractmethod
    def send(self, letter: Letter) -> Sent:
        """Hand the message over. Its `tag` is the same at every try, so that a gateway which honours it sends once.

        Raises TemporaryFailure, PermanentFailure, FateUnknown.
        """

    def lookup(self, letter: Letter) -> Fate:
        """What became of `letter`. Raises TemporaryFailure when the gateway does not answer now."""
        return Unknown()
