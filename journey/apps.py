"""What needs people, places to sleep and dates at once."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """Log arrival, the household page, readiness, reminders, the docket."""

    name = "journey"
