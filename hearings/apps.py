"""When they must appear."""

from django.apps import AppConfig


class HearingsConfig(AppConfig):
    """Hearings with both clocks, the claims they rest on, who is summoned."""

    name = "hearings"
