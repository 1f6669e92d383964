"""From a signed-in account to the actor that the house knows."""

from django.db.models import Q

from accounts.models import Membership, User
from accounts.roles import CAPABILITIES
from core.actors import Actor, ActorKind, Capability
from places.models import Site


def actor_of(user: User) -> Actor:
    """The actor behind `user`: the union of its roles' capabilities, at its sites and the shelters that belong to them.

    Two queries. An account without a membership may sign in and see nothing.
    """
    memberships = list(Membership.objects.filter(user=user).order_by("pk"))
    named = [membership.site_id for membership in memberships if membership.site_id is not None]
    sites = Site.objects.filter(Q(pk__in=named) | Q(parent_id__in=named)).values_list("pk", flat=True) if named else []
    capabilities: frozenset[Capability] = frozenset().union(*(CAPABILITIES[m.role] for m in memberships))
    return Actor(
        kind=ActorKind.STAFF,
        id=str(user.pk),
        name=user.name,
        role=memberships[0].role if memberships else "",
        agency_id=user.agency_id,
        site_ids=frozenset(sites),
        everywhere=any(membership.site_id is None for membership in memberships) and not named,
        capabilities=capabilities,
    )
