"""A rule of postponement in words, and where a postponement stands."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.look import Pill, Tone, long_day_of_year, short_day_of_year
from hearings.models import Postponement
from hearings.postponing import Rule, Unit

State = Postponement.State
_PILLS: dict[State, tuple[Tone, str]] = {
    State.PREVIEWING: ("calm", "hourglass"),
    State.PREVIEWED: ("accent", "eye"),
    State.APPLYING: ("calm", "hourglass"),
    State.APPLIED: ("ok", "check"),
    State.UNDOING: ("calm", "hourglass"),
    State.UNDONE: ("calm", "arrow-back-up"),
    State.DISCARDED: ("calm", "x"),
}
TROUBLES = {
    "docket_changed": gettext_lazy(
        "The docket changed since you looked. This is a new preview: look at it again before you apply it."
    ),
    "not_allowed": gettext_lazy("The account that asked for it may not do this any more. Nothing was changed."),
}
GAVE_UP = gettext_lazy("It was tried and did not come to an end; the fault is ours. Nothing was changed. Try again.")


def which(rule: Rule) -> str:
    """Which hearings a rule is about: "Hearings before 22 Jun 2020"."""
    if rule.from_on is None and rule.before_on is not None:
        return _("Hearings before %(day)s") % {"day": short_day_of_year(rule.before_on)}
    if rule.before_on is None and rule.from_on is not None:
        return _("Hearings from %(day)s on") % {"day": short_day_of_year(rule.from_on)}
    if rule.from_on is None or rule.before_on is None:
        return _("All hearings")
    last = rule.before_on - timedelta(days=1)
    if last == rule.from_on:
        return _("Hearings of %(day)s") % {"day": short_day_of_year(last)}
    days = {"first": short_day_of_year(rule.from_on), "last": short_day_of_year(last)}
    return _("Hearings from %(first)s to %(last)s") % days


def how_far(rule: Rule) -> str:
    """By how much they move: "one month later"."""
    count = {"n": rule.count}
    if rule.unit == Unit.MONTHS:
        return ngettext("%(n)d calendar month later", "%(n)d calendar months later", rule.count) % count
    if rule.unit == Unit.WEEKS:
        return ngettext("%(n)d week later", "%(n)d weeks later", rule.count) % count
    if rule.unit == Unit.DAYS:
        return ngettext("%(n)d day later", "%(n)d days later", rule.count) % count
    return _("to %(day)s") % {"day": long_day_of_year(rule.to_on) if rule.to_on else "—"}


def title_of(rule: Rule) -> str:
    """Both in one line."""
    return f"{which(rule)}: {how_far(rule)}"


def trouble_of(postponement: Postponement) -> str:
    """What stopped it, in words; empty where nothing did."""
    return str(TROUBLES.get(postponement.trouble, GAVE_UP)) if postponement.trouble else ""


def state_of(postponement: Postponement, now: datetime) -> Pill:
    """Where it stands, and whether messages still wait."""
    held_until = postponement.held_until
    if postponement.state == State.APPLIED and held_until and now < held_until:
        return Pill("warn", "clock", _("Applied, messages wait"))
    tone, icon = _PILLS[State(postponement.state)]
    return Pill(tone, icon, postponement.get_state_display())
