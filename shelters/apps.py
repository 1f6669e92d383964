"""Where people sleep."""

from importlib import import_module

from django.apps import AppConfig


class SheltersConfig(AppConfig):
    """Shelters, their units, dated capacity, holds and stays."""

    name = "shelters"

    def ready(self) -> None:
        """Have a merge refused while both people have a place to sleep."""
        import_module("shelters.merging")
