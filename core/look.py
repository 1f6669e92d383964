"""What the pages draw: small frozen facts with their geometry, so that no room formats a clock, a ring or a bar itself.

Numbers for SVG are computed here as strings with a point, whatever the language: they stand in attributes, never in
inline styles.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import cos, radians, sin
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

Text = str | Promise
Tone = Literal["ok", "warn", "stop", "accent", "calm"]
State = Literal["met", "confirm", "missing", "none"]
Verdict = Literal["ok", "warn", "stop", "none"]

NIGHT_ENDS_HOUR, NIGHT_BEGINS_HOUR = 7, 19
DIAL_CENTRE, HOUR_HAND, MINUTE_HAND = 12.0, 5.4, 8.4
RING_RADIUS, SECTOR_DEGREES, SECTOR_GAP = 10.4, 60, 7
HALF_ARC_DEGREES = 22
BAR_SCALE_PERCENT = 135  # every bar is drawn on a track this long, so that over-full shelters show to scale
FRESH, HOURS_OLD = timedelta(hours=1), timedelta(hours=12)
WAIT_WARNS, WAIT_STOPS = timedelta(minutes=90), timedelta(hours=3)
TONE_ICONS: dict[str, str] = {
    "ok": "check",
    "warn": "alert-circle",
    "stop": "x",
    "accent": "info-circle",
    "calm": "minus",
}


def on_circle(radius: float, degrees: float) -> tuple[float, float]:
    """The point at `degrees` clockwise from the top of a circle around the middle of a 24 x 24 view box."""
    angle = radians(degrees)
    return DIAL_CENTRE + radius * sin(angle), DIAL_CENTRE - radius * cos(angle)


def duration(minutes: int) -> str:
    """A length of time in words short enough for a list: "38 min", "4 h", "1 h 55", from two days on "6 d 20 h"."""
    hours, rest = divmod(abs(minutes), 60)
    days, of_day = divmod(hours, 24)
    if days >= 2:
        return (
            _("%(days)d d %(hours)d h") % {"days": days, "hours": of_day}
            if of_day
            else _("%(days)d d") % {"days": days}
        )
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


@lru_cache(maxsize=4096)
def _written(language: str | None, day: date, form: str) -> str:
    """`day` in `form`, worked out once a language: a list names the same days over and over."""
    return formats.date_format(day, form)


def short_day(day: date) -> str:
    """A day short enough for a pill: "8 Dec"; months stay small where the language writes them so ("8 dic")."""
    return _written(get_language(), date(day.year, day.month, day.day), pgettext("date format", "j M"))


def short_day_of_year(day: date) -> str:
    """As `short_day`, with the year: "8 Dec 2021". Never in figures alone, which mean another day across the bridge."""
    return formats.date_format(day, pgettext("date format", "j M Y"))


def short_weekday(day: date) -> str:
    """As `short_day`, with the weekday: "Wed 8 Dec"."""
    return _written(get_language(), date(day.year, day.month, day.day), pgettext("date format", "D j M"))


def month_day(day: date) -> str:
    """ "9 December", "9 de diciembre"."""
    return formats.date_format(day, pgettext("date format", "j F"))


def long_day(day: date) -> str:
    """ "Thursday 9 December", as it stands within a sentence."""
    return formats.date_format(day, pgettext("date format", "l j F"))


def long_day_of_year(day: date) -> str:
    """ "Thursday 9 December 2021", for a day of another year."""
    return formats.date_format(day, pgettext("date format", "l j F Y"))


def within(words: object) -> str:
    """Words that could begin a line, set inside one: "Sheet" becomes "sheet", "EOIR line" and "FMM" stay."""
    text = str(words)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@dataclass(frozen=True)
class Pill:
    """The state of a thing: colour, icon and word together."""

    tone: Tone
    icon: str
    text: Text


@dataclass(frozen=True)
class Tag:
    """A plain fact, or what is missing; no judgement and no colour."""

    icon: str
    text: Text


@dataclass(frozen=True)
class SourceLine:
    """Where a time comes from, in one line."""

    icon: str
    text: Text


@dataclass(frozen=True)
class ClockFace:
    """One dial: `moment` (aware, UTC) read in the IANA `zone` of `city`; dark before 07:00 and from 19:00 of that zone.

    `estimated` is a time nobody documented (dashed, "≈"), `conflict` one on which the sources differ ("≠").
    """

    moment: datetime | None
    zone: str
    city: str
    estimated: bool = False
    conflict: bool = False

    @property
    def local(self) -> datetime | None:
        """The moment on the wall of `city`."""
        return self.moment.astimezone(ZoneInfo(self.zone)) if self.moment else None

    @property
    def time(self) -> str:
        """24-hour time with its mark of doubt: "04:30", "≈ 04:30", "≠ 04:30", or a dash when nobody knows."""
        local = self.local
        return f"{self.mark}{local:%H:%M}" if local else "—"

    @property
    def mark(self) -> str:
        """The sign of doubt before the time."""
        if self.conflict:
            return "≠ "
        return "≈ " if self.estimated else ""

    @property
    def doubtful(self) -> bool:
        """Whether the dial is dashed."""
        return self.estimated or self.conflict or self.moment is None

    @property
    def night(self) -> bool:
        """Whether it is dark on this dial."""
        local = self.local
        return local is not None and not NIGHT_ENDS_HOUR <= local.hour < NIGHT_BEGINS_HOUR

    @property
    def css(self) -> str:
        """Class of the dial: doubt covers night, since it matters more."""
        if self.doubtful:
            return "est"
        return "night" if self.night else ""

    @property
    def hour_angle(self) -> float:
        """Degrees of the hour hand, clockwise from the top."""
        local = self.local
        return (local.hour % 12) * 30 + local.minute / 2 if local else 0.0

    @property
    def minute_angle(self) -> float:
        """Degrees of the minute hand, clockwise from the top."""
        local = self.local
        return local.minute * 6.0 if local else 0.0

    @property
    def hour_hand(self) -> str:
        """Path of the hour hand."""
        return "M12 12L{:.2f} {:.2f}".format(*on_circle(HOUR_HAND, self.hour_angle))

    @property
    def minute_hand(self) -> str:
        """Path of the minute hand."""
        return "M12 12L{:.2f} {:.2f}".format(*on_circle(MINUTE_HAND, self.minute_angle))


@dataclass(frozen=True, slots=True)
class Dial:
    """What a small face shows, without its day: the same for all who must be somewhere at that time of day."""

    time: str
    css: str
    hour_hand: str
    minute_hand: str
    moment: bool
    doubtful: bool
    estimated: bool
    conflict: bool

    @classmethod
    def of(cls, face: ClockFace) -> "Dial":
        """The dial of `face`."""
        return cls(
            time=face.time,
            css=face.css,
            hour_hand=face.hour_hand,
            minute_hand=face.minute_hand,
            moment=face.moment is not None,
            doubtful=face.doubtful,
            estimated=face.estimated,
            conflict=face.conflict,
        )


@dataclass(frozen=True)
class TwoClocks:
    """When to stand where: the bridge leads, the court follows.

    `gap_minutes` is the time from bridge to court (None when one of them is unknown); `difference_minutes` how far the
    court's wall clock is ahead of the bridge's at that time (negative: behind). `sleeper` is the bridge's moment on the
    clock of the city where the family sleeps, given only when it differs.
    """

    bridge: ClockFace
    court: ClockFace
    place: Text
    court_name: Text
    kind: Text = ""
    gap_minutes: int | None = None
    difference_minutes: int = 0
    bridge_sources: Sequence[SourceLine] = ()
    court_sources: Sequence[SourceLine] = ()
    bridge_state: Pill | None = None
    court_state: Pill | None = None
    sleeper: ClockFace | None = None

    @property
    def gap(self) -> str:
        """The time between them, "4 h", or nothing when it is not known or not positive."""
        return duration(self.gap_minutes) if self.gap_minutes and self.gap_minutes > 0 else ""

    @property
    def differ(self) -> bool:
        """Whether the two cities' clocks read differently at that time."""
        return self.difference_minutes != 0

    @property
    def ahead(self) -> str:
        """In words, which city's clock is ahead and by how much; empty when both read the same."""
        if not self.differ:
            return ""
        first, second = (self.court, self.bridge) if self.difference_minutes > 0 else (self.bridge, self.court)
        return _("%(city)s is %(gap)s ahead of %(other)s") % {
            "city": first.city,
            "gap": duration(self.difference_minutes).replace(" ", "\u00a0"),
            "other": second.city,
        }

    @property
    def court_at_bridge(self) -> str:
        """The court's hour on the bridge's clock, "09:30", when the clocks differ."""
        if not self.differ or self.court.moment is None:
            return ""
        return ClockFace(self.court.moment, self.bridge.zone, self.bridge.city).time


