"""The deeds of this room: filling an empty system with fictional people, and the list that announced some of them."""

from demo.actions.announcing import announce
from demo.actions.filling import fill

__all__ = ["announce", "fill"]
