"""Opening accounts, granting roles, and what a member of staff does with the own account."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Membership, User
from accounts.roles import Role
from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.policies import check_can_administer
from places.models import Site


class EmailTaken(DomainError):
    """Each account has an address of its own."""

    code = "email_taken"
    message = _("There is an account with this e-mail already.")


class RoleNeedsASite(DomainError):
    """Only those who oversee work everywhere."""

    code = "role_needs_a_site"
    message = _("This role needs a site. Only data protection and administration work everywhere.")


@transaction.atomic
def open_agency(*, code: str, name: str, actor: Actor, at: datetime) -> Agency:
    """The agency `code`, made if it is new.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    agency, is_new = Agency.objects.get_or_create(code=code, defaults={"name": name})
    if is_new:
        record(EventType.AGENCY_OPENED, subject=agency, actor=actor, at=at, agency=agency.code)
    return agency


@transaction.atomic
def open_account(
    *, email: str, name: str, agency: Agency, password: str, language: str = "es", actor: Actor, at: datetime
) -> User:
    """Open an account for a member of staff, without any role yet.

    Raises NotAllowed for those who do not administer, EmailTaken.
    """
    check_can_administer(actor)
    with naming_violations({"accounts_user_email_key": EmailTaken}):
        user = User.objects.create_user(
            email=email, password=password, name=name, agency=agency, language=language, joined_at=at
        )
    record(EventType.STAFF_INVITED, subject=user, actor=actor, at=at, agency=agency.code)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Give `user` a new password, which ends the sessions that rest on the old one.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password)
    record(EventType.PASSWORD_SET, subject=user, actor=actor, at=at)


@transaction.atomic
def grant_role(*, user: User, role: Role, site: Site | None, actor: Actor, at: datetime) -> Membership:
    """Give `user` a role at `site` (None: everywhere, for those who oversee). Granting it twice changes nothing.

    Raises NotAllowed for those who do not administer, RoleNeedsASite.
    """
    check_can_administer(actor)
    with naming_violations({"accounts_membership_people_need_a_site": RoleNeedsASite}):
        membership, is_new = Membership.objects.get_or_create(user=user, role=role, site=site)
    if is_new:
        record(EventType.MEMBERSHIP_GRANTED, subject=membership, actor=actor, at=at, role=role, user=user.pk)
    return membership


@transaction.atomic
def end_role(*, user: User, role: Role, site: Site | None, actor: Actor, at: datetime) -> None:
    """Take the role of `user` at `site` away (None: the one everywhere): from the next request on. One that they lack changes nothing.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    membership = Membership.objects.select_for_update().filter(user=user, role=role, site=site).first()
    if membership is not None:
        record(EventType.MEMBERSHIP_ENDED, subject=membership, actor=actor, at=at, role=role, user=user.pk)
        membership.delete()


@transaction.atomic
def close_account(*, user: User, actor: Actor, at: datetime) -> None:
    """Let `user` in no more: every session is over at its next request. Roles and deeds stay on record. Twice changes nothing.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        record(EventType.ACCOUNT_CLOSED, subject=user, actor=actor, at=at)


@transaction.atomic
def open_account_again(*, user: User, actor: Actor, at: datetime) -> None:
    """Let `user` in again, with the roles that they have. Twice changes nothing.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        record(EventType.ACCOUNT_OPENED_AGAIN, subject=user, actor=actor, at=at)


@transaction.atomic
def remove_factors(*, user: User, actor: Actor, at: datetime) -> None:
    """Have the password alone let `user` in: the phone with the second factor is lost, and the recovery codes are too.

    Raises NotAllowed for those who do not administer.
    """
    check_can_administer(actor)
    if Authenticator.objects.filter(user=user).delete()[0]:
        record(EventType.FACTOR_REMOVED, subject=user, actor=actor, at=at)


@transaction.atomic
def choose_language(*, user: User, language: str, actor: Actor, at: datetime) -> None:
    """Keep the language in which `user` reads. One's own choice, so there is nothing to check and nothing worth recording."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def note_sign_in(*, user: User, actor: Actor, at: datetime) -> None:
    """Write down that `user` signed in."""
    record(EventType.SIGNED_IN, subject=user, actor=actor, at=at)


@transaction.atomic
def note_sign_out(*, user: User, actor: Actor, at: datetime) -> None:
    """Write down that `user` signed out."""
    record(EventType.SIGNED_OUT, subject=user, actor=actor, at=at)


@transaction.atomic
def note_own_change(*, user: User, event: EventType, actor: Actor, at: datetime) -> None:
    """Write down that `user` changed how they sign in: the password, a second factor, the recovery codes."""
    record(event, subject=user, actor=actor, at=at)


@transaction.atomic
def note_refused_factor(*, user: User, actor: Actor, at: datetime) -> None:
    """Write down that a wrong code was given where `user` signs in or signs in anew: whoever gives it knows the password."""
    record(EventType.SIGN_IN_REFUSED, subject=user, actor=actor, at=at, factor="code")


@transaction.atomic
def note_refused_sign_in(*, email: str, actor: Actor, at: datetime) -> None:
    """Write down that a sign-in to the account of `email` was refused. An address without account leaves no trace."""
    user = User.objects.filter(email=email.lower()).first()
    if user is not None:
        record(EventType.SIGN_IN_REFUSED, subject=user, actor=actor, at=at)


def forget_sessions(*, actor: Actor, at: datetime) -> int:
    """Drop the sessions that were over at `at`, with what they kept of families for their pages; returns how many. Raises NotAllowed."""
    check_can_administer(actor)
    return Session.objects.filter(expire_date__lte=at).delete()[0]
