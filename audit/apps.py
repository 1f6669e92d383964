"""What happened."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The event log, its outbox, and the record of who read whom."""

    name = "audit"
