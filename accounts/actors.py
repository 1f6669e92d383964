"""From a signed-in account to the actor that the house knows."""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from accounts.models import Membership, User
from accounts.roles import CAPABILITIES
from core.actors import Actor, ActorKind, Capability


@dataclass(frozen=True, slots=True)
class Standing:
    """The actor behind an account, and the name of the place that the top bar shows (empty: all of them)."""

    actor: Actor
    place_name: str


def standing_of(user: User) -> Standing:
    """Who `user` is here: the union of its roles' capabilities, at its sites and the shelters that belong to them.

    One query. An account without a membership may sign in and see nothing.
    """
    memberships = list(
        Membership.objects.filter(user=user)
        .order_by("pk")
        .annotate(shelters=ArrayAgg("site__shelter_sites", filter=Q(site__shelter_sites__isnull=False), default=[]))
        .values_list("role", "site_id", "site__name", "shelters")
    )
    named = {site for _, site, _, shelters in memberships if site is not None for site in (site, *shelters)}
    capabilities: frozenset[Capability] = frozenset().union(*(CAPABILITIES[role] for role, *_ in memberships))
    actor = Actor(
        kind=ActorKind.STAFF,
        id=str(user.pk),
        name=user.name,
        role=memberships[0][0] if memberships else "",
        agency_id=user.agency_id,
        site_ids=frozenset(named),
        everywhere=bool(memberships) and not named,
        capabilities=capabilities,
    )
    names = [name for _, _, name, _ in memberships if name]
    return Standing(actor=actor, place_name=names[0] if names else "")


def actor_of(user: User) -> Actor:
    """The actor behind `user`. One query."""
    return standing_of(user).actor
