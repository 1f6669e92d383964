"""The two clocks: dials with their hands, the bridge beside the court."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.look.circle import on_circle
from core.look.parts import Pill, SourceLine, Text
from core.look.words import duration

NIGHT_ENDS_HOUR, NIGHT_BEGINS_HOUR = 7, 19
HOUR_HAND, MINUTE_HAND = 5.4, 8.4


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