@dataclass(frozen=True)
class Condition:
    """One of the six reasons of the readiness light. `key` is one of `CONDITION_KEYS`; `owner` who can mend it."""

    key: str
    title: Text
    state: State
    reason: Text = ""
    owner: Text = ""

    @property
    def tone(self) -> str:
        """Class of its row in the list of reasons."""
        return {"met": "ok", "confirm": "warn", "missing": "stop", "none": "calm"}[self.state]

    @property
    def icon(self) -> str:
        """Icon of its row."""
        return TONE_ICONS[self.tone]

    @property
    def state_word(self) -> str:
        """The state in words, for those who hear the page."""
        words = {
            "met": pgettext("condition", "met"),
            "confirm": pgettext("condition", "to confirm"),
            "missing": pgettext("condition", "missing"),
            "none": pgettext("condition", "does not apply"),
        }
        return words[self.state]


CONDITION_KEYS = ("hearing", "document", "test", "seat", "gate", "minors")


@dataclass(frozen=True)
class Sector:
    """The part of the ring that one condition takes: a full arc, a half arc on a track, a dot, or a thin line."""

    state: State
    position: int

    @property
    def begins(self) -> float:
        """Degrees from the top where the sector's arc begins."""
        return self.position * SECTOR_DEGREES + SECTOR_GAP

    @property
    def ends(self) -> float:
        """Degrees from the top where it ends."""
        return (self.position + 1) * SECTOR_DEGREES - SECTOR_GAP

    def _arc(self, begins: float, ends: float) -> str:
        (x1, y1), (x2, y2) = on_circle(RING_RADIUS, begins), on_circle(RING_RADIUS, ends)
        return f"M{x1:.2f} {y1:.2f}A{RING_RADIUS} {RING_RADIUS} 0 0 1 {x2:.2f} {y2:.2f}"

    @property
    def full(self) -> str:
        """Path of the whole arc."""
        return self._arc(self.begins, self.ends)

    @property
    def half(self) -> str:
        """Path of the first half, drawn for "to confirm"."""
        return self._arc(self.begins, self.begins + HALF_ARC_DEGREES)

    @property
    def rest(self) -> str:
        """Path of the track behind the second half."""
        return self._arc(self.begins + HALF_ARC_DEGREES, self.ends)

    @property
    def dot_x(self) -> str:
        """Centre of the dot drawn for "missing"."""
        return f"{on_circle(RING_RADIUS, (self.begins + self.ends) / 2)[0]:.2f}"

    @property
    def dot_y(self) -> str:
        """Centre of the dot drawn for "missing"."""
        return f"{on_circle(RING_RADIUS, (self.begins + self.ends) / 2)[1]:.2f}"


