"""Aid at reception on the household page: what can be given with one tap, and what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.actions.taps import TAKE_BACK_FOR
from cases.aid_kinds import AidKind, aid_kind, aid_kinds
from cases.models import Aid, Household
from core.look import short_day
from journey.families import Family
from places import languages, zones

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Given:
    """One line of what was given. `may_be_taken_back` for some minutes."""

    uid: UUID
    icon: str
    what: str
    detail: str
    when: str
    may_be_taken_back: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """What can be given, what was given lately, and the id of this look at it, from which each tap gets its own."""

    look: UUID
    kinds: list[AidKind]
    given: list[Given]


def newest_aid(outer: str = "pk") -> ArraySubquery:
    """The newest aid of the household that the field `outer` names, as rows within its own query."""
    rows = Aid.objects.standing().filter(household=OuterRef(outer)).order_by("-given_at", "-pk")[:SHOWN]
    return ArraySubquery(
        rows.values(row=JSONObject(uid="uid", kind="kind", language="language", people="people", given_at="given_at"))
    )


def counter_of(family: Family, *, now: datetime) -> Counter:
    """The counter of a household fetched with `newest_aid` as `aid_given`. No query."""
    rows: list[dict[str, Any]] = family.household.aid_given  # type: ignore[attr-defined]
    return Counter(uuid4(), list(aid_kinds().values()), [_given(row, family, now) for row in rows])


def uid_of_tap(look: UUID, household: Household, kind: str) -> UUID:
    """The id of the aid that a tap on a page writes: a second tap on the same page has the same."""
    return uuid5(look, f"{household.uid}:{kind}")


def _given(row: dict[str, Any], family: Family, now: datetime) -> Given:
    kind, given_at = aid_kind(row["kind"]), datetime.fromisoformat(row["given_at"])
    local, today = zones.local(given_at, family.zone), zones.local(now, family.zone).date()
    people = ngettext("%(count)d person", "%(count)d people", row["people"]) % {"count": row["people"]}
    spoken = languages.within_a_line(row["language"]) if row["language"] else ""
    day = _("today") if local.date() == today else short_day(local)
    return Given(
        uid=UUID(row["uid"]),
        icon=kind.icon,
        what=kind.name,
        detail=" · ".join(filter(None, [people, spoken])),
        when=f"{day}, {local:%H:%M}",
        may_be_taken_back=now - given_at <= TAKE_BACK_FOR,
    )
