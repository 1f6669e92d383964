"""Where a household fits, in order and with reasons, and why not elsewhere. Counts nothing itself: it reads counted shelters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.look import Pill, Text
from places.models import Crossing, Site
from shelters.board import KIND_WORDS
from shelters.models import Shelter, Unit
from shelters.rules import Kind, Party, kilometres, mismatch

BELIEVABLE_FOR = timedelta(days=1)
FEW_LEFT = 15
FAR_KM = 60.0


@dataclass(frozen=True, slots=True)
class Option:
    """A room in which the whole household could sleep, and why it stands where it does."""

    unit: Unit
    shelter: Shelter
    reasons: tuple[Pill, ...]
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A shelter that cannot take them, and why."""

    shelter: Shelter
    reasons: tuple[Pill, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rooms that fit, best first; rooms that would go over or whose capacity nobody knows; and shelters refused."""

    fitting: tuple[Option, ...]
    over: tuple[Option, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    party: Party
    near: Crossing | None
    held_unit: int | None
    at: datetime
    left: dict[tuple[int | None, str], int]


def rank(
    shelters: Iterable[Shelter], *, party: Party, near: Crossing | None, held_unit: int | None = None, at: datetime
) -> Ranking:
    """Rank the rooms of `shelters` (read by `with_figures`) for `party`, nearest to `near` first.

    `held_unit` is the room in which places are held for them: it comes first, and those places are theirs. In order: held,
    a count that was confirmed within a day, a room meant for such a family before one for everyone, near before far,
    then the most free places.
    """
    houses = list(shelters)
    asked = _Asked(party, near, held_unit, at, _left_by_kind(houses))
    fitting: list[Option] = []
    over: list[Option] = []
    refused: list[Refusal] = []
    for shelter in houses:
        fits, overs, refusal = _sort_out(shelter, asked)
        fitting += fits
        if not fits:
            over += overs[:1]
            if refusal and not overs:
                refused.append(refusal)
    fitting.sort(key=lambda option: _order(option, asked))
    over.sort(key=lambda option: (option.unit.figures.unknown, option.unit.figures.over, _order(option, asked)))
    return Ranking(tuple(fitting), tuple(over), tuple(refused))


def _sort_out(shelter: Shelter, asked: _Asked) -> tuple[list[Option], list[Option], Refusal | None]:
    if not shelter.is_open_at(asked.at):
        return [], [], Refusal(shelter, (_no(_("Closed: receives nobody")),))
    fits: list[Option] = []
    overs: list[Option] = []
    why_not: dict[str, Pill] = {}
    for unit in shelter.units.all():
        broken = mismatch(unit.kind, asked.party)
        if broken is not None:
            why_not[broken] = _no(broken.label)
        elif unit.is_closed_for_works:
            why_not["works"] = _no(_("Closed for works"))
        elif _free_for(unit, asked) >= asked.party.people:
            fits.append(Option(unit, shelter, tuple(_reasons(unit, shelter, asked)), unit.pk == asked.held_unit))
        else:
            overs.append(Option(unit, shelter, (_lack(unit, asked), *_nearness(shelter.site, asked))))
    overs.sort(key=lambda option: (option.unit.figures.unknown, option.unit.figures.over))
    refusal = Refusal(shelter, tuple(why_not.values()) or (_no(_("Has no room yet")),))
    return fits, overs, refusal


def _free_for(unit: Unit, asked: _Asked) -> int:
    own = asked.party.people if unit.pk == asked.held_unit else 0
    return unit.figures.free + min(own, unit.places_held)


def _order(option: Option, asked: _Asked) -> tuple[bool, bool, bool, float, int, str]:
    return (
        not option.is_held,
        not _is_believable(option.shelter, asked.at),
        option.unit.kind == Kind.MIXED,
        _distance(option.shelter.site, asked.near) or 0.0,
        -option.unit.figures.free,
        option.shelter.name,
    )


def _reasons(unit: Unit, shelter: Shelter, asked: _Asked) -> Iterable[Pill]:
    free = _free_for(unit, asked)
    if unit.pk == asked.held_unit:
        yield Pill("accent", "hourglass", _("Places are held here for them"))
    told = ngettext("Fits whole: %(n)d place free", "Fits whole: %(n)d places free", free) % {"n": free}
    if unit.kind != Kind.MIXED:
        told = f"{told} ({KIND_WORDS[unit.kind]})"
    yield Pill("ok", "check", told)
    if unit.is_accessible:
        yield Pill("ok", "check", _("With ramp"))
    yield from _nearness(shelter.site, asked)
    yield from _doubts(unit, shelter, asked)


def _doubts(unit: Unit, shelter: Shelter, asked: _Asked) -> Iterable[Pill]:
    if shelter.counted_at is None:
        yield Pill("warn", "alert-circle", _("Its count was never confirmed: call before sending them"))
    elif not _is_believable(shelter, asked.at):
        yield Pill("warn", "alert-circle", _("Its count is older than a day: call before sending them"))
    if asked.party.others and unit.kind in (Kind.WOMEN, Kind.MEN):
        yield Pill("warn", "alert-circle", _("Ask first: for somebody the sex is not noted"))
    if shelter.figures.over:
        yield Pill("warn", "alert-circle", _("Another room here is over by %(n)d") % {"n": shelter.figures.over})
    left = asked.left[(shelter.site.parent_id, unit.kind)] - asked.party.people
    if 0 <= left <= FEW_LEFT:
        words = {"n": left, "kind": KIND_WORDS[unit.kind], "city": shelter.site.city.name}
        told = ngettext(
            "%(n)d place would be left in %(city)s (%(kind)s)",
            "%(n)d places would be left in %(city)s (%(kind)s)",
            left,
        )
        yield Pill("warn", "alert-circle", told % words)


def _is_believable(shelter: Shelter, at: datetime) -> bool:
    return shelter.counted_at is not None and at - shelter.counted_at <= BELIEVABLE_FOR


def _lack(unit: Unit, asked: _Asked) -> Pill:
    places = unit.figures
    if places.capacity is None:
        return _no(_("Nobody has said how many places it has; to place here, name a reason"))
    if places.over:
        return _no(_("%(n)d over already; to place here, name a reason") % {"n": places.over})
    free = _free_for(unit, asked)
    told = ngettext(
        "%(n)d place free for %(people)d; to place here, name a reason",
        "%(n)d places free for %(people)d; to place here, name a reason",
        free,
    )
    return _no(told % {"n": free, "people": asked.party.people})


def _nearness(site: Site, asked: _Asked) -> Iterable[Pill]:
    distance = _distance(site, asked.near)
    if asked.near is None or distance is None:
        return
    if asked.near.city_id == site.city_id:
        yield Pill("ok", "check", _("In the same city as %(crossing)s") % {"crossing": asked.near.name})
    else:
        words = {"km": round(distance), "crossing": asked.near.name}
        told = _("About %(km)d km in a straight line from %(crossing)s") % words
        yield Pill("ok", "check", told) if distance <= FAR_KM else Pill("warn", "alert-circle", told)


def _distance(site: Site, near: Crossing | None) -> float | None:
    """Kilometres between the city of `site` and the bridge; shelters have no coordinates of their own yet."""
    if near is None or site.city.latitude is None or site.city.longitude is None:
        return None
    latitude, longitude = (
        (near.latitude, near.longitude) if near.latitude is not None else (near.city.latitude, near.city.longitude)
    )
    if latitude is None or longitude is None:
        return None
    return kilometres((float(site.city.latitude), float(site.city.longitude)), (float(latitude), float(longitude)))


def _left_by_kind(shelters: Sequence[Shelter]) -> dict[tuple[int | None, str], int]:
    left: dict[tuple[int | None, str], int] = {}
    for shelter in shelters:
        for kind, free in shelter.free_by_kind.items():
            key = (shelter.site.parent_id, kind)
            left[key] = left.get(key, 0) + free
    return left


def _no(text: Text) -> Pill:
    return Pill("stop", "x", text)
