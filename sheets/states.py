"""Where an import stands, and what became of each family on its sheet."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an import stands."""

    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Checked, not in yet")
    GOING_IN = "going_in", _("Going in")
    IN = "in", pgettext_lazy("import", "In")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


# From where a deed or the work behind it may lead where.
MOVES: dict[State, frozenset[State]] = {
    State.CHECKING: frozenset({State.READY, State.DISCARDED}),
    State.READY: frozenset({State.GOING_IN, State.UNDOING, State.DISCARDED}),
    State.GOING_IN: frozenset({State.IN, State.READY}),
    State.IN: frozenset({State.UNDOING}),
    State.UNDOING: frozenset({State.UNDONE, State.IN}),
    State.UNDONE: frozenset(),
    State.DISCARDED: frozenset(),
}
# Somebody waits for a worker.
WORKING = (State.CHECKING, State.GOING_IN, State.UNDOING)


class Fate(models.TextChoices):
    """What became of one family on the sheet."""

    UNCHECKED = "unchecked", _("Not checked yet")
    GOOD = "good", _("Good")
    BAD = "bad", _("With mistakes")
    ALREADY = "already", _("In already by another sheet")
    ON_FILE = "on_file", _("Somebody's A-number is on file already")
    IN = "in", pgettext_lazy("import", "In")
    TAKEN_BACK = "taken_back", _("Taken back")
    MOVED_ON = "moved_on", _("Moved on since, stays")
