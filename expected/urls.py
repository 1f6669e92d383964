"""Addresses of the expected list."""

from django.urls import URLPattern

app_name = "expected"
urlpatterns: list[URLPattern] = []
