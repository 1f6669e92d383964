"""Who they are and how they came."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Households, people, arrivals, reception steps, documents, tests, consent."""

    name = "cases"
