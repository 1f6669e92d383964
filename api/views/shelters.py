"""Reading where there is room."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api import rooms
from api.authentication import PartnerRequest
from api.scopes import Scope
from api.serializers import ShelterDetailOut, ShelterListOut
from api.views.base import PartnerView
from shelters.models import Shelter


class Shelters(PartnerView):
    """The list, whole: there are never many."""

    scopes = (Scope.SHELTERS_READ,)

    @extend_schema(
        operation_id="shelters",
        tags=["shelters"],
        summary=_("List shelters with their free places"),
        description=_(
            "The open shelters at your sites. Figures are counted now; each shelter says when it last confirmed its count."
        ),
        responses=ShelterListOut,
    )
    def get(self, request: PartnerRequest) -> Response:
        """All that are open."""
        shelters = Shelter.objects.visible_to(request.actor).open_at(request.at).with_figures(request.at)
        results = filter(None, map(rooms.shared, shelters.order_by("site__city__name", "name")))
        return Response(ShelterListOut({"results": list(results)}).data)


class OneShelter(PartnerView):
    """One of them."""

    scopes = (Scope.SHELTERS_READ,)

    @extend_schema(
        operation_id="shelter",
        tags=["shelters"],
        summary=_("Read a shelter"),
        description=_("One shelter, open or closed. A shelter elsewhere is missing."),
        responses=ShelterDetailOut,
    )
    def get(self, request: PartnerRequest, uid: UUID) -> Response:
        """The shelter."""
        shelters = Shelter.objects.visible_to(request.actor).with_figures(request.at)
        shared = rooms.shared(get_object_or_404(shelters, uid=uid))
        if shared is None:
            raise Http404
        return Response(ShelterDetailOut(shared, context={"request": request}).data)
