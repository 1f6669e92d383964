"""Fictional people, for trying the system out and for measuring it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Fills an empty system at any scale, and measures it."""

    name = "demo"
