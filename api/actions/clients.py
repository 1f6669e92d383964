"""Registering, renewing and closing the clients of partner agencies."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import AccessToken, Application

from accounts.models import Agency
from api.models import PartnerClient
from api.scopes import NEEDED_TO_PLACE, Scope
from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.policies import check_can_administer
from places.models import Site


class ClientNameTaken(DomainError):
    """The agency has a client of that name."""

    code = "client_name_taken"
    message = _("This agency already has a client with that name. Choose another one.")


class NothingAgreed(DomainError):
    """A client without a site or a scope could do nothing."""

    code = "nothing_agreed"
    message = _("Name at least one site and one scope of the agreement.")
    http_status = 422


class NamesNeedHouseholds(DomainError):
    """`identity:read` alone shows nobody."""

    code = "names_need_households"
    message = _("To read names a client also needs the scope households:read.")
    http_status = 422


class PlacesNeedSight(DomainError):
    """`stays:write` alone could give no place to anybody."""

    code = "places_need_sight"
    message = _("To give places a client also needs the scopes shelters:read and households:read.")
    http_status = 422


@transaction.atomic
def register_client(
    *,
    agency: Agency,
    name: str,
    sites: Collection[Site],
    scopes: Collection[Scope],
    valid_until: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[PartnerClient, str]:
    """Open the API to a system of `agency` and return the client with its secret, which nobody can read again.

    `scopes` reach the people and shelters of `sites` and of their shelters, until `valid_until` (exclusive; None: until it
    is closed). Raises NotAllowed, NothingAgreed, NamesNeedHouseholds, PlacesNeedSight, ClientNameTaken.
    """
    check_can_administer(actor)
    if not (sites and scopes):
        raise NothingAgreed()
    if Scope.IDENTITY_READ in scopes and Scope.HOUSEHOLDS_READ not in scopes:
        raise NamesNeedHouseholds()
    if Scope.STAYS_WRITE in scopes and not set(NEEDED_TO_PLACE) <= set(scopes):
        raise PlacesNeedSight()
    secret: str = generate_client_secret()
    application = Application.objects.create(
        name=f"{agency.code}: {name}",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
    )
    with naming_violations({"api_partnerclient_name_once_per_agency": ClientNameTaken}):
        client = PartnerClient.objects.create(
            application=application,
            agency=agency,
            name=name,
            scopes=sorted({str(scope) for scope in scopes}),
            registered_at=at,
            valid_until=valid_until,
        )
    client.sites.set(sites)
    record(
        EventType.CLIENT_REGISTERED,
        subject=client,
        actor=actor,
        at=at,
        agency=agency.code,
        scopes=client.scopes,
        sites=sorted(site.pk for site in sites),
    )
    return client, secret


@transaction.atomic
def renew_secret(*, client: PartnerClient, actor: Actor, at: datetime) -> str:
    """Give `client` a new secret and return it; the old secret and all its tokens stop working at once.

    Raises NotAllowed.
    """
    check_can_administer(actor)
    secret: str = generate_client_secret()
    application = Application.objects.select_for_update().get(pk=client.application_id)
    application.client_secret = secret
    application.save(update_fields=["client_secret", "updated"])
    AccessToken.objects.filter(application=application).delete()
    record(EventType.CLIENT_RENEWED, subject=client, actor=actor, at=at)
    return secret


@transaction.atomic
def close_client(*, client: PartnerClient, actor: Actor, at: datetime) -> PartnerClient:
    """Close the API to `client` at once: its tokens are deleted and it gets no new ones. Doing it twice changes nothing.

    Raises NotAllowed.
    """
    check_can_administer(actor)
    if PartnerClient.objects.filter(pk=client.pk, is_active=True).update(is_active=False):
        AccessToken.objects.filter(application=client.application_id).delete()
        record(EventType.CLIENT_CLOSED, subject=client, actor=actor, at=at)
    client.refresh_from_db(fields=["is_active"])
    return client


def forget_tokens(*, actor: Actor, at: datetime) -> int:
    """Drop the tokens that were over at `at`; returns how many. Raises NotAllowed."""
    check_can_administer(actor)
    return int(AccessToken.objects.filter(expires__lte=at).delete()[0])
