"""Outcomes as pages show them: a pill for each result, and the deadline that runs from it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.look import Pill, Tone, long_day_of_year
from hearings.models import Outcome
from hearings.results import Deadline, Result

PICTURES: dict[Result, tuple[Tone, str]] = {
    Result.RESET: ("accent", "calendar-plus"),
    Result.RELIEF: ("ok", "circle-check"),
    Result.REMOVAL: ("stop", "gavel"),
    Result.IN_ABSENTIA: ("stop", "user-x"),
    Result.TERMINATED: ("calm", "gavel"),
    Result.ADMIN_CLOSED: ("calm", "gavel"),
    Result.WITHDRAWN: ("calm", "arrow-back-up"),
    Result.DISENROLLED: ("calm", "logout"),
    Result.INTERVIEW_PENDING: ("warn", "hourglass"),
    Result.NO_SHOW: ("stop", "user-x"),
    Result.LOST_CONTACT: ("stop", "phone-off"),
}


def result_pill(result: str) -> Pill:
    """What was decided."""
    tone, icon = PICTURES[Result(result)]
    return Pill(tone, icon, Result(result).label)


def one_pill(outcomes: Iterable[Outcome]) -> Pill | None:
    """What a hearing brought a family, in one pill: the result of all of them, or that they differ."""
    results = list(dict.fromkeys(outcome.result for outcome in outcomes))
    if len(results) > 1:
        return Pill("warn", "gavel", _("Outcomes differ"))
    return result_pill(results[0]) if results else None


def deadline_words(deadline: Deadline) -> str:
    """Until when what can be filed, by which rule."""
    words = (
        _("Appeal to the Board received by %(day)s (%(rule)s)")
        if deadline.is_appeal
        else _("Motion to reopen by %(day)s; without notice of the hearing at any time (%(rule)s)")
    )
    return words % {"day": long_day_of_year(deadline.day), "rule": deadline.rule}
