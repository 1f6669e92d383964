"""Who we are."""

from django.apps import AppConfig

from privacy.rotation import Elsewhere, elsewhere


class AccountsConfig(AppConfig):
    """Agencies, staff, their roles and sites."""

    name = "accounts"
    label = "accounts"

    def ready(self) -> None:
        """Hear of wrong codes of a second factor, of which allauth tells nobody else; let its secrets move with the keys."""
        from allauth.mfa.signals import authentication_failed

        from accounts.adapters import note_wrong_code
        from accounts.factors import factors_by_key, seal_factors

        authentication_failed.connect(note_wrong_code, dispatch_uid="accounts")
        elsewhere.append(Elsewhere("mfa.Authenticator", factors_by_key, seal_factors))
