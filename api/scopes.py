"""What an agreement may let a partner's client do, as OAuth scopes, and what each scope opens in the house."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes

from core.actors import Capability as Can


class Scope(models.TextChoices):
    """One right of a client. Names are stable: they stand in agreements and in partners' code."""

    SHELTERS_READ = "shelters:read", _("Read the shelters and their free places")
    HOUSEHOLDS_READ = "households:read", _("Read the households that agreed to sharing, without names")
    IDENTITY_READ = "identity:read", _("Also read names, and find people by name")
    ARRIVALS_WRITE = "arrivals:write", _("Log arrivals")
    STAYS_WRITE = "stays:write", _("Give households a place in the shelters, and end their stays")


# identity:read opens no capability of its own: it widens what households:read shows.
CAPABILITIES: Mapping[str, frozenset[Can]] = {
    Scope.SHELTERS_READ: frozenset({Can.SEE_SHELTERS}),
    Scope.HOUSEHOLDS_READ: frozenset({Can.SEE_PEOPLE}),
    Scope.IDENTITY_READ: frozenset(),
    Scope.ARRIVALS_WRITE: frozenset({Can.LOG_ARRIVAL, Can.EDIT_PEOPLE, Can.EDIT_HEARINGS}),
    Scope.STAYS_WRITE: frozenset({Can.PLACE}),
}
# Who gives places must see to whom and where.
NEEDED_TO_PLACE = (Scope.SHELTERS_READ, Scope.HOUSEHOLDS_READ, Scope.STAYS_WRITE)


def capabilities_of(scopes: Iterable[str]) -> frozenset[Can]:
    """All that `scopes` open together; a scope that is no longer known opens nothing."""
    return frozenset().union(*(CAPABILITIES.get(scope, frozenset()) for scope in scopes))


class AgreedScopes(BaseScopes):  # type: ignore[misc]
    """Tells the token endpoint which scopes a client may ask for: those of its agreement."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its description."""
        return {scope.value: str(scope.label) for scope in Scope}

    def get_available_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """The scopes of the agreement behind `application`; none for an application without one."""
        partner = getattr(application, "partner", None)
        return list(partner.scopes) if partner else []

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """What a client gets that does not say what it wants: all that was agreed."""
        return self.get_available_scopes(application)
