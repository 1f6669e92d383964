"""Staff overview."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Today, and the page of every deed and read."""

    name = "dashboard"
