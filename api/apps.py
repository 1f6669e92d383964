"""The door for partner agencies."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Clients, scopes, /api/v1/."""

    name = "api"

    def ready(self) -> None:
        """Let the OpenAPI document know how partners authenticate."""
        from api import schema  # noqa: F401
