"""The door for partner agencies."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Clients, scopes, /api/v1/."""

    name = "api"
