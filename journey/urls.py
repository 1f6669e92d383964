"""Addresses of the journey: arrivals, reception, households, hearings, find."""

from django.urls import path

from journey.views import arrivals, find, reception

app_name = "journey"
urlpatterns = [
    path("arrivals/new/", arrivals.log_arrival_page, name="log_arrival"),
    path("reception/", reception.board, name="reception"),
    path("households/<uuid:uid>/advance/", reception.advance, name="advance"),
    path("find/", find.find_people, name="find"),
]
