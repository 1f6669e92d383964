"""Addresses of shelters and places."""

from django.urls import path

from shelters.views import boards, cities, houses, roll_calls

app_name = "shelters"
urlpatterns = [
    path("", cities.board, name="board"),
    path("live/", cities.live, name="live"),
    path("place/<uuid:uid>/", boards.place, name="place"),
    path("place/<uuid:uid>/hold/", boards.hold, name="hold"),
    path("place/<uuid:uid>/release/", boards.release, name="release"),
    path("<uuid:uid>/", houses.shelter, name="shelter"),
    path("<uuid:uid>/roll-call/", roll_calls.roll_call, name="roll_call"),
    path("<uuid:uid>/roll-call/finish/", roll_calls.finish, name="finish_roll_call"),
    path("<uuid:uid>/roll-call/drop/", roll_calls.drop, name="drop_roll_call"),
    path("<uuid:uid>/count/", houses.confirm, name="confirm"),
    path("<uuid:uid>/rooms/<int:unit_id>/capacity/", houses.capacity, name="capacity"),
    path("<uuid:uid>/leave/<uuid:household_uid>/", houses.leave, name="leave"),
]
