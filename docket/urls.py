"""Addresses of the hearings office."""

from django.urls import path

from docket.views import calendar, day, not_reached

app_name = "docket"
urlpatterns = [
    path("hearings/", day.hearings, name="hearings"),
    path("hearings/not-reached/", not_reached.not_reached, name="not_reached"),
    path("hearings/<uuid:hearing_uid>/phones/", not_reached.phones, name="phones"),
    path("hearings/<uuid:hearing_uid>/told/", not_reached.tell, name="tell"),
    path("hearings/told/<uuid:telling_uid>/undo/", not_reached.take_back, name="take_back_telling"),
    path("hearings/calendar/", calendar.calendars, name="calendars"),
    path("hearings/calendar/<uuid:uid>/end/", calendar.end_calendar, name="end_calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
