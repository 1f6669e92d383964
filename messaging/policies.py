"""What may leave: the words of every message are held against `words.discretion` once more before a gateway sees them."""

from words.discretion import give_away

__all__ = ["give_away"]
