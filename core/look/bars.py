"""Bars of occupancy, to scale."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

BAR_SCALE_PERCENT = 135  # every bar is drawn on a track this long, so that over-full shelters show to scale


def _percent(value: float) -> str:
    return f"{max(0.0, value):.1f}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """A count drawn to scale beside others: `whole` is as long as the track."""

    value: int
    whole: int

    @property
    def width(self) -> str:
        """How much of the track it takes."""
        return _percent(self.value * 100 / self.whole if self.whole else 0)

    @property
    def from_the_right(self) -> str:
        """Where it begins when it grows to the left."""
        return _percent(100 - self.value * 100 / self.whole if self.whole else 100)


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
