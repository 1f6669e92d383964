"""Addresses of tablets: the worker, the outbox, the sync road."""

from django.urls import URLPattern

app_name = "tablets"
urlpatterns: list[URLPattern] = []
