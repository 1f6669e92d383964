"""From a partner's token to the actor that the house knows."""

from collections.abc import Iterable

from django.db.models import Q

from api.models import PartnerClient
from api.scopes import capabilities_of
from core.actors import Actor, ActorKind
from places.models import Site

ROLE = "partner"


def actor_of(client: PartnerClient, scopes: Iterable[str]) -> Actor:
    """The actor behind `client` with a token for `scopes`: never more than was agreed, at its sites and their shelters.

    One query. A scope taken out of the agreement after the token was given opens nothing.
    """
    sites = Site.objects.filter(Q(partner_clients=client) | Q(parent__partner_clients=client))
    return Actor(
        kind=ActorKind.PARTNER,
        id=str(client.pk),
        name=client.name,
        role=ROLE,
        agency_id=client.agency_id,
        site_ids=frozenset(sites.values_list("pk", flat=True)),
        capabilities=capabilities_of(set(scopes) & set(client.scopes)),
    )
