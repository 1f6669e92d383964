"""Points on the 24 x 24 view box of dials and rings."""

from math import cos, radians, sin

CENTRE = 12.0


def on_circle(radius: float, degrees: float) -> tuple[float, float]:
    """The point at `degrees` clockwise from the top of a circle around the middle of a 24 x 24 view box."""
    angle = radians(degrees)
    return CENTRE + radius * sin(angle), CENTRE - radius * cos(angle)
