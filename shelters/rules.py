"""Arithmetic of places and families; no database, no clock.

The one formula of occupancy stands here (after Sahana Eden, template MRCMS), improved: dated holds are
subtracted and what is beyond the capacity is shown. Pages, API and trigger agree with it
(tests/shelters/test_migrations.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.needs import LGBTQ_SAFE, PET, RAMP

# Places are kept this long at most, renewals counted in; whoever needs longer asks for a transfer.
HOLD_FOR = timedelta(hours=4)
HOLD_AT_MOST = timedelta(hours=12)
HOLD_RENEWALS = 2
# Who has no file yet stands under the number of a line or list: no spaces and at least one digit, so that it is no name.
LABEL = r"^[A-Z0-9./#-]*[0-9][A-Z0-9./#-]*$"


class Service(models.TextChoices):
    """What a shelter offers its guests."""

    SCHOOL = "school", _("School")
    CLINIC = "clinic", _("Clinic")
    LEGAL = "legal", _("Legal advice")
    PSYCHOLOGY = "psychology", _("Psychologist")
    KITCHEN = "kitchen", _("Kitchen")
    LAUNDRY = "laundry", _("Laundry")
    WIFI = "wifi", _("Wi-Fi")


class Kind(models.TextChoices):
    """Whom a unit is for."""

    FAMILY = "family", _("Families")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    MIXED = "mixed", _("Everyone")
    MINORS = "minors", _("Unaccompanied minors")
    ISOLATION = "isolation", _("Isolation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The figures of a unit, a shelter or a city, all in places (one person each).

    `capacity` is None where nobody has said one; `unknown` counts such units, and people in them count as occupied but
    never as over. `held` is promised and `blocked` unusable; `free` can be given tonight; `over` sleep beyond the
    capacity; `short` are promised places that are not there any more. `away` of those who occupy are out tonight, for
    court or for a time that was said, and `unseen` were not seen when they should have been: nobody knows where they are. The places of
    both stay theirs, so that nothing is freed by it.
    """

    capacity: int | None
    occupied: int
    held: int = 0
    blocked: int = 0
    free: int = 0
    over: int = 0
    short: int = 0
    unknown: int = 0
    away: int = 0
    unseen: int = 0
    rooms_over: int = field(default=0, compare=False)

    @property
    def over_told_in(self) -> int:
        """In how many rooms they are over, where `over`, counted room by room, would read as a mistake beside the other figures;
        else nought.
        """
        return self.rooms_over if self.capacity is None or self.over != self.occupied - self.capacity else 0


def in_unit(
    *,
    capacity: int | None,
    occupied: int,
    held: int,
    blocked: int,
    away: int = 0,
    unseen: int = 0,
    receives: bool = True,
) -> Places:
    """The figures of one unit from its counts: people in it, places promised by standing holds, places blocked; how many
    of those people are out tonight, and how many were not seen.

    With a known capacity, `occupied + held + blocked + free == capacity + over + short`. Blocked places are counted as
    far as nobody uses them: people do sleep under a leak. Where its shelter `receives` nobody, no place can be given: all that
    nobody uses is blocked.
    """
    if capacity is None:
        return Places(capacity=None, occupied=occupied, held=held, unknown=1, away=away, unseen=unseen)
    left = capacity - occupied
    over = max(0, -left)
    short = max(0, held - left) - over
    unusable = min(blocked, max(0, left - held)) if receives else max(0, left - held)
    return Places(
        capacity=capacity,
        occupied=occupied,
        held=held,
        blocked=unusable,
        free=max(0, left - held - unusable),
        over=over,
        short=short,
        away=away,
        unseen=unseen,
        rooms_over=int(over > 0),
    )


def in_shelter(units: Iterable[Places]) -> Places:
    """The figures of a shelter: those who are over in one room need the free places of another, so these are not
    free.
    """
    whole = _sum(units)
    return replace(whole, free=max(0, whole.free - whole.over)) if whole.over else whole


def in_city(shelters: Iterable[Places]) -> Places:
    """The figures of several shelters: one that is over takes nothing from its neighbour."""
    return _sum(shelters)


def free_by_kind(units: Iterable[tuple[str, Places]]) -> dict[str, int]:
    """Free places of a shelter by the kind of unit, never more of a kind than the whole shelter has free.

    Zeros stay.
    """
    listed = list(units)
    most = in_shelter(places for _, places in listed).free
    kinds = sorted({kind for kind, _ in listed}, key=list(Kind.values).index)
    return {kind: min(most, in_shelter(places for other, places in listed if other == kind).free) for kind in kinds}


