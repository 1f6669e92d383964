"""Where things are."""

from django.apps import AppConfig

from places import zones


class PlacesConfig(AppConfig):
    """Cities, ports of entry, crossings, courts, sites; and the one clock table that all of them share."""

    name = "places"

    def ready(self) -> None:
        """Let every clock in this process read the pinned tzdata."""
        zones.pin()
