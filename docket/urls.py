"""Addresses of the hearings office."""

from django.urls import path

from docket.views import day

app_name = "docket"
urlpatterns = [
    path("hearings/", day.hearings, name="hearings"),
]
