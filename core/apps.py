"""The ground floor."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Actors, refusals, doors, and what every page draws."""

    name = "core"
