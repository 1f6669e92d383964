"""How many slept somewhere, day by day, against the places there were: steps drawn to scale."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _

from core.look.words import short_day, short_day_of_year

HEIGHT = 100
STEPS = (1, 2, 4, 5, 10)


@dataclass(frozen=True, slots=True)
class Night:
    """One day: how many slept, of how many places (None: nobody had said), and how many beyond those of their rooms."""

    day: date
    occupied: int
    capacity: int | None
    over: int = 0

    @property
    def words(self) -> str:
        """The day."""
        return short_day(self.day)


@dataclass(frozen=True)
class History:
    """The days in order, the last one is now. Drawn one unit wide a day and `HEIGHT` high, stretched by the page."""

    nights: tuple[Night, ...]

    @property
    def width(self) -> int:
        """Days."""
        return len(self.nights)

    @cached_property
    def top(self) -> int:
        """What the upper edge stands for: an even number above all that is drawn."""
        most = max((max(night.occupied, night.capacity or 0) for night in self.nights), default=0)
        return round_above(most)

    @property
    def middle(self) -> int:
        """What the line at half height stands for."""
        return self.top // 2

    @cached_property
    def inside(self) -> str:
        """Path of the people within the capacity."""
        return self._filled(lambda night: night.occupied - night.over, lambda night: 0)

    @cached_property
    def over(self) -> str:
        """Path of the people beyond it, empty where nobody ever was."""
        return self._filled(lambda night: night.occupied, lambda night: night.occupied - night.over)

    @cached_property
    def limit(self) -> str:
        """Path of the capacity, with a gap where nobody had said one."""
        drawn: list[str] = []
        last: int | None = None
        for x, night in enumerate(self.nights):
            if night.capacity is not None and night.capacity != last:
                drawn.append(f"{'M' if last is None else 'L'}{x} {self._y(night.capacity)}")
            if night.capacity is None and last is not None:
                drawn.append(f"H{x}")
            elif night.capacity is not None and last is not None and night.capacity != last:
                drawn[-1] = f"H{x}V{self._y(night.capacity)}"
            last = night.capacity
        return "".join(drawn) + (f"H{self.width}" if last is not None else "")

    @cached_property
    def label(self) -> str:
        """What a screen reader hears in place of the picture."""
        if not self.nights:
            return ""
        first, last = self.nights[0], self.nights[-1]
        most = max(self.nights, key=lambda night: night.occupied)
        return _("From %(first)s to %(last)s: %(now)d people now, at most %(most)d on %(day)s.") % {
            "first": short_day_of_year(first.day),
            "last": short_day_of_year(last.day),
            "now": last.occupied,
            "most": most.occupied,
            "day": short_day_of_year(most.day),
        }

    @property
    def begins(self) -> str:
        """The first day, in words."""
        return short_day_of_year(self.nights[0].day) if self.nights else ""

    @property
    def halfway(self) -> str:
        """The day in the middle, in words."""
        return short_day_of_year(self.nights[self.width // 2].day) if self.nights else ""

    @cached_property
    def told(self) -> tuple[Night, ...]:
        """The days that the table beside the picture tells: today, and each week before it, newest first."""
        return tuple(reversed(self.nights))[::7]

    def _y(self, people: int) -> str:
        return f"{HEIGHT - people * HEIGHT / self.top:.1f}".removesuffix(".0")

    def _filled(self, upper: Callable[[Night], int], lower: Callable[[Night], int]) -> str:
        """The area between two counts, in steps of a day; days without any leave none."""
        drawn = []
        for begins, ends in _runs([(upper(night), lower(night)) for night in self.nights]):
            above, below = upper(self.nights[begins]), lower(self.nights[begins])
            if above > below:
                drawn.append(f"M{begins} {self._y(below)}V{self._y(above)}H{ends}V{self._y(below)}Z")
        return "".join(drawn)


def round_above(most: int) -> int:
    """The even number of the scale that `most` fits under: 20, 40, 50, 100, 200, 400, 500."""
    size = 10
    while True:
        for step in STEPS:
            if step * size >= most and step * size % 2 == 0:
                return step * size
        size *= 10


def _runs(values: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The stretches `[begins, ends)` of one value each."""
    edges = [place for place in range(len(values)) if place == 0 or values[place] != values[place - 1]]
    return pairwise([*edges, len(values)])
