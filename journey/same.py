"""Two files side by side: what each says, where they differ, and who else of the two families may be the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.actions.merging import FILLABLE, Same
from cases.likeness import Alike, alike, are_likely
from cases.models import Consent, Household, Likeness, Person
from cases.policies import step_told
from core.actors import Actor, Capability
from core.look import Pill, short_day, short_weekday
from journey.alike import pills_of
from journey.families import Family, Member, families_of
from journey.household_page import for_page, standing_answers
from places import languages, nationalities, zones

MOST = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the worklist: the likest pair of two households, and how many more of the same two are alike."""

    one: Person
    other: Person
    reasons: Sequence[Pill]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of the two files. `fill` names the field that the kept file can take over."""

    label: str
    kept: str
    other: str
    differs: bool
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Also:
    """Two others of the same families who may be one person too."""

    kept: Member
    other: Member
    reasons: Sequence[Pill]

    @property
    def value(self) -> str:
        """How the form names the pair."""
        return f"{self.kept.person.uid}:{self.other.person.uid}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The page of two files: `kept` is the one that would stay."""

    kept: Member
    other: Member
    kept_family: Family
    other_family: Family
    alike: Alike
    reasons: Sequence[Pill]
    lines: Sequence[Line]
    also: Sequence[Also]
    left: Sequence[Member]

    @property
    def is_one_family(self) -> bool:
        """Whether somebody was written down twice in one family."""
        return self.kept_family is self.other_family

    @property
    def households(self) -> set[UUID]:
        """Whom the page shows."""
        return {self.kept_family.household.uid, self.other_family.household.uid}

    def same(self, *, fill: Iterable[str], also: Iterable[str]) -> list[Same]:
        """What was ticked, as the deed takes it. Only what the page offered counts."""
        offered = {line.fill for line in self.lines if line.fill}
        pairs = [Same(kept=self.kept.person, other=self.other.person, fill=frozenset(fill) & offered)]
        ticked = set(also)
        return [
            *pairs,
            *(Same(kept=each.kept.person, other=each.other.person) for each in self.also if each.value in ticked),
        ]


def waiting_pairs(*, actor: Actor, household: UUID | None = None) -> tuple[list[Pair], int]:
    """The pairs that somebody must judge, the likest first, at most fifty, and how many there are. Two queries.

    Two families that are alike are one line.
    """
    visible = Likeness.objects.visible_to(actor).open()
    if household is not None:
        visible = visible.of_household(household)
    rows = list(
        visible.select_related("one__household__site", "other__household__site").order_by("-score", "-found_at", "-pk")[
            :MOST
        ]
    )
    total = len(rows) if len(rows) < MOST else visible.aggregate(n=Count("pk"))["n"]
    lines: dict[tuple[int, int], list[Likeness]] = {}
    for row in rows:
        lines.setdefault((row.one.household_id, row.other.household_id), []).append(row)
    return [
        Pair(those[0].one, those[0].other, pills_of(those[0].reasons), len(those) - 1) for those in lines.values()
    ], total


def comparison_of(*, kept: UUID, other: UUID, actor: Actor, now: datetime) -> Comparison | None:
    """Two people whom `actor` may both see, side by side; None where they are not. Five queries."""
    people = (
        Person.objects.visible_to(actor).filter(uid__in=[kept, other]).only("uid", "household_id", "email", "notes")
    )
    both = {person.uid: person for person in people}
    if len(both) < 2:
        return None
    keys = {uid: person.household_id for uid, person in both.items()}
    households = list(for_page(Household.objects.visible_to(actor)).filter(pk__in=set(keys.values())))
    families = {
        family.household.pk: family for family in families_of(households, now=now, actor=actor, with_numbers=True)
    }
    kept_family, other_family = families[keys[kept]], families[keys[other]]
    one, two = _member(kept_family, both[kept]), _member(other_family, both[other])
    found = alike(one.person, two.person)
    also = [] if kept_family is other_family else _also(kept_family, other_family, one, two)
    gone = {each.other.person.pk for each in also} | {two.person.pk}
    return Comparison(
        kept=one,
        other=two,
        kept_family=kept_family,
        other_family=other_family,
        alike=found,
        reasons=pills_of(found.reasons),
        lines=list(_lines(one, two, kept_family, other_family, actor)),
        also=also,
        left=[member for member in other_family.members if member.person.pk not in gone],
    )


