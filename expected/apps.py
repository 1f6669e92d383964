"""The list that authorities announce, and who of it came."""

from importlib import import_module

from django.apps import AppConfig


class ExpectedConfig(AppConfig):
    """Expected households, their matches with arrivals, and those whom no list announced."""

    name = "expected"

    def ready(self) -> None:
        """Join the reception board, and tell shelters who is to come."""
        import_module("expected.board")
        import_module("expected.foreseen")
