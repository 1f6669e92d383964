"""What gateways tell us, in one shape: what became of a message, and what somebody wrote back.

Each gateway has an ear: it proves that a call is the gateway's own and reads it. Nothing here touches the database.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class Unreadable(ValueError):
    """The call is the gateway's own, and not in a form that we know."""


class Told(StrEnum):
    """What became of a message, as its gateway says."""

    TAKEN = "taken"  # it has it, no more
    UNANSWERED = "unanswered"  # nobody picked up: another call later may reach them
    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of the message that we call `tag`, or that the gateway calls `ref`; either may be empty."""

    told: Told
    tag: str = ""
    ref: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody wrote to us from `address`. `ref` is the gateway's name for it: told twice it is heard once."""

    ref: str
    channel: str
    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it came: its full public address, its headers in lower case, its untouched body."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """All that one call tells."""

    receipts: tuple[Receipt, ...] = ()
    replies: tuple[Heard, ...] = ()


class Ear(ABC):
    """How one gateway is listened to."""

    code: ClassVar[str]
    # What it wants to hear when all went well.
    answer: ClassVar[str] = ""
    answer_type: ClassVar[str] = "text/plain"

    @abstractmethod
    def is_set_up(self) -> bool:
        """Whether there is a secret by which its calls can be proved."""

    @abstractmethod
    def is_genuine(self, call: Call) -> bool:
        """Whether `call` was signed with the gateway's secret. Compared in constant time."""

    @abstractmethod
    def read(self, call: Call) -> News:
        """What `call` tells. Raises Unreadable."""
