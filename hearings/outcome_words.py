"""Outcomes as pages show them: a pill for each result, and the deadline that runs from it."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from core.look import Pill, Tone, long_day_of_year
from hearings.models import HearingQuerySet, Outcome
from hearings.outcome_rules import Deadline, Result

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


def results_pill(results: Sequence[str]) -> Pill | None:
    """What a hearing brought a family, in one pill: the result of all of them, or that they differ; None where nothing is noted."""
    if len(results) > 1:
        return Pill("warn", "gavel", _("Outcomes differ"))
    return result_pill(results[0]) if results else None


def with_results(hearings: HearingQuerySet) -> HearingQuerySet:
    """`hearings`, each with the distinct `results` that stand."""
    of_hearing = Outcome.objects.standing().filter(hearing=OuterRef("pk")).order_by()
    return hearings.annotate(results=ArraySubquery(of_hearing.values("result").distinct()))


def deadline_words(deadline: Deadline) -> str:
    """Until when what can be filed, by which rule."""
    words = (
        _("Appeal to the Board received by %(day)s (%(rule)s)")
        if deadline.is_appeal
        else _("Motion to reopen by %(day)s; without notice of the hearing at any time (%(rule)s)")
    )
    return words % {"day": long_day_of_year(deadline.day), "rule": deadline.rule}
