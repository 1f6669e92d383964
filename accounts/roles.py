"""The roles of the field and what each may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actors import Capability as Can


class Role(models.TextChoices):
    """What somebody is at a site."""

    RECEPTION = "reception", _("Reception officer")
    SHELTER = "shelter", _("Shelter desk")
    COORDINATOR = "coordinator", _("Coordinator")
    HEARINGS = "hearings", _("Hearings officer")
    CALLER = "caller", _("Caller of the EOIR line")
    PROTECTION = "protection", _("Protection officer")
    DPO = "dpo", _("Data protection officer")
    ADMINISTRATOR = "administrator", _("Administrator")


CAPABILITIES: dict[str, frozenset[Can]] = {
    Role.RECEPTION: frozenset(
        {
            Can.LOG_ARRIVAL,
            Can.SEE_PEOPLE,
            Can.EDIT_PEOPLE,
            Can.SEE_HEALTH,
            Can.SEE_NEEDS,
            Can.SEE_SHELTERS,
            Can.SEE_REPORTS,
        }
    ),
    Role.SHELTER: frozenset({Can.SEE_PEOPLE, Can.SEE_SHELTERS, Can.RUN_SHELTER}),
    Role.COORDINATOR: frozenset(
        {
            Can.LOG_ARRIVAL,
            Can.IMPORT_SHEETS,
            Can.SEE_PEOPLE,
            Can.EDIT_PEOPLE,
            Can.SEE_HEALTH,
            Can.SEE_NEEDS,
            Can.SEE_SHELTERS,
            Can.PLACE,
            Can.OVER_CAPACITY,
            Can.EDIT_SHELTERS,
            Can.RUN_SHELTER,
            Can.EDIT_HEARINGS,
            Can.SEND_MESSAGES,
            Can.SEE_REPORTS,
            Can.RECOVER_TABLETS,
            Can.DECIDE_ACCESS,
        }
    ),
    Role.HEARINGS: frozenset({Can.SEE_PEOPLE, Can.EDIT_HEARINGS, Can.SEND_MESSAGES, Can.SEE_SHELTERS}),
    # Blind on purpose: what a caller hears must not be led by what we believe.
    Role.CALLER: frozenset({Can.CHECK_LINE}),
    Role.PROTECTION: frozenset(
        {
            Can.SEE_PEOPLE,
            Can.EDIT_PEOPLE,
            Can.SEE_HEALTH,
            Can.SEE_NEEDS,
            Can.SEE_SHELTERS,
            Can.SEE_REPORTS,
            Can.DECIDE_ACCESS,
        }
    ),
    Role.DPO: frozenset({Can.SEE_AUDIT}),
    Role.ADMINISTRATOR: frozenset({Can.ADMINISTER}),
}
