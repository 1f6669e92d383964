"""From a signed-in account to the actor that the house knows."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, Q, QuerySet

from accounts.models import Membership, User
from accounts.roles import CAPABILITIES
from core.actors import Actor, ActorKind, Capability
from core.errors import NotAllowed
from core.questions import question


@dataclass(frozen=True, slots=True)
class Standing:
    """The actor behind an account, and what its pages need to know of it.

    `place_name` stands in the top bar (empty: all sites), `place_zone` is the zone of its clocks. `has_second_factor` is
    only looked up for those who have a role.
    """

    actor: Actor
    place_name: str
    place_zone: str
    has_second_factor: bool


def standing_of(user: User) -> Standing:
    """Who `user` is here: the union of its roles' capabilities, at its sites and the shelters that belong to them.

    One query. An account without a membership may sign in and see nothing.
    """
    memberships = _memberships(user=user.pk)
    named = {each for _, site, _, _, shelters, _ in memberships if site is not None for each in (site, *shelters)}
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
    places = [(name, zone) for _, _, name, zone, _, _ in memberships if name]
    place_name, place_zone = places[0] if places else ("", settings.TIME_ZONE)
    return Standing(actor, place_name, place_zone, has_second_factor=any(factor for *_, factor in memberships))


@question
def _memberships(*, user: int) -> QuerySet[Membership, tuple[Any, ...]]:
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return (
        Membership.objects.filter(user=user)
        .order_by("pk")
        .annotate(
            shelters=ArrayAgg("site__shelter_sites", filter=Q(site__shelter_sites__isnull=False), default=[]),
            factor=Exists(factors),
        )
        .values_list("role", "site_id", "site__name", "site__city__zone", "shelters", "factor")
    )


def actor_of(user: User) -> Actor:
    """The actor behind `user`. One query."""
    return standing_of(user).actor


def actor_behind(key: str) -> Actor:
    """The actor behind the account of `key`, for what it asked a worker to do. Raises NotAllowed where the account was closed since."""
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None:
        raise NotAllowed()
    return actor_of(user)
