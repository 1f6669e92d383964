"""The deed of this room: filling an empty system with fictional people."""

from demo.actions.filling import fill

__all__ = ["fill"]
