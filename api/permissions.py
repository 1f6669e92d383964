"""What a caller may ask: what its token's scopes say, and by default nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.authentication import REALM, Caller

if TYPE_CHECKING:
    from rest_framework.views import APIView


class MissingScope(PermissionDenied):
    """The token lacks a scope that the view needs."""

    default_detail = _("Your token does not have the scopes for this: %(scopes)s.")

    def __init__(self, scopes: tuple[str, ...]) -> None:
        wanted = " ".join(scopes)
        super().__init__(self.default_detail % {"scopes": wanted})
        self.auth_header = f'{REALM}, error="insufficient_scope", scope="{wanted}"'


class HasScopes(BasePermission):
    """Lets through a caller whose token has all of the view's `scopes`. A view that names none is closed to all."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether to let `request` through. Raises MissingScope."""
        wanted: tuple[str, ...] = getattr(view, "scopes", ())
        if not (wanted and isinstance(request.user, Caller)):
            return False
        if not request.user.scopes.issuperset(wanted):
            raise MissingScope(tuple(str(scope) for scope in wanted))
        return True
