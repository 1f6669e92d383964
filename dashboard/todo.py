"""What needs a person now: at most seven rows, the most urgent first, each with why and one button."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor, Capability
from dashboard.figures import FreePlaces, Reception, Reminders
from dashboard.night import Night
from journey.belonging import Unattended
from journey.families import Family
from places import zones

MOST_ROWS = 7
MOST_FAMILIES = 3


@dataclass(frozen=True, slots=True)
class Todo:
    """A fact that needs a person. `place` is the name of a URL, with `uid` where it takes one; `stays` however many rows there are."""

    tone: str
    icon: str
    title: str
    why: str
    place: str
    button: str
    uid: UUID | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows are made from; a part that the role does not see is None."""

    actor: Actor
    has_second_factor: bool
    night: Night | None = None
    reception: Reception | None = None
    free: FreePlaces | None = None
    reminders: Reminders | None = None
    children: Sequence[Unattended] = ()
    worklists: Mapping[str, int] = field(default_factory=dict)


def rows_of(facts: Facts) -> list[Todo]:
    """The rows, most urgent first."""
    found = [
        *_night(facts),
        *_children(facts),
        *_reminders(facts),
        *_not_reached(facts.worklists),
        *_office(facts.worklists),
        *_reception(facts),
        *_conflicts(facts),
        *_asked(facts),
        *_due(facts),
        *_transfers(facts),
        *_counts(facts),
        *_shelters(facts),
        *_account(facts),
    ]
    order = {"stop": 0, "warn": 1, "": 2}
    return _within_limit(sorted(found, key=lambda row: order[row.tone]))


def _within_limit(ordered: Sequence[Todo]) -> list[Todo]:
    """The first of `ordered`; a question that ends without an answer takes the place of the last that could wait."""
    room = MOST_ROWS - sum(1 for row in ordered if row.stays)
    waiting = islice((row for row in ordered if not row.stays), room)
    shown = {id(row) for row in waiting}
    return [row for row in ordered if row.stays or id(row) in shown]


def _night(facts: Facts) -> Iterator[Todo]:
    """Families that cannot leave yet one by one, those to be confirmed as one row."""
    night = facts.night
    if night is None:
        return
    stopped = [each for each in night.unready if night.lights[each.household.pk].verdict == "stop"]
    for family in stopped[:MOST_FAMILIES]:
        yield _stopped(family, night)
    if more := len(stopped[MOST_FAMILIES:]):
        title = ngettext("%(n)d more family cannot leave yet", "%(n)d more families cannot leave yet", more)
        yield Todo(
            "stop",
            "alert-triangle",
            title % {"n": more},
            _("Each row of the list says what is missing."),
            "docket:hearings",
            _("See list"),
        )
    if doubtful := len(night.unready) - len(stopped):
        title = ngettext("%(n)d family is to be confirmed", "%(n)d families are to be confirmed", doubtful)
        why = _("Something about their departure is estimated or rests on one word.")
        yield Todo("warn", "alert-circle", title % {"n": doubtful}, why, "docket:hearings", _("See list"))


def _stopped(family: Family, night: Night) -> Todo:
    light, hearing = night.lights[family.household.pk], family.hearing
    facts = {"code": family.household.code, "time": "", "reason": str(light.short).lower()}
    if hearing is not None and hearing.report_at is not None:
        facts["time"] = f"{zones.local(hearing.report_at, hearing.report_zone):%H:%M}"
        facts["city"] = hearing.report_crossing.city.name if hearing.report_crossing else "—"
        title = _("%(code)s stands at the bridge at %(time)s, %(city)s time: %(reason)s") % facts
    else:
        title = _("%(code)s has its hearing that day: %(reason)s") % facts
    people = ngettext("%(n)d person.", "%(n)d people.", len(family.members)) % {"n": len(family.members)}
    return Todo(
        "stop",
        "alert-triangle",
        title,
        f"{people} {light.summary}",
        "journey:household",
        _("Open"),
        family.household.uid,
    )


def _children(facts: Facts) -> Iterator[Todo]:
    """Minors who are missing, those whose adults are, and those who parted from their adults."""
    for each in facts.children[:MOST_FAMILIES]:
        title = _("%(code)s: a child is without its adult") % {"code": each.household.code}
        if each.is_missing:
            why = _("Somebody of this family was noted as not here. Look for them, or note that they are back.")
        else:
            why = _("Since a separation no adult is in this family. Say who takes care of them, or join the families.")
        yield Todo("stop", "user-x", title, why, "journey:belonging", _("Open"), each.household.uid)


