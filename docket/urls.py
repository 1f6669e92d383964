"""Addresses of the hearings office."""

from django.urls import path

from docket.views import (
    calendar,
    checks,
    day,
    evidence,
    legal_help,
    line,
    not_reached,
    outcomes,
    representation,
    returns,
    sheet,
)

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
    path("hearings/day/", sheet.sheet, name="sheet"),
    path("hearings/day.pdf", sheet.sheet_pdf, name="sheet_pdf"),
    path("hearings/not-reached/", not_reached.not_reached, name="not_reached"),
    path("hearings/<uuid:hearing_uid>/phones/", not_reached.phones, name="phones"),
    path("hearings/<uuid:hearing_uid>/told/", not_reached.tell, name="tell"),
    path("hearings/told/<uuid:telling_uid>/undo/", not_reached.take_back, name="take_back_telling"),
    path("hearings/checks/", checks.checks, name="checks"),
    path("hearings/checks/numberless/", checks.numberless, name="numberless"),
    path("hearings/checks/hand/", checks.hand_out, name="hand_out"),
    path("hearings/checks/lists/<uuid:batch_uid>/end/", checks.end, name="end_batch"),
    path("hearings/checks/<uuid:hearing_uid>/settle/", checks.settle, name="settle_calls"),
    path("line/", line.line_page, name="line"),
    path("line/<uuid:call_uid>/", line.answer, name="answer_call"),
    path("line/<uuid:call_uid>/busy/", line.busy, name="line_busy"),
    path("line/stop/", line.stop, name="stop_calling"),
    path("households/<uuid:uid>/representation/new/", representation.represent, name="represent"),
    path(
        "households/<uuid:uid>/representation/<uuid:representation_uid>/",
        representation.representation,
        name="representation",
    ),
    path(
        "households/<uuid:uid>/representation/<uuid:representation_uid>/correct/",
        representation.correct,
        name="correct_representation",
    ),
    path(
        "households/<uuid:uid>/representation/<uuid:representation_uid>/end/",
        representation.end,
        name="end_representation",
    ),
    path("households/<uuid:uid>/legal-help/", legal_help.give, name="give_legal_help"),
    path("legal-help/", legal_help.legal_help, name="legal_help"),
    path("hearings/calendar/", calendar.calendars, name="calendars"),
    path("hearings/calendar/<uuid:uid>/end/", calendar.end_calendar, name="end_calendar"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]
