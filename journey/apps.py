"""What needs people, places to sleep and dates at once."""

from importlib import import_module

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """Log arrival, the household page, readiness, reminders."""

    name = "journey"

    def ready(self) -> None:
        """Tell the light of the way, shelters where families must be next, and messages what reminders say."""
        import_module("journey.arranging")
        import_module("journey.coming")
        import_module("journey.foreseen")
        import_module("journey.reminder_words")
