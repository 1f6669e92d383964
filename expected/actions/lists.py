"""Taking in what authorities announce for a day."""

import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.actions.people import PersonEntry
from core.actors import Actor
from core.errors import DomainError, naming_violations
from expected import policies
from expected.actions.matching import compare_day
from expected.candidates import Candidates, tokens_of, with_people
from expected.models import ExpectedDay, ExpectedHousehold, ExpectedList, ExpectedPerson, Pairing
from expected.rules import LIKELY
from places import zones
from places.models import Crossing, Site
from privacy import keyring as keyrings

MOST_FAMILIES = 2000  # seven times the worst day that a bridge has seen

PERSON_FIELDS = ("given_names", "surnames", "birth_date", "birth_is_estimated", "sex", "nationality", "a_number")


class NobodyAnnounced(DomainError):
    """A list has at least one person."""

    code = "nobody_announced"
    message = _("Nobody is on this list. Check that it is the right file.")
    http_status = 422


class TooManyAnnounced(DomainError):
    """No bridge has seen as many families in a day."""

    code = "too_many_announced"
    message = _("This list is longer than any day. Leave only the rows of one day.")
    http_status = 422


class AnotherListCame(DomainError):
    """Somebody else brought a list for the same day at the same moment."""

    code = "another_list_came"
    message = _("Somebody else just brought a list for this day. Look at it, then bring yours again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyEntry:
    """A family as a list has it, in its order; `key` is what the list calls it (a number, or empty).

    `size` is how many come; some lists name only who speaks for the family.
    """

    people: tuple[PersonEntry, ...]
    size: int
    key: str = ""
    crossing: Crossing | None = None


@transaction.atomic
def receive_list(
    *, site: Site, day: date, source: str, families: Sequence[FamilyEntry], actor: Actor, at: datetime
) -> tuple[ExpectedList, bool]:
    """Take in the list of `families` announced for `day` at `site` (with its city), and compare it with who came already.

    Returns the list and whether it says anything new: the one in force again changes nothing. A later list corrects the earlier
    ones; whom it does not name any more is taken off and stays on record. Raises NotAllowed, NobodyAnnounced, TooManyAnnounced,
    AnotherListCame.
    """
    policies.check_can_compare(actor, site.pk)
    if not families:
        raise NobodyAnnounced()
    if len(families) > MOST_FAMILIES:
        raise TooManyAnnounced()
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # arrivals that are being compared wait, see `matching`
    expected_day = _day_of(site, day)
    last = expected_day.lists.order_by("number").last()
    fingerprint = _fingerprint(families)
    if last is not None and last.fingerprint == fingerprint:
        return last, False
    with naming_violations({"expected_expectedlist_number_once_a_day": AnotherListCame}):
        announced = ExpectedList.objects.create(
            day=expected_day,
            number=last.number + 1 if last else 1,
            source=source,
            fingerprint=fingerprint,
            received_at=at,
            received_by=actor.id,
            families=len(families),
        )
    _write(announced, families)
    compare_day(day=expected_day, actor=actor, at=at)
    record(
        EventType.EXPECTED_LIST_RECEIVED,
        subject=expected_day,
        actor=actor,
        at=at,
        families=len(families),
        added=announced.added,
        changed=announced.changed,
        taken_off=announced.taken_off,
    )
    return announced, True


def _day_of(site: Site, day: date) -> ExpectedDay:
    zone = site.city.zone
    begins, ends = (zones.day_begins(each, zone) for each in (day, day + timedelta(days=1)))
    found, _is_new = ExpectedDay.objects.get_or_create(
        site=site, day=day, defaults={"begins_at": begins, "ends_at": ends}
    )
    return found


def _fingerprint(families: Sequence[FamilyEntry]) -> str:
    """What tells two lists apart, whatever file they came in. Keyed: it gives nobody away."""
    rows = [
        [family.key, family.size, family.crossing and family.crossing.pk, *(_fields_of(each) for each in family.people)]
        for family in families
    ]
    key = keyrings.current().index_key_for("expected:list")
    return hmac.digest(key, json.dumps(rows).encode(), "sha256").hex()


def _fields_of(person: PersonEntry | ExpectedPerson) -> list[str]:
    return [str(getattr(person, name) or "") for name in PERSON_FIELDS]


def _write(announced: ExpectedList, families: Sequence[FamilyEntry]) -> None:
    """Bring the households of the day to what `announced` says: kept, changed, added, taken off."""
    known = Candidates(with_people(ExpectedHousehold.objects.standing().filter(day=announced.day)))
    same = _same(families, known)
    added = []
    for position, family in enumerate(families, start=1):
        household = same.get(position)
        if household is None:
            added.append((_household(announced, family, position), family))
            continue
        household.position = position
        if _is_changed(household, family):
            _change(household, announced, family)
            announced.changed += 1
    ExpectedHousehold.objects.bulk_update(same.values(), ["position"])
    ExpectedHousehold.objects.bulk_create([household for household, _family in added])
    _add_people(added)
    _take_off(announced, known)
    announced.added, announced.taken_off = len(added), len(known.left)
    announced.save(update_fields=["added", "changed", "taken_off"])


def _take_off(announced: ExpectedList, known: Candidates) -> None:
    """Those whom the list does not name any more. Whoever came as one of them is looked for again."""
    ExpectedHousehold.objects.filter(pk__in=known.left).update(withdrawn_in=announced)
    Pairing.objects.filter(household__in=known.left).exclude(standing=Pairing.Standing.REFUSED).delete()


def _same(families: Sequence[FamilyEntry], known: Candidates) -> dict[int, ExpectedHousehold]:
    """The household of an earlier list that each family is, by the family's position: first those unchanged, then the likest."""
    by_people: dict[str, list[int]] = defaultdict(list)
    for key, household in known.households.items():
        by_people[_words(household.people.all())].append(key)
    found: dict[int, ExpectedHousehold] = {}
    for position, family in enumerate(families, start=1):
        if keys := by_people.get(_words(family.people)):
            found[position] = known.take(keys.pop(0))
    for position, family in enumerate(families, start=1):
        likest = None if position in found else _likest(family, known)
        if likest is not None:
            found[position] = known.take(likest)
    return found


def _likest(family: FamilyEntry, known: Candidates) -> int | None:
    """The household that `family` is under another spelling: surely, or under the same number and likely."""
    alike = known.like(family.people)
    best = max(alike, key=lambda key: (alike[key].is_sure, alike[key].score), default=None)
    if best is None:
        return None
    has_same_key = bool(family.key) and known.households[best].family_key == family.key
    return best if alike[best].is_sure or (has_same_key and alike[best].score >= LIKELY) else None


def _words(people: Iterable[PersonEntry | ExpectedPerson]) -> str:
    return json.dumps([_fields_of(person) for person in people])


def _is_changed(household: ExpectedHousehold, family: FamilyEntry) -> bool:
    told = (family.size, family.crossing and family.crossing.pk)
    is_respelt = _words(household.people.all()) != _words(family.people)
    return is_respelt or (household.size, household.crossing_id) != told


def _household(announced: ExpectedList, family: FamilyEntry, position: int) -> ExpectedHousehold:
    return ExpectedHousehold(
        day=announced.day,
        position=position,
        family_key=family.key,
        crossing=family.crossing,
        size=family.size,
        announced_in=announced,
    )


def _change(household: ExpectedHousehold, announced: ExpectedList, family: FamilyEntry) -> None:
    household.people.all().delete()
    household.family_key, household.crossing, household.size = family.key, family.crossing, family.size
    household.changed_in = announced
    household.save(update_fields=["family_key", "crossing", "size", "changed_in"])
    _add_people([(household, family)])


def _add_people(families: Iterable[tuple[ExpectedHousehold, FamilyEntry]]) -> None:
    ExpectedPerson.objects.bulk_create(
        ExpectedPerson(
            household=household,
            position=position,
            tokens=tokens_of(person),
            **{name: getattr(person, name) for name in PERSON_FIELDS},
        )
        for household, family in families
        for position, person in enumerate(family.people, start=1)
    )
