"""Addresses of the hearings office."""

from django.urls import path

from docket.views import calendar, day, evidence, not_reached, outcomes, returns

app_name = "docket"
urlpatterns = [
    path("hearings/", day.hearings, name="hearings"),
    path("hearings/outcomes/", outcomes.outcomes, name="outcomes"),
    path("hearings/outcomes/<uuid:over_uid>/", outcomes.ask_after, name="ask_after"),
    path("hearings/outcomes/<uuid:over_uid>/asked/", outcomes.asked, name="asked"),
    path("hearings/outcomes/<uuid:over_uid>/lost/", outcomes.lost, name="lost"),
    path("households/<uuid:uid>/hearings/<uuid:hearing_uid>/outcome/", outcomes.outcome, name="outcome"),
    path("households/<uuid:uid>/hearings/<uuid:hearing_uid>/evidence/", evidence.evidence, name="evidence"),
    path("households/<uuid:uid>/reopen/", outcomes.reopen, name="reopen"),
    path("households/<uuid:uid>/returns/new/", returns.log_return, name="log_return"),
    path("hearings/not-reached/", not_reached.not_reached, name="not_reached"),
    path("hearings/<uuid:hearing_uid>/phones/", not_reached.phones, name="phones"),
    path("hearings/<uuid:hearing_uid>/told/", not_reached.tell, name="tell"),
    path("hearings/told/<uuid:telling_uid>/undo/", not_reached.take_back, name="take_back_telling"),
    path("hearings/calendar/", calendar.calendars, name="calendars"),
    path("hearings/calendar/<uuid:uid>/end/", calendar.end_calendar, name="end_calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
