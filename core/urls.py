"""Doors that belong to no room."""

from django.urls import path

from core import views

app_name = "core"
urlpatterns = [
    path("theme/", views.set_theme, name="theme"),
    path("robots.txt", views.robots, name="robots"),
]
