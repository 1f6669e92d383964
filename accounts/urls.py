"""Addresses of this room."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [path("", views.me, name="me")]
