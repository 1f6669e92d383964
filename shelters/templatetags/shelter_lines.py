"""The lines of the board, each drawn once: hundreds are asked for every 20 seconds, and few have changed."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from core import look
from shelters.board import Facts, Line
from shelters.freshness import basis

register = template.Library()


@register.simple_tag
def shelter_line(line: Line, now: datetime) -> SafeString:
    """Draw a shelter with its bar, its figures, its free places by kind, and how old its count is at `now`."""
    language, house = get_language(), line.house
    before, after = _drawn(language, line.facts)
    if house.counted_at is None:
        told = _basis_drawn(language, None, house.counted_basis, 0)
    else:
        age = look.age_of(house.counted_at, now, house.site.zone)
        told = _basis_drawn(language, age, house.counted_basis, house.count_off)
    return before + told + after


@lru_cache(maxsize=4096)
def _drawn(language: str | None, facts: Facts) -> tuple[SafeString, SafeString]:
    """What stands before and after the age of a line."""
    before, after = (render_to_string(f"shelters/_line.html#{part}", {"line": facts}) for part in ("before", "after"))
    return before, after


@lru_cache(maxsize=8192)
def _basis_drawn(language: str | None, age: look.Age | None, counted: str, off: int) -> SafeString:
    told = basis(age.moment, counted, off, age.moment) if age else None
    return render_to_string("shelters/_basis.html", {"age": age, "basis": told})
