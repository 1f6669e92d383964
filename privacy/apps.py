"""Keys, encrypted fields, the blind index."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "privacy"
