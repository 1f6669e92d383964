"""Addresses of the expected list."""

from django.urls import path

from expected.views import deciding, lists

app_name = "expected"
urlpatterns = [
    path("", lists.compare, name="compare"),
    path("new/", lists.bring, name="bring"),
    path("<uuid:uid>/answer/", deciding.answer, name="answer"),
    path("<uuid:uid>/undo/", deciding.undo, name="undo"),
    path("<uuid:uid>/arrive/", deciding.log, name="log"),
]