def _reminders(facts: Facts) -> Iterator[Todo]:
    reminders = facts.reminders
    if reminders is None:
        return
    if reminders.is_late:
        why = _(
            "Messages wait and lose nothing. Tell whoever runs the system; until then, call those who leave tonight."
        )
        yield Todo("stop", "bell-off", _("Reminders have stopped going out"), why, "docket:hearings", _("See list"))


def _not_reached(counts: Mapping[str, int]) -> Iterator[Todo]:
    """Families that must appear and that nobody told."""
    soon, count = counts.get("within_1", 0), counts.get("not_reached", 0)
    why = _("No message reached them. The next way is a person, not a message.")
    if soon:
        title = ngettext(
            "%(n)d family that leaves within a day has not been told",
            "%(n)d families that leave within a day have not been told",
            soon,
        )
        yield Todo("stop", "phone-off", title % {"n": soon}, why, "docket:not_reached", _("See list"))
    elif count:
        title = ngettext(
            "%(n)d family has not been told of its hearing",
            "%(n)d families have not been told of their hearing",
            count,
        )
        yield Todo("warn", "phone-off", title % {"n": count}, why, "docket:not_reached", _("See list"))


def _office(counts: Mapping[str, int]) -> Iterator[Todo]:
    """What else waits on the lists of the hearings office."""
    for key, row_of in OFFICE.items():
        if count := counts.get(key, 0):
            yield row_of(count)


def _outcomes(count: int) -> Todo:
    title = ngettext("%(n)d hearing has no outcome yet", "%(n)d hearings have no outcome yet", count)
    why = _("They began two hours ago or longer, and nobody knows what became of the family.")
    return Todo("warn", "gavel", title % {"n": count}, why, "docket:outcomes", _("Ask after them"))


def _differing(count: int) -> Todo:
    title = ngettext("Sources differ on %(n)d hearing", "Sources differ on %(n)d hearings", count)
    why = _("Until somebody decides, the family may stand there at the wrong hour.")
    return Todo("warn", "arrows-diff", title % {"n": count}, why, "docket:conflicts", _("Decide"))


def _replies(count: int) -> Todo:
    title = ngettext("%(n)d reply waits for a person", "%(n)d replies wait for a person", count)
    return Todo("warn", "message", title % {"n": count}, _("Nobody has read it yet."), "docket:replies", _("Read"))


def _zones(count: int) -> Todo:
    title = ngettext("A change of clocks moved %(n)d hearing", "A change of clocks moved %(n)d hearings", count)
    why = _("Newer zone tables read the hour on the paper differently.")
    return Todo("warn", "clock", title % {"n": count}, why, "docket:zones", _("See list"))


def _postponements(count: int) -> Todo:
    title = ngettext("%(n)d postponement is open", "%(n)d postponements are open", count)
    why = _("Worked out and not applied, or applied and still free to undo.")
    return Todo("", "calendar-time", title % {"n": count}, why, "docket:postponements", _("See list"))


def _checks(count: int) -> Todo:
    title = ngettext("Ask the EOIR line about %(n)d hearing", "Ask the EOIR line about %(n)d hearings", count)
    why = _("Nobody has asked for long, or two calls differ.")
    return Todo("", "phone", title % {"n": count}, why, "docket:checks", _("See list"))


OFFICE = {
    "outcomes": _outcomes,
    "conflicts": _differing,
    "replies": _replies,
    "zones": _zones,
    "postponements": _postponements,
    "checks": _checks,
}


def _reception(facts: Facts) -> Iterator[Todo]:
    slowest = facts.reception.slowest if facts.reception else None
    if slowest is None or slowest.longest is None or not slowest.longest.css:
        return
    title = _("%(wait)s of waiting at reception") % {"wait": slowest.longest.words}
    why = _("Longest in the lane “%(lane)s”, where %(n)d families wait.") % {
        "lane": slowest.lane.label,
        "n": slowest.families,
    }
    yield Todo("warn", "clock-exclamation", title, why, "journey:reception", _("Open"))


def _conflicts(facts: Facts) -> Iterator[Todo]:
    """What tablets and others noted differently."""
    count = facts.reception.conflicts if facts.reception else 0
    if count:
        title = ngettext("%(n)d difference with a tablet to decide", "%(n)d differences with a tablet to decide", count)
        why = _("Somebody else noted another thing meanwhile. Nothing was overwritten.")
        yield Todo("warn", "arrows-diff", title % {"n": count}, why, "tablets:conflicts", _("Decide"))


def _asked(facts: Facts) -> Iterator[Todo]:
    """What another site asks to see: somebody waits there with the family before them."""
    count = facts.reception.asked if facts.reception else 0
    if count:
        title = ngettext("Another site asks to see %(n)d record", "Other sites ask to see %(n)d records", count)
        why = _("Somebody of theirs may be there now. You decide whether they may see it, and until when.")
        yield Todo("warn", "key", title % {"n": count}, why, "journey:access", _("Decide"))


