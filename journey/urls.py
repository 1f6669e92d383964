"""Addresses of the journey: arrivals, reception, households, hearings, find."""

from django.urls import path

from journey.views import aid, arrivals, docket, find, households, incomplete, noting, reception

app_name = "journey"
urlpatterns = [
    path("arrivals/new/", arrivals.log_arrival_page, name="log_arrival"),
    path("reception/", reception.board, name="reception"),
    path("households/<uuid:uid>/advance/", reception.advance, name="advance"),
    path("people/", households.people, name="people"),
    path("people/incomplete/", incomplete.incomplete, name="incomplete"),
    path("households/<uuid:uid>/", households.household_page, name="household"),
    path("households/<uuid:uid>/numbers/", households.show_numbers, name="show_numbers"),
    path("households/<uuid:uid>/steps/", noting.take_step_page, name="take_step"),
    path("households/<uuid:uid>/documents/new/", noting.give_document, name="give_document"),
    path("households/<uuid:uid>/tests/new/", noting.take_test, name="take_test"),
    path("households/<uuid:uid>/results/new/", noting.note_result_page, name="note_result"),
    path("households/<uuid:uid>/consent/", noting.consent, name="consent"),
    path("households/<uuid:uid>/aid/", aid.give, name="give_aid"),
    path("households/<uuid:uid>/aid/<uuid:aid_uid>/", aid.take_back, name="take_back_aid"),
    path("households/<uuid:uid>/hearings/new/", noting.note_hearing, name="note_hearing"),
    path("households/<uuid:uid>/hearings/<uuid:hearing_uid>/", noting.change_hearing, name="change_hearing"),
    path("households/<uuid:uid>/hearings/<uuid:hearing_uid>/verified/", noting.verify_hearing, name="verify_hearing"),
    path("households/<uuid:uid>/people/<uuid:person_uid>/", noting.correct, name="correct"),
    path("hearings/", docket.hearings, name="hearings"),
    path("hearings/sheet/", docket.departure_sheet, name="departure_sheet"),
    path("find/", find.find_people, name="find"),
]
