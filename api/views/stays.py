"""Giving households a place through the API and taking it back: the same deeds as on the pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.response import Response

from api import receipts, rooms
from api.actions.sending import end_given, give_place
from api.authentication import PartnerRequest
from api.models import Receipt
from api.receipts import Letter
from api.schema import STAY
from api.scopes import NEEDED_TO_PLACE
from api.serializers import StayEndIn, StayIn, StayOut
from api.views.base import PartnerView, once
from cases.models import Household
from core.doors import found
from shelters.errors import AlreadyGiven, WrongBed
from shelters.models import Bed, Destination, LeavingReason, Unit


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
            "places as they stand. Something else under an id that was sent before is refused with 409."
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
        said = sent.validated_data
        receipt, status = once(request, Receipt.Kind.PLACE, said["uid"], lambda letter: _give(letter, said, request))
        placing = receipts.placing(receipt, request.actor)
        if placing is None:
            raise AlreadyGiven
        return Response(StayOut(placing).data, status=status)


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
        receipt = found(Receipt.objects.visible_to(request.actor).of(Receipt.Kind.PLACE, uid))
        found(receipts.placing(receipt, request.actor))
        end_given(
            receipt=receipt,
            reason=LeavingReason(sent.validated_data["reason"]),
            destination=Destination(sent.validated_data["destination"]),
            actor=request.actor,
            at=request.at,
        )
        return Response(StayOut(receipts.placing(receipt, request.actor)).data)


def _give(letter: Letter, said: Mapping[str, Any], request: PartnerRequest) -> Receipt:
    """Give it. Raises Http404 for a household or a room that the caller may not know of, AlreadySent, and what the deed refuses."""
    households = Household.objects.visible_to(request.actor).select_related("site__city")
    unit = found(rooms.room_of(request.actor, shelter=said["room"]["shelter"]["uid"], name=said["room"]["name"]))
    return give_place(
        letter=letter,
        household=found(households.known_as(said["household"])),
        unit=unit,
        beds=_beds(unit, said["beds"]) if "beds" in said else None,
        actor=request.actor,
        at=request.at,
    )


def _beds(unit: Unit, labels: list[str]) -> list[Bed]:
    """The beds of `unit` by their `labels`, in that order. Raises WrongBed for one that it does not have, or named twice."""
    beds = {bed.label: bed for bed in unit.beds.all()}
    if not set(labels) <= set(beds) or len(set(labels)) < len(labels):
        raise WrongBed()
    return [beds[label] for label in labels]
