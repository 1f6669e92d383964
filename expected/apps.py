"""The list that authorities announce, and who of it came."""

from django.apps import AppConfig


class ExpectedConfig(AppConfig):
    """Expected households, their matches with arrivals, and those whom no list announced."""

    name = "expected"