@dataclass(frozen=True)
class Light:
    """May this family leave? A verdict and its six reasons, in the order of `CONDITION_KEYS`.

    `title` is the sentence beside the big light, `word` the short reason beside the small one; without it the first
    open condition speaks.
    """

    verdict: Verdict
    title: Text
    summary: Text = ""
    conditions: Sequence[Condition] = ()
    word: Text = ""

    @property
    def css(self) -> str:
        """Class of ring and words."""
        return "na" if self.verdict == "none" else self.verdict

    @property
    def sectors(self) -> tuple[Sector, ...]:
        """The six sectors of the ring, clockwise from the top; a light without conditions shows six thin lines."""
        return tuple(Sector(state, position) for position, state in enumerate(self.states))

    @property
    def states(self) -> tuple[State, ...]:
        """The states of the six conditions in their order; none applies where nothing was judged."""
        found: list[State] = [condition.state for condition in self.conditions] or ["none"] * len(CONDITION_KEYS)
        return tuple(found)

    @property
    def glyph(self) -> str:
        """Path of the sign in the disc: check, exclamation mark, cross or dash."""
        glyphs = {
            "ok": "M9.6 12.1l1.7 1.7 3.2-3.5",
            "warn": "M12 9.6v2.7M12 14.6v.01",
            "stop": "M10.2 10.2l3.6 3.6M13.8 10.2l-3.6 3.6",
            "none": "M10 12h4",
        }
        return glyphs[self.verdict]

    @property
    def short(self) -> Text:
        """The verdict in two or three words, for lists."""
        if self.word:
            return self.word
        wanted: State | None = {"stop": "missing", "warn": "confirm"}.get(self.verdict)  # type: ignore[assignment]
        reason = next((each for each in self.conditions if each.state == wanted), None)
        if reason is None:
            return self.title
        if wanted == "missing":
            return _("Missing: %(what)s") % {"what": within(reason.title)}
        return _("To confirm: %(what)s") % {"what": within(reason.title)}

    @property
    def reasons(self) -> list[Condition]:
        """The conditions as the file lists them: what is missing first, then what is to confirm, then the rest."""
        order = {"missing": 0, "confirm": 1, "met": 2, "none": 3}
        return sorted(self.conditions, key=lambda condition: order[condition.state])


def _percent(value: float) -> str:
    return f"{max(0.0, value):.1f}%"


