"""Who we are."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Agencies, staff, their roles and sites."""

    name = "accounts"
    label = "accounts"
