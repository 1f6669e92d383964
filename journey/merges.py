"""What a merge did, for the page that can undo it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import JSONObject

from cases.models import Likeness, Merge, MergedPerson
from core.look import Pill, short_day_of_year
from journey.alike import pills_of
from places import zones


@dataclass(frozen=True, slots=True)
class Told:
    """A merge with its people, and how many records went along."""

    merge: Merge
    people: Sequence[MergedPerson]
    records: int
    reasons: Sequence[Pill]

    @property
    def when(self) -> str:
        """The day and time at the kept household's site: "8 dic 2021, 11:00"."""
        local = zones.local(self.merge.merged_at, self.merge.kept.site.city.zone)
        return f"{short_day_of_year(local)}, {local:%H:%M}"


def told_of(merge: Merge) -> Told:
    """`merge` (fetched through `visible_to`) in full. One query."""
    people = list(merge.people.select_related("kept", "other"))
    carried = [merge.carried, *(one.carried for one in people)]
    records = sum(len(rows) for each in carried for rows in each.values())
    return Told(merge, people, records, pills_of(merge.reasons))


def looks_like_another() -> Exists:
    """Whether somebody of a household may be somebody else of its own site. Pairs across sites are told to nobody by this."""
    pairs = Likeness.objects.open().filter(one__household__site=F("other__household__site"))
    return Exists(pairs.of_household(OuterRef("uid")))


def merged_into_it() -> "ArraySubquery":
    """The merges into a household that stand, the newest first, with the code of the other."""
    standing = Merge.objects.standing().filter(kept=OuterRef("pk")).order_by("-merged_at", "-pk")
    row = JSONObject(uid="uid", prefix="other__prefix", number="other_id", by="merged_by")
    return ArraySubquery(standing.values(row=row))
