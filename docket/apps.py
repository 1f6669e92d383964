"""The hearings office: the docket of a day, what is checked, moved in bulk, and what came of it."""

from django.apps import AppConfig


class DocketConfig(AppConfig):
    """The docket, its worklists, and what follows a day at court."""

    name = "docket"
