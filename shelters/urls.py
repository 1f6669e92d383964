"""Addresses of shelters and places."""

from django.urls import path

from shelters.views import (
    boards,
    border,
    capacity,
    cities,
    closing,
    counts,
    days,
    holds,
    houses,
    leaving,
    moving,
    roll_calls,
    rules,
    transfers,
)

app_name = "shelters"
urlpatterns = [
    path("", cities.board, name="board"),
    path("live/", cities.live, name="live"),
    path("map/", border.border, name="map"),
    path("day/", days.day, name="day"),
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
    path("<uuid:uid>/going/<uuid:household_uid>/", leaving.going, name="going"),
    path("<uuid:uid>/holds/", holds.holds, name="holds"),
    path("<uuid:uid>/holds/<int:hold_id>/", holds.hold_step, name="hold_step"),
    path("<uuid:uid>/closing/", closing.closing, name="closing"),
    path("move/<uuid:uid>/", moving.move, name="move"),
    path("move/<uuid:uid>/ask/", moving.ask_transfer, name="ask_transfer"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<uuid:transfer_uid>/", transfers.transfer, name="transfer"),
]
