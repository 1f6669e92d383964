"""Giving households a place through the API and taking it back: the same deeds as on the pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.response import Response

from api import receipts, rooms
from api.authentication import PartnerRequest
from api.schema import STAY
from api.scopes import NEEDED_TO_PLACE
from api.serializers import StayEndIn, StayIn, StayOut
from api.views.base import PartnerView
from cases.models import Household
from core.doors import found
from core.errors import DomainError
from shelters.actions import assign_place, end_stays
from shelters.errors import WrongBed
from shelters.models import Bed, Destination, LeavingReason, Stay, Unit


class Stays(PartnerView):
    """Give places."""

    scopes = NEEDED_TO_PLACE

    @extend_schema(
        operation_id="give_place",
        tags=["stays"],
        summary=_("Give a household a place"),
        description=_(
            "Lets all of a household sleep in a room from now on, or nobody of it, once for each `uid` that you make. A place that "
            "another desk took first, a room that is full or whose capacity nobody named, and a family that has a place are refused, "
            "and nothing is changed. Send it again whenever you are not sure that it arrived: the second answer is 200 with the "
            "places as they stand."
        ),
        request=StayIn,
        examples=[OpenApiExample("A room of a shelter", value=STAY, request_only=True)],
        responses={
            201: OpenApiResponse(StayOut, description=_("Given.")),
            200: OpenApiResponse(StayOut, description=_("Given before.")),
        },
    )
    def post(self, request: PartnerRequest) -> Response:
        """Give it, or answer what became of it when it was given before."""
        sent = StayIn(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            stay = _give(sent.validated_data, request)
        except (DomainError, Http404):
            given = receipts.placing_of(uid=sent.validated_data["uid"], actor=request.actor)
            if given is None:
                raise
            return Response(StayOut(receipts.placing(given)).data, status=200)
        return Response(StayOut(receipts.placing(stay)).data, status=201)


class EndStay(PartnerView):
    """End what was begun."""

    scopes = NEEDED_TO_PLACE

    @extend_schema(
        operation_id="end_stay",
        tags=["stays"],
        summary=_("End a stay"),
        description=_(
            "They leave for good and their places are free from now on. You end what you began; once it has ended, by whatever desk, "
            "this is refused and nothing is changed."
        ),
        request=StayEndIn,
        responses=StayOut,
    )
    def post(self, request: PartnerRequest, uid: UUID) -> Response:
        """End it for those who still sleep there."""
        sent = StayEndIn(data=request.data)
        sent.is_valid(raise_exception=True)
        stay = found(receipts.placing_of(uid=uid, actor=request.actor))
        end_stays(
            household=stay.household,
            people=[each.person for each in receipts.together_with(stay).open()],
            shelter=stay.unit.shelter,
            reason=LeavingReason(sent.validated_data["reason"]),
            destination=Destination(sent.validated_data["destination"]),
            actor=request.actor,
            at=request.at,
        )
        return Response(StayOut(receipts.placing(stay)).data)


def _give(said: Mapping[str, Any], request: PartnerRequest) -> Stay:
    """The first of the stays. Raises Http404 for a household or a room that the caller may not know of, and what the deed refuses."""
    households = Household.objects.visible_to(request.actor).select_related("site__city")
    household = found(households.known_as(said["household"]))
    unit = found(rooms.room_of(request.actor, shelter=said["room"]["shelter"]["uid"], name=said["room"]["name"]))
    stays = assign_place(
        household=household,
        unit=unit,
        beds=_beds(unit, said["beds"]) if "beds" in said else None,
        uid=said["uid"],
        actor=request.actor,
        at=request.at,
    )
    return stays[0]


def _beds(unit: Unit, labels: list[str]) -> list[Bed]:
    """The beds of `unit` by their `labels`, in that order. Raises WrongBed for one that it does not have, or named twice."""
    beds = {bed.label: bed for bed in unit.beds.all()}
    if not set(labels) <= set(beds) or len(set(labels)) < len(labels):
        raise WrongBed()
    return [beds[label] for label in labels]