def _sum(figures: Iterable[Places]) -> Places:
    capacity: int | None = None
    occupied = held = blocked = free = over = short = unknown = away = unseen = rooms_over = 0
    for places in figures:
        if places.capacity is not None:
            capacity = (capacity or 0) + places.capacity
        occupied += places.occupied
        held += places.held
        blocked += places.blocked
        free += places.free
        over += places.over
        short += places.short
        unknown += places.unknown
        away += places.away
        unseen += places.unseen
        rooms_over += places.rooms_over
    return Places(
        capacity=capacity,
        occupied=occupied,
        held=held,
        blocked=blocked,
        free=free,
        over=over,
        short=short,
        unknown=unknown,
        away=away,
        unseen=unseen,
        rooms_over=rooms_over,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who wants to sleep together.

    Adults whose sex was not noted, or is neither, are `others`: nothing is refused for them. `needs` are codes of
    `cases.needs`. `tested_days` counts from the oldest of the adults' newest negative tests, None where somebody has none;
    `nights` until they leave for their next hearing, None where nobody knows.
    """

    women: int = 0
    men: int = 0
    others: int = 0
    minors: int = 0
    is_isolated: bool = False
    needs: frozenset[str] = frozenset()
    tested_days: int | None = None
    nights: int | None = None

    @property
    def adults(self) -> int:
        """Everyone of 18 or of unknown age."""
        return self.women + self.men + self.others

    @property
    def people(self) -> int:
        """Everyone."""
        return self.adults + self.minors


def party_of(
    members: Iterable[tuple[bool, str]],
    *,
    is_isolated: bool = False,
    needs: frozenset[str] = frozenset(),
    tested_days: int | None = None,
    nights: int | None = None,
) -> Party:
    """The party of `members`, each whether a minor, and the sex as noted ("F", "M", anything else)."""
    listed = list(members)
    adults = [sex for is_minor, sex in listed if not is_minor]
    return Party(
        women=adults.count("F"),
        men=adults.count("M"),
        others=sum(1 for sex in adults if sex not in ("F", "M")),
        minors=len(listed) - len(adults),
        is_isolated=is_isolated,
        needs=needs,
        tested_days=tested_days,
        nights=nights,
    )


class Mismatch(models.TextChoices):
    """Why a family cannot sleep in a unit whatever its free places: hard rules, never overruled by a reason."""

    NEEDS_ISOLATION = "needs_isolation", _("The family is in isolation; this room is not for isolation")
    ISOLATION_ONLY = "isolation_only", _("Only for people in isolation")
    WOMEN_ONLY = "women_only", _("Would part the family: only women and their children sleep here")
    MEN_ONLY = "men_only", _("Would part the family: only men sleep here")
    NO_CHILDREN = "no_children", _("Children do not sleep in the men's room")
    MINORS_ONLY = "minors_only", _("Only for minors who came without an adult")
    FAMILIES_ONLY = "families_only", _("Only for families, and this person is alone")
    CLOSED = "closed", _("Closed: receives nobody")
    WORKS = "works", _("Closed for works")
    STEPS = "steps", _("There are steps, and they need a way without")
    NO_PETS = "no_pets", _("Takes no animals, and they come with one")
    NOT_SAFE = "not_safe", _("No safe room for LGBTQ+ people")
    TEST_REQUIRED = "test_required", _("Asks for a negative test of every adult, newer than theirs")
    STAY_TOO_SHORT = "stay_too_short", _("Takes nobody for so few nights")


# These tell what a household needs or has: only those who may see needs read them, or find rooms left out for their sake.
RESTRICTED = frozenset({Mismatch.NOT_SAFE, Mismatch.TEST_REQUIRED, Mismatch.STEPS, Mismatch.NO_PETS})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRules:
    """What a unit and its shelter ask of whoever sleeps there. `takes_pets` None is not known, and refuses nobody."""

    kind: str
    is_open: bool = True
    is_closed_for_works: bool = False
    is_accessible: bool = False
    is_lgbtq_safe: bool = False
    takes_pets: bool | None = None
    test_within_days: int | None = None
    min_stay_days: int | None = None


def broken_rules(room: RoomRules, party: Party) -> tuple[Mismatch, ...]:
    """Every hard rule that `party` would break by sleeping in `room`; none means that only places can be lacking."""
    lacks_test = room.test_within_days is not None and (
        party.adults > 0 and (party.tested_days is None or party.tested_days > room.test_within_days)
    )
    is_too_short = room.min_stay_days is not None and party.nights is not None and party.nights < room.min_stay_days
    broken = {
        Mismatch.CLOSED: not room.is_open,
        Mismatch.WORKS: room.is_closed_for_works,
        Mismatch.STEPS: RAMP in party.needs and not room.is_accessible,
        Mismatch.NO_PETS: PET in party.needs and room.takes_pets is False,
        Mismatch.NOT_SAFE: LGBTQ_SAFE in party.needs and not room.is_lgbtq_safe,
        Mismatch.TEST_REQUIRED: lacks_test,
        Mismatch.STAY_TOO_SHORT: is_too_short,
    }
    of_kind = mismatch(room.kind, party)
    return (*([of_kind] if of_kind else ()), *(rule for rule, is_broken in broken.items() if is_broken))


def mismatch(kind: str, party: Party) -> Mismatch | None:
    """The rule of a unit of `kind` that `party` breaks, or None."""
    if party.is_isolated or kind == Kind.ISOLATION:
        if kind == Kind.ISOLATION:
            return None if party.is_isolated else Mismatch.ISOLATION_ONLY
        return Mismatch.NEEDS_ISOLATION
    broken = {
        Kind.WOMEN: Mismatch.WOMEN_ONLY if party.men else None,
        Kind.MEN: Mismatch.MEN_ONLY if party.women else Mismatch.NO_CHILDREN if party.minors else None,
        Kind.MINORS: Mismatch.MINORS_ONLY if party.adults else None,
        Kind.FAMILY: Mismatch.FAMILIES_ONLY if party.people == 1 else None,
    }
    return broken.get(Kind(kind))


def gate_is_open(opens: time, closes: time, at: time) -> bool:
    """Whether a gate that stands open in `[opens, closes)` is open `at` an hour, all of one wall clock.

    One that closes at an earlier hour than it opens stays open over midnight.
    """
    if opens < closes:
        return opens <= at < closes
    return at >= opens or at < closes
