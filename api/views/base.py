"""What every door of the API shares: one moment a request, English unless asked, nothing stored on the way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from api.actions.sending import AlreadySent
from api.authentication import PartnerRequest
from api.models import Receipt
from api.receipts import Letter, digest_of, known
from api.scopes import Scope
from core.doors import found
from core.keyset import Page

CURSOR = OpenApiParameter(
    "cursor", str, description="`next_cursor` of the page before. Without it, the newest.", required=False
)


class PartnerView(APIView):
    """A door for partners. `scopes` are those that a token needs; a view that names none is closed."""

    scopes: tuple[Scope, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Give the request its moment and its language, then find out who calls and whether it may."""
        request._request.at = timezone.now()  # type: ignore[attr-defined]
        asked = "Accept-Language" in request.headers
        translation.activate(translation.get_language_from_request(request._request) if asked else "en")
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Have nobody on the way keep the answer."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, no_store=True, private=True)
        return answer


class Missing(PartnerView):
    """Every address under /api/ that is not one: 401 without a token, else a problem and not a page."""

    schema = None
    scopes = ()

    def check_permissions(self, request: Request) -> None:
        """Tell nobody without a token what is here and what is not."""
        if request.user is None:
            self.permission_denied(request)
        raise NotFound


def page_of(page: Page[Any], results: Any) -> dict[str, Any]:
    """The body of a list: the page's rows as drawn, and the cursor of the next page, null on the last."""
    return {"results": results, "next_cursor": page.next_cursor or None}


def once(
    request: PartnerRequest, kind: Receipt.Kind, uid: UUID, do: Callable[[Letter], Receipt]
) -> tuple[Receipt, int]:
    """The receipt of what was sent as `uid`, and the status: 201 where `do` has just done it, 200 where it was done before.

    Raises SentOtherwise where the same id brought another body before, and what `do` raises.
    """
    letter = Letter(kind=kind, uid=uid, digest=digest_of(request.data))
    receipt = known(letter=letter, actor=request.actor)
    if receipt is not None:
        return receipt, 200
    try:
        return do(letter), 201
    except AlreadySent:  # the same in another request, at the same moment
        return found(known(letter=letter, actor=request.actor)), 200
