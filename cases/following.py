"""What rooms above must do when people pass from one household to another: they join here, so that the deed need not know them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cases.models import Household, Person
from core.actors import Actor


@dataclass(frozen=True, slots=True)
class Passage:
    """`people` pass from `origin` to `into`, and leave nobody behind where `is_whole`. They still stand in `origin`."""

    people: Sequence[Person]
    origin: Household
    into: Household
    is_whole: bool


class Follower(Protocol):
    """A deed of a room above; what it raises stops the passage."""

    def __call__(self, *, passage: Passage, actor: Actor, at: datetime) -> None:
        """Do what follows from `passage`."""


_followers: list[Follower] = []


def follows(follower: Follower) -> Follower:
    """Have the decorated function called with each passage, in its transaction; what it raises stops the deed."""
    _followers.append(follower)
    return follower


def let_follow(passage: Passage, *, actor: Actor, at: datetime) -> None:
    """Tell everybody who joined."""
    for follower in _followers:
        follower(passage=passage, actor=actor, at=at)
