"""Where an import stands: what became of its families, how far a worker is, and the pill that says so."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from core.look import Pill, Tone
from sheets.models import Family, Import
from sheets.states import Fate, State

# What of the families waits for a worker, and what he has done.
WAIT = {
    State.CHECKING: (Fate.UNCHECKED,),
    State.GOING_IN: (Fate.GOOD, Fate.ON_FILE),
    State.UNDOING: (Fate.IN,),
}
DONE = {
    State.CHECKING: (Fate.GOOD, Fate.BAD, Fate.ALREADY, Fate.ON_FILE),
    State.GOING_IN: (Fate.IN,),
    State.UNDOING: (Fate.TAKEN_BACK, Fate.MOVED_ON),
}
OVER: dict[State, tuple[Tone, str]] = {
    State.IN: ("ok", "check"),
    State.UNDONE: ("calm", "arrow-back-up"),
    State.DISCARDED: ("calm", "x"),
}
LISTED = (Fate.IN, Fate.GOOD, Fate.ON_FILE, Fate.BAD, Fate.ALREADY, Fate.TAKEN_BACK, Fate.MOVED_ON)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many families, and people in them, came to one fate."""

    fate: Fate
    families: int
    people: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How far an import has come."""

    tallies: dict[str, Tally]

    @classmethod
    def of(cls, sheet: Import) -> "Counts":
        """One query."""
        return cls.of_each([sheet])[sheet.pk]

    @classmethod
    def of_each(cls, sheets: Iterable[Import]) -> dict[int, "Counts"]:
        """Those of many, by key. One query."""
        found = {sheet.pk: cls({}) for sheet in sheets}
        rows = Family.objects.filter(sheet__in=found).order_by().values_list("sheet", "fate")
        for key, fate, families, people in rows.annotate(Count("pk"), Sum("size")):
            found[key].tallies[fate] = Tally(Fate(fate), families, people)
        return found

    def __getitem__(self, fate: str) -> Tally:
        if fate not in Fate.values:
            raise KeyError(fate)
        return self.tallies.get(fate, Tally(Fate(fate), 0, 0))

    @property
    def families(self) -> int:
        """All of them."""
        return self.families_of(*Fate)

    @property
    def people(self) -> int:
        """All of them."""
        return sum(tally.people for tally in self.tallies.values())

    @property
    def told_apart(self) -> list[Tally]:
        """What became of them where not the same became of all, what went in first."""
        found = [self[fate] for fate in LISTED if self[fate].families]
        return found if len(found) > 1 else []

    def families_of(self, *fates: Fate) -> int:
        """How many families came to one of these."""
        return sum(self[fate].families for fate in fates)


def percent_of(sheet: Import, counts: Counts) -> int:
    """How much of what a worker is at is done, from 0 to 100: whoever stays out is no part of it."""
    state = State(sheet.state)
    left_out = () if sheet.with_known else (Fate.ON_FILE,)
    left = counts.families_of(*(fate for fate in WAIT[state] if fate not in left_out))
    done = counts.families_of(*DONE[state])
    return 100 * done // max(done + left, 1)


def pill_of(sheet: Import, counts: Counts) -> Pill:
    """Where `sheet` stands, in a word. One that was checked says what that led to: there may be nobody left to put in."""
    if sheet.trouble:
        return Pill("stop", "alert-triangle", _("Stopped"))
    if sheet.is_working:
        return Pill("accent", "hourglass", State(sheet.state).label)
    if sheet.state == State.READY:
        return _checked(counts)
    tone, icon = OVER[State(sheet.state)]
    return Pill(tone, icon, State(sheet.state).label)


def _checked(counts: Counts) -> Pill:
    if counts.families_of(Fate.GOOD, Fate.ON_FILE):
        return Pill("warn", "eye", State.READY.label)
    if counts[Fate.BAD].families:
        return Pill("warn", "alert-circle", _("With mistakes"))
    return Pill("calm", "check", Fate.ALREADY.label)
