"""What a form makes, made once: the page gives each form an id of its own, and a second tap sends the same one."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

Made = TypeVar("Made", bound=models.Model)


class SentForAnother(DomainError):
    """The id of the form belongs to something else: the page is older than it looks."""

    code = "sent_for_another"
    message = _("This was already noted.")


class TakenBackSince(DomainError):
    """What the form made was taken back since: the page that sends it again is older than it looks, and nothing is noted."""

    code = "taken_back_since"
    message = _("This was taken back meanwhile and is not noted. Open the page anew to note it once more.")


def once(uid: UUID, among: "models.QuerySet[Made]", make: Callable[[], Made]) -> tuple[Made, bool]:
    """What `make` makes with `uid`, or what a request with that id made before or at this moment; and whether it is new.

    `among` are those of the same subject. Raises SentForAnother where the id is that of another subject, and what `make` raises.
    """
    if there := among.filter(uid=uid).first():
        return there, False
    try:
        with transaction.atomic():
            return make(), True
    except (DomainError, IntegrityError) as refusal:  # the other request came first, while this one was at it
        if there := among.filter(uid=uid).first():
            return there, False
        if isinstance(refusal, IntegrityError) and among.model._default_manager.filter(uid=uid).exists():
            raise SentForAnother() from refusal
        raise
