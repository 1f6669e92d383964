"""What allauth asks the house."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.actors import actor_of
from accounts.models import User
from audit.models import EventType
from core.actors import Actor

WORTH_NOTING = {
    "password_changed": EventType.PASSWORD_CHANGED,
    "totp_activated": EventType.FACTOR_ADDED,
    "webauthn_added": EventType.FACTOR_ADDED,
    "totp_deactivated": EventType.FACTOR_REMOVED,
    "webauthn_removed": EventType.FACTOR_REMOVED,
    "recovery_codes_generated": EventType.FACTOR_RENEWED,
}


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: an administrator opens accounts. Sign-ins, refused ones too, are written down."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "E-mail and password do not match. After five attempts this account waits for 15 minutes."
        ),
        "too_many_login_attempts": _(
            "Too many attempts. Wait 15 minutes, or ask your organisation's administrator for a new password."
        ),
        "incorrect_password": _("That is not your password."),
        "incorrect_code": _(
            "That code does not fit. A new one appears every 30 seconds; check the clock of your phone."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed, always."""
        return False

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **details: Any) -> HttpResponse:
        """After the last factor: write the sign-in down, then go where allauth would."""
        assert isinstance(user, User)
        actions.note_sign_in(user=user, actor=actor_of(user), at=timezone.now())
        return super().post_login(request, user, **details)  # type: ignore[no-any-return]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Where others would mail that a password or a factor was changed, write it down: a stolen session shows."""
        event = WORTH_NOTING.get(template_prefix.rsplit("/", maxsplit=1)[-1])
        if event is not None:
            assert isinstance(user, User)
            actions.note_own_change(user=user, event=event, actor=actor_of(user), at=timezone.now())
        super().send_notification_mail(template_prefix, user, context, email)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down against which account, never what was typed."""
        actions.note_refused_sign_in(
            email=str(credentials.get("email", "")), actor=Actor.system("sign-in"), at=timezone.now()
        )

    def logout(self, request: HttpRequest) -> None:
        """Write the sign-out down, then end the session."""
        if isinstance(request.user, User):
            actions.note_sign_out(user=request.user, actor=actor_of(request.user), at=timezone.now())
        super().logout(request)


def note_wrong_code(user: User, **told: Any) -> None:
    """Write down that somebody who had the password gave a wrong code; never which."""
    actions.note_refused_factor(user=user, actor=Actor.system("sign-in"), at=timezone.now())
