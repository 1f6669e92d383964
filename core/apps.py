"""The ground floor."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Actors, refusals, doors, and what every page draws."""

    name = "core"

    def ready(self) -> None:
        """Every QuerySet may filter with `__any_of`."""
        import_module("core.questions")
