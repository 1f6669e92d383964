"""Spreadsheets that come in and go out."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Reading, checking and importing sheets of households."""

    name = "sheets"
