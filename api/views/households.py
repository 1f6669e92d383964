"""Reading and finding the households that agreed to sharing."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import sharing
from api.authentication import PartnerRequest
from api.scopes import Scope
from api.serializers import FindIn, FindOut, HouseholdDetailOut, HouseholdPageOut
from api.throttling import ByClient, FindByClient
from api.views.base import CURSOR, PartnerView, page_of
from audit.actions import record_read
from cases.finding import find
from core.doors import found
from core.keyset import keyset_page


class Households(PartnerView):
    """The list."""

    scopes = (Scope.HOUSEHOLDS_READ,)

    @extend_schema(
        operation_id="households",
        tags=["households"],
        summary=_("List households"),
        description=_(
            "Fifty at a time, newest arrival first. Only households at your sites that agreed to sharing with partners."
        ),
        parameters=[CURSOR],
        responses=HouseholdPageOut,
    )
    def get(self, request: PartnerRequest) -> Response:
        """One page."""
        households = sharing.households(request.actor, with_names=sharing.shows_names(request.caller))
        page = keyset_page(households, by="arrived_at", cursor=request.query_params.get("cursor", ""))
        record_read(
            actor=request.actor, at=request.at, households=[each.uid for each in page.rows], page="api:households"
        )
        return Response(HouseholdPageOut(page_of(page, page.rows), context={"request": request}).data)


class OneHousehold(PartnerView):
    """One of them."""

    scopes = (Scope.HOUSEHOLDS_READ,)

    @extend_schema(
        operation_id="household",
        tags=["households"],
        summary=_("Read a household"),
        description=_(
            "One household with its arrivals. A household elsewhere, or that did not agree to sharing, is missing. "
            "One whose file was merged into another answers with that one, under its uid."
        ),
        responses=HouseholdDetailOut,
    )
    def get(self, request: PartnerRequest, uid: UUID) -> Response:
        """The household with its arrivals."""
        households = sharing.households(request.actor, with_names=sharing.shows_names(request.caller))
        household = found(households.prefetch_related(sharing.arrivals()).known_as(uid))
        record_read(actor=request.actor, at=request.at, households=[household.uid], page="api:household")
        return Response(HouseholdDetailOut(household, context={"request": request}).data)


class Find(PartnerView):
    """Search. A POST, so that no name stands in an address."""

    scopes = (Scope.HOUSEHOLDS_READ, Scope.IDENTITY_READ)
    throttle_classes = (ByClient, FindByClient)

    @extend_schema(
        operation_id="find",
        tags=["households"],
        summary=_("Find people"),
        description=_(
            "By a name as it was heard, a case code, an A-number, a phone or a birth date. Best answers first."
        ),
        request=FindIn,
        responses=FindOut,
    )
    def post(self, request: PartnerRequest) -> Response:
        """The households of the people who answer best."""
        asked = FindIn(data=request.data)
        asked.is_valid(raise_exception=True)
        found = sharing.with_households(find(asked.validated_data["query"], actor=request.actor), request.actor)
        seen = [each["household"].uid for each in found]
        record_read(actor=request.actor, at=request.at, households=seen, page="api:find")
        return Response(FindOut({"results": found}, context={"request": request}).data)