def _due(facts: Facts) -> Iterator[Todo]:
    """Papers that run out this week, families to be tested again, and those who are negative and still apart."""
    if facts.reception is None:
        return
    due = facts.reception.due
    if count := due.retests:
        title = ngettext("%(n)d family is to be tested again", "%(n)d families are to be tested again", count)
        why = _("The day that was planned has come. A negative retest lets them go on.")
        yield Todo("warn", "test-pipe", title % {"n": count}, why, "journey:isolations", _("See list"))
    if count := due.cleared:
        title = ngettext("%(n)d family may leave isolation", "%(n)d families may leave isolation", count)
        why = _("Their retest is negative. Once you end the isolation, they go on.")
        yield Todo("", "circle-check", title % {"n": count}, why, "journey:isolations", _("See list"))
    if count := due.papers:
        title = ngettext("%(n)d document runs out within a week", "%(n)d documents run out within a week", count)
        why = _("Of people who hold nothing that lasts longer. INM renews them before the last day.")
        yield Todo("", "calendar-off", title % {"n": count}, why, "journey:expiring", _("See list"))


def _shelters(facts: Facts) -> Iterator[Todo]:
    """For those who place people: shelters that are over, figures that nobody confirmed."""
    free = facts.free
    if free is None or not facts.actor.can(Capability.PLACE):
        return
    for row in free.over[:1]:
        title = ngettext("%(name)s: %(n)d person more than places", "%(name)s: %(n)d people more than places", row.over)
        if rooms := row.over_told_in:
            title = ngettext("%(name)s: %(n)d over in %(rooms)d room", "%(name)s: %(n)d over in %(rooms)d rooms", rooms)
        why = _("Nobody else fits there without a reason; look for room elsewhere.")
        yield Todo(
            "warn",
            "alert-triangle",
            title % {"name": row.name, "n": row.over, "rooms": row.over_told_in},
            why,
            "shelters:shelter",
            _("Open"),
            row.shelter_uid,
        )
    if stale := len(free.stale):
        title = ngettext(
            "%(n)d shelter has not confirmed its count", "%(n)d shelters have not confirmed their count", stale
        )
        why = _("Their figures are shown as old until someone there calls the roll.")
        yield Todo("", "refresh-alert", title % {"n": stale}, why, "shelters:board", _("See which"))


def _counts(facts: Facts) -> Iterator[Todo]:
    """For those who run a shelter: a count that differs from the stays; for its desk also that nobody has counted."""
    free, actor = facts.free, facts.actor
    if free is None or not (actor.can(Capability.RUN_SHELTER) or actor.can(Capability.PLACE)):
        return
    for row in free.differing[:1]:
        title = _("%(name)s: the count differs from the stays by %(n)d") % {"name": row.name, "n": abs(row.count_off)}
        why = _("Say what it was, so that nobody is sent to a place that is taken.")
        yield Todo("warn", "arrows-diff", title, why, "shelters:counts", _("Settle it"), row.shelter_uid)
    for row in free.stale[:1] if not actor.can(Capability.PLACE) else ():
        title = _("How many sleep at %(name)s?") % {"name": row.name}
        why = _("Nobody has counted for half a day. Until then its figure is shown as old.")
        yield Todo("warn", "clipboard-check", title, why, "shelters:counts", _("Note a count"), row.shelter_uid)


def _transfers(facts: Facts) -> Iterator[Todo]:
    """Shelters that were asked to take a family, and families that no shelter took."""
    if count := facts.worklists.get("transfers_asked", 0):
        title = ngettext("A shelter is asked to take %(n)d family", "Shelters are asked to take %(n)d families", count)
        why = _("Say yes or no: a day after it was asked, a question without an answer is over.")
        yield Todo(
            "warn", "arrows-right-left", title % {"n": count}, why, "shelters:transfers", _("Answer"), stays=True
        )
    if count := facts.worklists.get("transfers_not_taken", 0):
        title = ngettext("%(n)d transfer came to nothing", "%(n)d transfers came to nothing", count)
        why = _("They sleep where they did. The list says why; ask another shelter, or leave it at that.")
        yield Todo("warn", "arrows-right-left", title % {"n": count}, why, "shelters:transfers", _("See list"))


def _account(facts: Facts) -> Iterator[Todo]:
    if not facts.has_second_factor:
        title = _("Your account rests on a password alone")
        why = _("A code on your phone protects the people in your care when a password is stolen. It takes a minute.")
        yield Todo("", "key", title, why, "mfa_index", _("Set up"))
