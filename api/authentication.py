"""Who is calling: a bearer token, and nothing else, makes a partner's actor."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.actors import actor_of
from api.models import PartnerClient
from core.actors import Actor

REALM = 'Bearer realm="MPP Tracker"'


@dataclass(frozen=True, slots=True)
class Caller:
    """What Django REST framework takes for the user: a partner's client and the scopes of its token."""

    client: PartnerClient
    scopes: frozenset[str]
    is_authenticated: bool = True

    @property
    def pk(self) -> int:
        """The client's key, by which requests are counted."""
        return int(self.client.pk)


class PartnerRequest(Request):
    """What a partner's view is given: `at` is the request's one moment, `actor` acts on behalf of `caller`."""

    at: datetime
    actor: Actor
    caller: Caller


class PartnerAuthentication(BaseAuthentication):
    """Reads `Authorization: Bearer …`. A cookie of a signed-in member of staff opens nothing here."""

    def authenticate(self, request: Request) -> tuple[Caller, str] | None:
        """The caller and the checksum of its token, or None when no token was sent. Sets `request.actor` and `request.caller`. Two queries.

        Raises AuthenticationFailed for a token that is unknown, has expired, or belongs to a closed client.
        """
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        checksum = sha256(words[-1]).hexdigest()
        moment: datetime = request._request.at  # type: ignore[attr-defined]
        token = self._token(checksum, moment) if len(words) == 2 else None
        if token is None:
            raise AuthenticationFailed(_("This token is not valid, or no longer. Ask for a new one."))
        client = token.application.partner
        caller = Caller(client=client, scopes=frozenset(token.scope.split()) & frozenset(client.scopes))
        request._request.actor = actor_of(client, caller.scopes)  # type: ignore[attr-defined]
        request._request.caller = caller  # type: ignore[attr-defined]
        return caller, checksum

    def _token(self, checksum: str, moment: datetime) -> AccessToken | None:
        token = (
            AccessToken.objects.select_related("application__partner")
            .filter(token_checksum=checksum, expires__gt=moment, application__partner__isnull=False)
            .first()
        )
        return token if token and token.application.partner.is_usable_at(moment) else None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for (RFC 6750); a token that was sent and refused is told apart."""
        return f'{REALM}, error="invalid_token"' if get_authorization_header(request) else REALM
