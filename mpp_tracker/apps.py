"""Joins the rooms that may not know each other."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class Wiring(AppConfig):
    """Lets every room hear events, and lets a committed event nudge the worker."""

    name = "mpp_tracker"

    def ready(self) -> None:
        """Import `handlers` of every room, then connect the outbox to the worker."""
        for config in apps.get_app_configs():
            if config.module is not None and module_has_submodule(config.module, "handlers"):
                import_module(f"{config.name}.handlers")
        import_module("mpp_tracker.nudge")
