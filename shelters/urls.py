"""Addresses of shelters and places."""

from django.urls import path

from shelters.views import boards, capacity, cities, counts, houses, roll_calls, rules

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
    path("<uuid:uid>/counts/", counts.counts, name="counts"),
    path("<uuid:uid>/counts/<uuid:count_uid>/", counts.settle, name="settle"),
    path("new/", rules.new_shelter, name="new_shelter"),
    path("<uuid:uid>/rules/", rules.house_rules, name="rules"),
    path("<uuid:uid>/rooms/new/", rules.new_room, name="new_room"),
    path("<uuid:uid>/rooms/<int:unit_id>/", rules.room, name="room"),
    path("<uuid:uid>/rooms/<int:unit_id>/capacity/", capacity.capacity, name="capacity"),
    path("<uuid:uid>/rooms/<int:unit_id>/block/", capacity.block, name="block"),
    path("<uuid:uid>/rooms/<int:unit_id>/works/", capacity.works, name="works"),
    path("<uuid:uid>/rooms/<int:unit_id>/take-back/", capacity.take_back, name="take_back"),
    path("<uuid:uid>/leave/<uuid:household_uid>/", houses.leave, name="leave"),
]