@dataclass(frozen=True)
class Occupancy:
    """A shelter or unit, counted in places; `free` and `over` come from the one formula, never from here."""

    capacity: int
    occupied: int
    held: int = 0
    blocked: int = 0
    free: int = 0
    over: int = 0

    def _share(self, places: float) -> float:
        """Percent of the track's length that `places` take."""
        whole = self.capacity or max(self.occupied, 1)
        return places * 100 / whole * 100 / BAR_SCALE_PERCENT

    @property
    def limit(self) -> str:
        """Where the stroke of the capacity stands."""
        return _percent(self._share(self.capacity))

    @property
    def inside(self) -> str:
        """Length of the people who are in, up to the capacity."""
        return _percent(self._share(min(self.occupied, self.capacity)))

    @property
    def _held_to(self) -> float:
        return min(100.0, self._share(self.occupied + self.held))

    @property
    def held_x(self) -> str:
        """Where the places held begin: after those who are in."""
        return _percent(min(100.0, self._share(self.occupied)))

    @property
    def held_width(self) -> str:
        """Length of the places held."""
        return _percent(self._held_to - min(100.0, self._share(self.occupied)))

    @property
    def blocked_x(self) -> str:
        """Where the blocked places begin: after those held."""
        return _percent(self._held_to)

    @property
    def blocked_width(self) -> str:
        """Length of the blocked places."""
        return _percent(min(100.0, self._share(self.occupied + self.held + self.blocked)) - self._held_to)

    @property
    def over_width(self) -> str:
        """Length of the people beyond the capacity, cut where the track ends."""
        beyond = self._share(max(0, self.occupied - self.capacity))
        return _percent(min(100.0 - self._share(self.capacity), beyond))

    @property
    def label(self) -> str:
        """The bar in words."""
        parts = [_("%(occupied)d of %(capacity)d") % {"occupied": self.occupied, "capacity": self.capacity}]
        if self.held:
            parts.append(_("%(count)d held") % {"count": self.held})
        if self.blocked:
            parts.append(_("%(count)d blocked") % {"count": self.blocked})
        parts.append(
            _("%(count)d over") % {"count": self.over} if self.over else _("%(count)d free") % {"count": self.free}
        )
        return ", ".join(parts)


@dataclass(frozen=True)
class PlanStep:
    """One step of the plan read backwards from the bridge, its anchor. `time` is already local ("02:45")."""

    time: str
    title: Text
    note: Text = ""
    anchor: bool = False
    estimated: bool = False
    done: bool = False

    @property
    def css(self) -> str:
        """Class of the step."""
        return "anchor" if self.anchor else "done" if self.done else ""


@dataclass(frozen=True)
class Age:
    """How old a figure is: `moment` (aware) when someone last saw it true. Built by `age_of`."""

    moment: datetime
    words: str
    tone: Literal["fresh", "hours", "old"] = "fresh"

    @property
    def disc(self) -> str:
        """Path of the filled part of the disc: whole, half or quarter."""
        paths = {
            "fresh": "M6 6V1A5 5 0 1 1 6 11A5 5 0 1 1 6 1Z",
            "hours": "M6 6V1A5 5 0 0 1 6 11Z",
            "old": "M6 6V1A5 5 0 0 1 11 6Z",
        }
        return paths[self.tone]


def age_of(moment: datetime, now: datetime, zone: str = "UTC") -> Age:
    """How old what was seen at `moment` is at `now`; clock times and days are said in `zone`."""
    past = max(timedelta(0), now - moment)
    minutes = int(past.total_seconds() // 60)
    if past < FRESH:
        return Age(moment, _("just now") if minutes < 1 else _("%(gap)s ago") % {"gap": duration(minutes)}, "fresh")
    if past < HOURS_OLD:
        return Age(moment, _("%(gap)s ago") % {"gap": duration(minutes // 60 * 60)}, "hours")
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if local.date() == today:
        return Age(moment, _("today %(time)s") % {"time": f"{local:%H:%M}"}, "old")
    if local.date() == today - timedelta(days=1):
        return Age(moment, _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}, "old")
    return Age(moment, short_day_of_year(local), "old")


@dataclass(frozen=True)
class Wait:
    """How long a family has waited: amber from an hour and a half, brick from three hours."""

    minutes: int
    css: Literal["", "warn", "stop"] = field(default="")

    @property
    def words(self) -> str:
        """The wait, "1 h 55"."""
        return duration(self.minutes)

    @property
    def icon(self) -> str:
        """A clock, or a clock that asks for attention."""
        return "clock-exclamation" if self.css else "clock"


def wait_of(since: datetime, now: datetime) -> Wait:
    """The wait from `since` to `now`, both aware."""
    past = max(timedelta(0), now - since)
    return Wait(int(past.total_seconds() // 60), "stop" if past >= WAIT_STOPS else "warn" if past >= WAIT_WARNS else "")


def initials(name: str) -> str:
    """Two letters for the round link to the account: "Maribel Ontiveros" gives "MO"."""
    words = [word for word in name.split() if word[:1].isalpha()]
    return "".join(word[0] for word in words[:2]).upper() or "?"
