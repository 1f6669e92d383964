"""Addresses of the hearings office."""

from django.urls import path

from docket.views import day, not_reached

app_name = "docket"
urlpatterns = [
    path("hearings/", day.hearings, name="hearings"),
    path("hearings/not-reached/", not_reached.not_reached, name="not_reached"),
    path("hearings/<uuid:hearing_uid>/phones/", not_reached.phones, name="phones"),
    path("hearings/<uuid:hearing_uid>/told/", not_reached.tell, name="tell"),
    path("hearings/told/<uuid:telling_uid>/undo/", not_reached.take_back, name="take_back_telling"),
]
