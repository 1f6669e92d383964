"""Signing in as allauth does it; who is signed in is asked at every request, and that question is worked out once."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from accounts.models import User
from core.questions import question


@question
def _accounts(*, key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """What `AUTHENTICATION_BACKENDS` names."""

    def get_user(self, user_id: int) -> User | None:
        """The account behind a session, unless it was closed."""
        return next(filter(self.user_can_authenticate, _accounts(key=user_id)), None)
