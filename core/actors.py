"""Who acts: a member of staff, a partner's client, or a part of the system itself."""

from dataclasses import dataclass, field
from enum import StrEnum


class Capability(StrEnum):
    """What a role may do. Where it may do it is `Actor.site_ids`."""

    LOG_ARRIVAL = "log_arrival"
    IMPORT_SHEETS = "import_sheets"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    SEE_HEALTH = "see_health"
    SEE_NEEDS = "see_needs"
    SEE_SHELTERS = "see_shelters"
    PLACE = "place"
    OVER_CAPACITY = "over_capacity"
    EDIT_SHELTERS = "edit_shelters"
    RUN_SHELTER = "run_shelter"
    EDIT_HEARINGS = "edit_hearings"
    SEND_MESSAGES = "send_messages"
    CHECK_LINE = "check_line"
    SEE_REPORTS = "see_reports"
    SEE_AUDIT = "see_audit"
    DECIDE_ACCESS = "decide_access"
    RECOVER_TABLETS = "recover_tablets"
    ADMINISTER = "administer"


class ActorKind(StrEnum):
    """Which kind of door an actor came through."""

    STAFF = "staff"
    PARTNER = "partner"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one on whose behalf something is read or done.

    `id` is the key of the user or client behind it, `name` what the audit page shows (never a returnee's name). `site_ids` are the
    sites whose people and shelters the actor may see; `everywhere` lifts that limit.
    """

    kind: ActorKind
    id: str
    name: str
    role: str = ""
    agency_id: int | None = None
    site_ids: frozenset[int] = field(default_factory=frozenset)
    everywhere: bool = False
    capabilities: frozenset[Capability] = field(default_factory=frozenset)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The actor of a sweep, a loader or a command, for example `Actor.system("reminders")`."""
        return cls(
            kind=ActorKind.SYSTEM,
            id=name,
            name=name,
            role="system",
            everywhere=True,
            capabilities=frozenset(Capability),
        )

    def can(self, capability: Capability) -> bool:
        """Whether the actor's role includes `capability`, wherever it works."""
        return capability in self.capabilities

    def works_at(self, site_id: int | None) -> bool:
        """Whether `site_id` is among the actor's sites."""
        return self.everywhere or site_id in self.site_ids
