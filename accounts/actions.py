"""Opening accounts and granting roles."""

from datetime import datetime

from django.db import transaction

from accounts.models import Agency, Membership, User
from accounts.roles import Role
from audit.actions import record
from audit.models import EventType
from core.actors import Actor, Capability
from core.errors import NotAllowed
from places.models import Site


@transaction.atomic
def open_account(*, email: str, name: str, agency: Agency, password: str, actor: Actor, at: datetime) -> User:
    """Open an account for a member of staff, without any role yet.

    Raises NotAllowed for those who do not administer.
    """
    _check_can_administer(actor)
    user = User.objects.create_user(email=email, password=password, name=name, agency=agency, joined_at=at)
    record(EventType.STAFF_INVITED, subject=user, actor=actor, at=at, agency=agency.code)
    return user


@transaction.atomic
def grant_role(*, user: User, role: Role, site: Site | None, actor: Actor, at: datetime) -> Membership:
    """Give `user` a role at `site` (None: everywhere, for those who oversee). Granting it twice changes nothing.

    Raises NotAllowed for those who do not administer.
    """
    _check_can_administer(actor)
    membership, is_new = Membership.objects.get_or_create(user=user, role=role, site=site)
    if is_new:
        record(EventType.MEMBERSHIP_GRANTED, subject=membership, actor=actor, at=at, role=role, user=user.pk)
    return membership


def _check_can_administer(actor: Actor) -> None:
    if not actor.can(Capability.ADMINISTER):
        raise NotAllowed()
