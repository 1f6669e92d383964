"""Who we are."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, staff, their roles and sites."""

    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hear of wrong codes of a second factor: of those allauth tells nobody else."""
        from allauth.mfa.signals import authentication_failed

        from accounts.adapters import note_wrong_code

        authentication_failed.connect(note_wrong_code, dispatch_uid="accounts")
