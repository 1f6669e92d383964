"""How we speak."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Message rows, the sweep that sends what is due, the gateways."""

    name = "messaging"