def _member(family: Family, person: Person) -> Member:
    """`person` as a member, with what families leave out."""
    member = next(each for each in family.members if each.person.pk == person.pk)
    member.person.email, member.person.notes = person.email, person.notes
    return member


def _also(kept: Family, other: Family, one: Member, two: Member) -> list[Also]:
    """The likeliest partner of each other member, each person once."""
    pairs = [
        (alike(a.person, b.person), a, b) for a in kept.members for b in other.members if a is not one and b is not two
    ]
    likely = sorted((each for each in pairs if are_likely(each[1].person, each[2].person, each[0])), key=_by_score)
    used: set[int] = set()
    found = []
    for how, a, b in likely:
        if not {a.person.pk, b.person.pk} & used:
            used |= {a.person.pk, b.person.pk}
            found.append(Also(a, b, pills_of(how.reasons)))
    return found


def _by_score(pair: tuple[Alike, Member, Member]) -> tuple[int, int]:
    return -pair[0].score, pair[1].person.pk


def _lines(one: Member, two: Member, kept: Family, other: Family, actor: Actor) -> Iterable[Line]:
    yield from _own_lines(one, two)
    texts: list[tuple[str, Callable[[Member, Family], str]]] = [
        (_("Relation"), lambda m, f: str(m.person.get_relation_display())),
        (_("Documents"), lambda m, f: ", ".join(paper.short for paper in m.papers)),
        *([(_("Tests"), _tests)] if actor.can(Capability.SEE_HEALTH) else []),
        (_("Sleeps at"), lambda m, f: m.sleep.place if m.sleep else ""),
        (_("Next hearing"), lambda m, f: _hearing(f)),
    ]
    if kept is not other:
        texts += [
            (_("Stands at"), lambda m, f: str(step_told(actor, f.household).label)),
            (_("Arrived"), lambda m, f: short_day(zones.local(f.household.arrived_at, f.zone))),
            (_("City"), lambda m, f: f.household.site.city.name),
            (_("Language"), lambda m, f: languages.within_a_line(f.household.language)),
            (_("They agreed to"), lambda m, f: _agreed(f.household)),
        ]
    for label, tell in texts:
        left, right = tell(one, kept), tell(two, other)
        if left or right:
            yield Line(label, left, right, bool(left and right and left != right))


def _own_lines(one: Member, two: Member) -> Iterable[Line]:
    """The person's own fields; one that the kept file lacks can be taken over."""
    labels = {
        "given_names": _("Given names"),
        "surnames": _("Surnames"),
        "birth_date": _("Birth date"),
        "sex": _("Sex"),
        "nationality": _("Nationality"),
        "a_number": _("A-number"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "notes": _("Notes"),
    }
    for name in FILLABLE:
        mine, theirs = getattr(one.person, name), getattr(two.person, name)
        if mine or theirs:
            fill = name if theirs and not mine else ""
            differs = bool(mine and theirs and mine != theirs)
            yield Line(labels[name], _text(one.person, name), _text(two.person, name), differs, fill)


def _text(person: Person, name: str) -> str:
    value: Any = getattr(person, name)
    if not value:
        return ""
    if name == "birth_date":
        return _("about %(year)d") % {"year": value.year} if person.birth_is_estimated else value.strftime("%d/%m/%Y")
    if name == "a_number":
        return person.masked_a_number
    if name == "phone":
        return f"•••• {value[-4:]}"
    if name == "sex":
        return str(person.get_sex_display())
    return str(nationalities.name_of(value) if name == "nationality" else value)


def _tests(member: Member, family: Family) -> str:
    return ", ".join(str(swab.result.label) if swab.result else _("result awaited") for swab in member.swabs)


def _hearing(family: Family) -> str:
    if family.hearing is None:
        return ""
    return short_weekday(family.hearing.report_on or family.hearing.court_on)


def _agreed(household: Household) -> str:
    answers = standing_answers(household)
    return ", ".join(str(Consent.Purpose(purpose).label) for purpose, is_given in sorted(answers.items()) if is_given)
