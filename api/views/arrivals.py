"""Logging a family through the API: the same deed as on the page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from api import receipts
from api.actions.sending import log_family
from api.authentication import PartnerRequest
from api.models import Receipt
from api.receipts import Letter
from api.schema import ARRIVAL
from api.scopes import Scope
from api.serializers import ArrivalIn, ReceiptOut
from api.views.base import PartnerView, once
from cases.actions.people import PersonEntry
from cases.models import Consent
from core.actors import Actor
from journey.actions.arrivals import HearingEntry
from places.models import Court, Crossing, Site

CLOCK_TOLERANCE = timedelta(minutes=15)


class Arrivals(PartnerView):
    """Log arrivals."""

    scopes = (Scope.ARRIVALS_WRITE,)

    @extend_schema(
        operation_id="log_arrival",
        tags=["arrivals"],
        summary=_("Log an arrival"),
        description=_(
            "Logs a family once for each `uid` that you make. Send it again whenever you are not sure that it arrived: the "
            "second answer is 200 with the same receipt, and nothing is written twice. "
            "Something else under an id that was sent before is refused with 409."
        ),
        request=ArrivalIn,
        examples=[OpenApiExample("A mother and her son", value=ARRIVAL, request_only=True)],
        responses={
            201: OpenApiResponse(ReceiptOut, description=_("Logged.")),
            200: OpenApiResponse(ReceiptOut, description=_("Logged before.")),
        },
    )
    def post(self, request: PartnerRequest) -> Response:
        """Log it, or answer again what was answered before."""
        sent = ArrivalIn(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        receipt, status = once(request, Receipt.Kind.ARRIVAL, said["uid"], lambda letter: _log(letter, said, request))
        return Response(ReceiptOut(receipts.logged(receipt)).data, status=status)


def _log(letter: Letter, said: Mapping[str, Any], request: PartnerRequest) -> Receipt:
    entry = _entry(said, request.actor)
    _check_past(entry, request.at)
    return log_family(letter=letter, arrival=entry, actor=request.actor, at=request.at)


def _entry(sent: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """What was sent in the house's own words. Raises ValidationError for places that are not, or not the actor's."""
    site = Site.objects.active().field().filter(code=sent["site"]).first()
    if site is None or not actor.works_at(site.pk):
        raise ValidationError({"site": _("This is none of your sites.")})
    return {
        "site": site,
        "crossing": _crossing(sent["crossing"], {"crossing": _("There is no such crossing.")}),
        "people": [PersonEntry(**person) for person in sent["people"]],
        "language": sent["language"],
        "occurred_at": sent["occurred_at"],
        "consents": {Consent.Purpose(purpose): answer for purpose, answer in sent["consents"].items()},
        "hearing": _hearing(sent["hearing"]),
    }


def _check_past(entry: Mapping[str, Any], at: datetime) -> None:
    """Nobody arrives or is born tomorrow. Raises ValidationError; a clock that runs fast by minutes is forgiven."""
    if entry["occurred_at"] > at + CLOCK_TOLERANCE:
        raise ValidationError({"occurred_at": _("This is still to come. Check the day and the time.")})
    # With the tolerance of a day, since it may be tomorrow where they are.
    last = (at + timedelta(days=1)).date()
    early = [place for place, person in enumerate(entry["people"]) if person.birth_date and person.birth_date > last]
    if early:
        said = [
            {"birth_date": _("This day is still to come. Check it.")} if n in early else {}
            for n in range(early[-1] + 1)
        ]
        raise ValidationError({"people": said})


def _crossing(sent: Mapping[str, Any] | None, otherwise: Mapping[str, Any]) -> Crossing | None:
    if sent is None:
        return None
    crossing = (
        Crossing.objects.filter(port__code=sent["port"]["code"], name=sent["name"])
        .select_related("city", "port")
        .first()
    )
    if crossing is None:
        raise ValidationError(otherwise)
    return crossing


def _hearing(sent: Mapping[str, Any] | None) -> HearingEntry | None:
    if sent is None:
        return None
    court = Court.objects.filter(eoir_base=sent["court"]).first()
    if court is None:
        raise ValidationError({"hearing": {"court": _("There is no such court.")}})
    crossing = _crossing(sent["crossing"], {"hearing": {"crossing": _("There is no such crossing.")}})
    return HearingEntry(**{**sent, "court": court, "crossing": crossing})
