"""One family of refusals. Doors turn them into a form error or a problem document in the same words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# The database is away or was too busy: no bug, and the same request may succeed in a few seconds.
DATABASE_AWAY = (OperationalError, InterfaceError)
TRY_AGAIN_SECONDS = 5


class DomainError(Exception):
    """Something the field's rules refuse; subclasses are named as facts (`PlaceTaken`).

    `code` is stable and goes to partners, `message` is for people and says what to do, `http_status` is what a door answers.
    """

    code = "refused"
    message: str | Promise = _("This cannot be done.")
    http_status = 409

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(message or self.message)
        if message is not None:
            self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The actor's role or sites do not include this."""

    code = "not_allowed"
    message = _("Your role does not include this. Ask your coordinator.")
    http_status = 403


@contextmanager
def naming_violations(refusals: Mapping[str, type[DomainError]]) -> Iterator[None]:
    """Run the block in a savepoint and raise the refusal of the database constraint that it breaks.

    Constraints not named in `refusals` stay the `IntegrityError` they are: a bug, not a refusal.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        refusal = refusals.get(str(name))
        if refusal is not None:
            raise refusal() from error
        raise
