"""Addresses of tablets: the worker, the outbox, the sync road."""

from django.urls import path

from tablets.views import sync

app_name = "tablets"
urlpatterns = [
    path("tablet/ready/", sync.ready, name="ready"),
    path("tablet/sync/", sync.sync, name="sync"),
]
