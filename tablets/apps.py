"""What a device at the bridge does without network."""

from django.apps import AppConfig


class TabletsConfig(AppConfig):
    """The outbox of a tablet, what it delivered, and where two devices disagree."""

    name = "tablets"
