"""Where a household fits, in order and with reasons, and why not elsewhere, rule by rule. Counts nothing itself.

The rules are those of a plan for many: `shelters.rules` says what cannot be, `shelters.planning.wishes` what weighs how much.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actors import Actor, Capability
from core.look import Pill, Text
from shelters.board import kind_word
from shelters.errors import WrongUnit
from shelters.models import Shelter, Unit
from shelters.offers import Vacancy, vacancies_of
from shelters.planning.wishes import Wishes, points_of, reasons_for
from shelters.reason_words import pills_of
from shelters.rules import Kind, Mismatch, Party, broken_rules

FEW_LEFT = 15
# Reasons that say what a household needs, or from whom it is kept apart.
TELLS_OF_NEEDS = frozenset({"safe", "apart", "ramp", "has_clinic", "clinic", "takes_pets", "pets_unknown"})


@dataclass(frozen=True, slots=True)
class Option:
    """A room in which the whole household could sleep, and why it stands where it does; fewer `points` are better."""

    unit: Unit
    shelter: Shelter
    reasons: tuple[Pill, ...]
    is_held: bool = False
    points: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A shelter that cannot take them, and every rule that stands against it."""

    shelter: Shelter
    reasons: tuple[Pill, ...]


@dataclass(frozen=True, slots=True)
class RefusedRoom:
    """A room that cannot take them, and every rule that stands against it."""

    unit: Unit
    reasons: tuple[Pill, ...]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms of one shelter: those that take them whole, in its order, and the others."""

    fitting: tuple[Unit, ...]
    refused: tuple[RefusedRoom, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rooms that fit, best first; rooms that would go over or whose capacity nobody knows; and shelters refused."""

    fitting: tuple[Option, ...]
    over: tuple[Option, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    party: Party
    wishes: Wishes
    left: dict[tuple[int | None, str], int]
    actor: Actor


def rank(shelters: Iterable[Shelter], *, party: Party, wishes: Wishes, actor: Actor, at: datetime) -> Ranking:
    """Rank the rooms of `shelters` (read by `with_figures`) for `party`, in words that `actor` may read.

    In order: the room where places are held for them (those places are theirs), then by points, then by free places.
    """
    houses = list(shelters)
    asked = _Asked(party, wishes, _left_by_kind(houses), actor)
    fitting: list[Option] = []
    over: list[Option] = []
    refused: list[Refusal] = []
    for shelter in houses:
        fits, overs, refusal = _sort_out(shelter, vacancies_of([shelter], at=at), asked)
        fitting += fits
        if not fits:
            over += overs[:1]
            if not overs:
                refused.append(refusal)
    fitting.sort(key=lambda option: (not option.is_held, option.points, -option.unit.figures.free, option.shelter.name))
    over.sort(key=lambda option: (*_lacking(option), option.points, option.shelter.name))
    return Ranking(tuple(fitting), tuple(over), tuple(refused))


def rooms_for(shelter: Shelter, *, party: Party, kept: Unit | None, actor: Actor, at: datetime) -> Rooms:
    """The rooms of `shelter` (read by `with_figures`) for `party`, by the rules and in the words of `rank`; nobody goes over here.

    Places that wait for them in `kept` are theirs.
    """
    fitting: list[Unit] = []
    refused: list[RefusedRoom] = []
    for vacancy in vacancies_of([shelter], at=at):
        free = vacancy.free_for(party.people, is_theirs=vacancy.unit == kept)
        reasons = [_no(_told(rule, actor)) for rule in _told_once(broken_rules(vacancy.rules, party))]
        if not reasons and (free is None or free < party.people):
            reasons = [_too_few(free, party.people)]
        if reasons:
            refused.append(RefusedRoom(vacancy.unit, tuple(reasons)))
        else:
            fitting.append(vacancy.unit)
    return Rooms(tuple(fitting), tuple(refused))


def no_room_words(ranking: Ranking, *, party: Party, may_go_over: bool, other_cities: bool) -> str:
    """What to do where no room takes `party` whole tonight, never advice that nothing on the page follows."""
    said = []
    if ranking.over:
        said.append(
            _("Over the capacity somebody names a reason: see below.") if may_go_over else _("Ask the coordinator.")
        )
    elif party.is_isolated:
        said.append(
            _("No shelter here has a room for isolation. Where one is set apart, note it at the rooms of its shelter.")
        )
    else:
        said.append(_("Each shelter says below what stands against it; no reason overrules a rule."))
    if other_cities:
        said.append(_("Another city may have room: choose it above."))
    return " ".join(said)


def _sort_out(
    shelter: Shelter, vacancies: Sequence[Vacancy], asked: _Asked
) -> tuple[list[Option], list[Option], Refusal]:
    fits: list[Option] = []
    overs: list[Option] = []
    broken: dict[Mismatch, None] = {}
    for vacancy in vacancies:
        rules = broken_rules(vacancy.rules, asked.party)
        is_theirs = vacancy.unit.pk == asked.wishes.held
        free = vacancy.free_for(asked.party.people, is_theirs=is_theirs)
        if rules:
            broken |= dict.fromkeys(rules)
        elif free is not None and free >= asked.party.people:
            fits.append(_option(vacancy, asked, _fits(vacancy.unit, free, asked.actor), is_held=is_theirs))
        else:
            overs.append(_option(vacancy, asked, _lack(vacancy.unit, free or 0, asked)))
    overs.sort(key=_lacking)
    reasons = list(dict.fromkeys(_no(_told(rule, asked.actor)) for rule in _told_once(broken))) or [
        _no(_("Has no room yet"))
    ]
    return fits, overs, Refusal(shelter, tuple(reasons))


def _told_once(broken: Iterable[Mismatch]) -> list[Mismatch]:
    """A house that is closed is closed: what its rooms would refuse besides is not told."""
    listed = list(broken)
    return [Mismatch.CLOSED] if Mismatch.CLOSED in listed else listed


def _told(rule: Mismatch, actor: Actor) -> Text:
    """`rule` in words that `actor` may read: that they isolate is for those who may see health."""
    if rule == Mismatch.NEEDS_ISOLATION and not actor.can(Capability.SEE_HEALTH):
        return WrongUnit.message
    return rule.label


def _option(vacancy: Vacancy, asked: _Asked, first: Pill, *, is_held: bool = False) -> Option:
    reasons = reasons_for(asked.wishes, vacancy.offer)
    sees_needs = asked.actor.can(Capability.SEE_NEEDS)
    pills = pills_of(reason for reason in reasons if sees_needs or reason.code not in TELLS_OF_NEEDS)
    ahead = [pill for pill in pills if pill.tone == "accent"]
    rest = [pill for pill in pills if pill.tone != "accent"]
    told = (*ahead, first, *rest, *_doubts(vacancy, asked)) if first.tone == "ok" else (first, *rest)
    points = points_of(asked.wishes, vacancy.offer)
    return Option(vacancy.unit, vacancy.shelter, told, is_held, points)


def _lacking(option: Option) -> tuple[int, int]:
    return option.unit.figures.unknown, option.unit.figures.over


def _fits(unit: Unit, free: int, actor: Actor) -> Pill:
    told = ngettext("Fits whole: %(n)d place free", "Fits whole: %(n)d places free", free) % {"n": free}
    if unit.kind != Kind.MIXED:
        told = f"{told} ({kind_word(unit.kind, actor)})"
    return Pill("ok", "check", told)


def _doubts(vacancy: Vacancy, asked: _Asked) -> Iterable[Pill]:
    unit, shelter = vacancy.unit, vacancy.shelter
    if asked.party.others and unit.kind in (Kind.WOMEN, Kind.MEN):
        yield Pill("warn", "alert-circle", _("Ask first: for somebody the sex is not noted"))
    left = asked.left[(shelter.site.parent_id, unit.kind)] - asked.party.people
    if 0 <= left <= FEW_LEFT:
        words = {"n": left, "kind": kind_word(unit.kind, asked.actor), "city": shelter.site.city.name}
        told = ngettext(
            "%(n)d place would be left in %(city)s (%(kind)s)",
            "%(n)d places would be left in %(city)s (%(kind)s)",
            left,
        )
        yield Pill("warn", "alert-circle", told % words)


def _lack(unit: Unit, free: int, asked: _Asked) -> Pill:
    places = unit.figures
    if places.capacity is None:
        return _no(_("Nobody has said how many places it has; to place here, name a reason"))
    if places.over:
        return _no(_("%(n)d over already; to place here, name a reason") % {"n": places.over})
    told = ngettext(
        "%(n)d place free for %(people)d; to place here, name a reason",
        "%(n)d places free for %(people)d; to place here, name a reason",
        free,
    )
    return _no(told % {"n": free, "people": asked.party.people})


def _too_few(free: int | None, people: int) -> Pill:
    """Why a room lacks places where no reason helps."""
    if free is None:
        return _no(_("Nobody has said how many places it has."))
    told = ngettext("%(n)d place free for %(people)d", "%(n)d places free for %(people)d", free)
    return _no(told % {"n": free, "people": people})


def _left_by_kind(shelters: Sequence[Shelter]) -> dict[tuple[int | None, str], int]:
    left: dict[tuple[int | None, str], int] = {}
    for shelter in shelters:
        for kind, free in shelter.free_by_kind.items():
            key = (shelter.site.parent_id, kind)
            left[key] = left.get(key, 0) + free
    return left


def _no(text: Text) -> Pill:
    return Pill("stop", "x", text)
