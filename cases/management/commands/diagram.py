"""Draws docs/journey.md from the table of moves: `manage.py diagram` (`--print` shows it instead)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from cases.states import CLOSED, MOVES, RECEPTION, Step

GROUPS: Mapping[str, tuple[Step, ...]] = {
    "Expected": (Step.ANNOUNCED,),
    "Reception": RECEPTION,
    "Court day": (Step.SUMMONED, Step.TRANSPORTED, Step.PRESENTED, Step.NO_SHOW),
    "Outcome": (
        Step.RELIEF,
        Step.REMOVED,
        Step.IN_ABSENTIA,
        Step.TERMINATED,
        Step.ADMIN_CLOSED,
        Step.WITHDRAWN,
        Step.DISENROLLED,
        Step.INTERVIEW_PENDING,
    ),
    "Beside the way": (Step.LEFT, Step.MOVED, Step.VOLUNTARY_RETURN, Step.LOST_CONTACT, Step.DECEASED),
}


class Command(BaseCommand):
    """A test holds that the committed drawing is the one that this makes."""

    help = "Draw docs/journey.md from cases.states.MOVES."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="show it, write nothing")

    def handle(self, *args: object, **options: object) -> None:
        with translation.override("en"):
            text = "\n".join(lines()) + "\n"
        if options["print"]:
            self.stdout.write(text, ending="")
        else:
            (settings.BASE_DIR / "docs" / "journey.md").write_text(text)


def lines() -> Iterator[str]:
    """The document, line by line."""
    yield "# The journey of a household"
    yield ""
    yield "Drawn by `manage.py diagram` from `cases/states.py`; a test holds the two together. The field is out of order and the"
    yield "software must not be: a move records what happened, nothing has to come before it, and every closed station reopens."
    yield ""
    yield "```mermaid"
    yield from drawing()
    yield "```"
    yield ""
    yield "An arrow between two groups: from some station of the first there is a move to some station of the second. Stations with"
    yield "a double frame are closed. Every move:"
    yield ""
    yield "| From | To |"
    yield "|---|---|"
    for start in Step:
        yield f"| {start.label} | {', '.join(str(end.label) for end in Step if end in MOVES[start])} |"


def drawing() -> Iterator[str]:
    """The stations in their groups, in the order of the journey, and the moves between groups."""
    yield "flowchart LR"
    for number, (name, steps) in enumerate(GROUPS.items()):
        yield f'    subgraph g{number}["{name}"]'
        yield "        direction TB"
        for step in steps:
            label = f'[["{step.label}"]]' if step in CLOSED else f'["{step.label}"]'
            yield f"        {step.value}{label}"
        yield "    end"
    groups = list(GROUPS.values())
    for here, there in combinations(range(len(groups)), 2):
        onward, back = _leads(groups[here], groups[there]), _leads(groups[there], groups[here])
        if onward or back:
            yield f"    g{here} {'<-->' if onward and back else '-->'} g{there}"


def _leads(starts: Iterable[Step], ends: Iterable[Step]) -> bool:
    return any(end in MOVES[start] for start in starts for end in ends)
