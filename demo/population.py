"""The fictional people: the same for the same seed and size, in batches that can be made in any order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from demo import history
from demo import present as now
from demo.stories import HouseholdStory, Maker

HOUSEHOLDS_A_BATCH = 400
A_FIFTH = 5
MANY_PRESENT = 180


def people_present(people: int) -> int:
    """How many of `people` are of the present: a fifth, but of a small demo so many that its pages are alive."""
    return max(people // A_FIFTH, min(MANY_PRESENT, people * 3 // A_FIFTH))


@dataclass(frozen=True, slots=True)
class Batch:
    """Households that are written together. `number` counts batches, `people` those in it, `present` tells which part it is."""

    number: int
    first_person: int
    people: int
    present: bool
    groups: tuple[history.Group, ...] = ()
    households: tuple[now.Household, ...] = ()


class Population:
    """`people` fictional people by `seed`; the present is told relative to `at`."""

    def __init__(self, *, people: int, seed: int, at: datetime) -> None:
        self.people, self.seed, self.at = people, seed, at
        self.present_people = people_present(people)

    def batches(self) -> list[Batch]:
        """All batches, the past first. Cheap: sizes and nationalities only, no names."""
        past = history.groups(people=self.people - self.present_people, rng=self._rng("past"))
        today = now.households(people=self.present_people, rng=self._rng("present"))
        found: list[Batch] = []
        first = 0
        for start in range(0, len(past), HOUSEHOLDS_A_BATCH):
            groups = tuple(past[start : start + HOUSEHOLDS_A_BATCH])
            found.append(Batch(len(found), first, sum(group.size for group in groups), False, groups=groups))
            first += found[-1].people
        for start in range(0, len(today), HOUSEHOLDS_A_BATCH):
            households = tuple(today[start : start + HOUSEHOLDS_A_BATCH])
            found.append(Batch(len(found), first, sum(each.size for each in households), True, households=households))
            first += found[-1].people
        return found

    def stories(self, batch: Batch) -> Iterator[HouseholdStory]:
        """The households of one batch."""
        maker = Maker(self._rng(f"batch {batch.number}"), batch.first_person)
        if batch.present:
            return now.stories(list(batch.households), people=self.present_people, maker=maker, at=self.at)
        return history.stories(list(batch.groups), maker=maker)

    def _rng(self, part: str) -> Random:
        return Random(f"{self.seed}:{self.people}:{part}")
