"""What the page of an import shows: the first families as they were understood, mistakes in words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F

from audit.models import Event, EventType
from cases.actions.people import PersonEntry
from cases.models import Household, Relation, Sex
from cases.rules import age_on
from core.actors import Actor
from places import nationalities
from sheets.cells import text_of
from sheets.checking import check
from sheets.grounds import ground_of
from sheets.grouping import WAYS
from sheets.mistakes import MISTAKES, Unreadable
from sheets.models import Flaw, Import
from sheets.outlines import Outline, rows_of_text
from sheets.questions import BY_NAME
from sheets.reading import Row
from sheets.states import Fate

SHOWN_FAMILIES = 5
SHOWN_MOVED_ON = 30
MISTAKES_A_PAGE = 50
LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """One person as understood."""

    name: str
    relation: str
    sex: str
    age: str
    nationality: str


@dataclass(frozen=True, slots=True)
class Line:
    """One mistake: where, what stands there, and what is wrong with it."""

    row: int
    column: str
    heading: str
    value: str
    words: str


@dataclass(frozen=True, slots=True)
class MovedOn:
    """A household that an undo leaves, and why."""

    uid: UUID
    code: str
    why: str


def first_families(sheet: Import, outline: Outline) -> list[list[Shown]]:
    """The first families that are good, as they were understood, head first."""
    families = sheet.families.filter(fate__in=[Fate.GOOD, Fate.ON_FILE]).in_order()[:SHOWN_FAMILIES]
    ground = ground_of(sheet) if families else None
    return [
        [_shown(person, sheet.arrived_on) for person in check(rows_of_text(family.content), outline, ground).people]
        for family in families
        if ground
    ]


def columns_read(outline: Outline) -> list[tuple[str, str, str]]:
    """Each column that was understood: its letters, its heading on the sheet, what it holds."""
    named = {index: str(BY_NAME[field].label) for field, index in outline.fields.items()}
    return [
        (heading.letters, heading.text, named[heading.index]) for heading in outline.headings if heading.index in named
    ]


def columns_left(outline: Outline) -> list[tuple[str, str]]:
    """Each column that was left alone: its letters and heading."""
    left = {*outline.unknown, *outline.doubled}
    return [(heading.letters, heading.text) for heading in outline.headings if heading.index in left]


def way_of(outline: Outline) -> str:
    """How it was told who belongs together."""
    return str(WAYS[outline.way])


def mistakes(sheet: Import, outline: Outline, number: str | None) -> tuple[list[Line], Page[Flaw]]:
    """One page of the mistakes in the order of the rows."""
    found = (
        Flaw.objects.filter(family__sheet=sheet)
        .select_related("family")
        .order_by("row", F("column").asc(nulls_first=True))
    )
    page = Paginator(found, MISTAKES_A_PAGE).get_page(number)
    rows = {row.number: row for family in {flaw.family for flaw in page} for row in rows_of_text(family.content)}
    return [line_of(flaw.row, flaw.column, flaw.code, rows.get(flaw.row), outline) for flaw in page], page


def line_of(number: int, column: int | None, code: str, row: Row | None, outline: Outline) -> Line:
    """A mistake as a clerk reads it."""
    heading = outline.heading(column)
    value = "" if row is None or column is None else _value(row, column)
    letters = outline.letters_at(column)
    return Line(number, letters, heading.text[:LONGEST_SHOWN] if heading else "", value, str(MISTAKES[code]))


def moved_on(sheet: Import, actor: Actor) -> tuple[list[MovedOn], int]:
    """The first households of `sheet` that something has happened to since they went in, and how many there are."""
    ours = sheet.families.filter(household__isnull=False, fate__in=[Fate.IN, Fate.MOVED_ON])
    since = Event.objects.filter(household__in=ours.values("household")).exclude(type=EventType.ARRIVAL_RECORDED)
    latest = dict(since.order_by("household", "pk").values_list("household", "type"))
    households = Household.objects.visible_to(actor).filter(uid__in=[uid for uid in latest if uid][:SHOWN_MOVED_ON])
    shown = [
        MovedOn(each.uid, each.code, str(EventType(latest[each.uid]).label))
        for each in households.only("uid", "prefix").order_by("pk")
    ]
    return shown, len(latest)


def _shown(person: PersonEntry, day: date) -> Shown:
    age = "" if person.birth_date is None else str(age_on(person.birth_date, day))
    return Shown(
        name=f"{person.given_names} {person.surnames}".strip(),
        relation=str(Relation(person.relation).label),
        sex=str(Sex(person.sex).label) if person.sex else "",
        age=f"≈\u00a0{age}" if person.birth_is_estimated else age,
        nationality=nationalities.name_of(person.nationality) if person.nationality else "",
    )


def _value(row: Row, column: int) -> str:
    try:
        text = text_of(row.at(column), longest=LONGEST_SHOWN)
    except Unreadable as mistake:
        return "…" if mistake.code == "too_long" else "#"
    return text
