"""Where people sleep."""

from django.apps import AppConfig


class SheltersConfig(AppConfig):
    """Shelters, their units, dated capacity, holds and stays."""

    name = "shelters"
