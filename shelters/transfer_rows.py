"""Transfers in words: whose, from where to where, how they stand and who must do what next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Household
from cases.names import family_name
from core.actors import Actor, Capability
from core.look import Pill
from shelters.discretion import isolates_only, name_told
from shelters.models import Transfer, TransferQuerySet
from shelters.moves import State
from shelters.rules import Kind

SOON = timedelta(hours=3)
OVER_SHOWN = timedelta(days=1)
LOOKS = {
    State.REQUESTED: ("warn", "hourglass"),
    State.ACCEPTED: ("accent", "check"),
    State.ARRANGED: ("accent", "calendar-check"),
    State.DEPARTED: ("accent", "arrow-right"),
    State.ARRIVED: ("ok", "circle-check"),
    State.DECLINED: ("stop", "x"),
    State.CANCELLED: ("calm", "ban"),
    State.EXPIRED: ("stop", "clock-exclamation"),
}
NEXT = {
    State.REQUESTED: gettext_lazy("the other shelter answers"),
    State.ACCEPTED: gettext_lazy("transport, or they leave"),
    State.ARRANGED: gettext_lazy("they leave"),
    State.DEPARTED: gettext_lazy("they arrive"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer. `name` is empty where the household may not be seen: then its code and size must do."""

    transfer: Transfer
    name: str
    origin: str
    destination: str
    room: str
    state: Pill
    next: str
    is_urgent: bool

    @property
    def zone(self) -> str:
        """The zone of the clock it is told by: that of the shelter they leave."""
        return self.transfer.from_shelter.site.city.zone


@dataclass(frozen=True, slots=True)
class Flow:
    """The transfers that somebody must do something about, by what that is, and what ended last."""

    answer: list[Row]
    send: list[Row]
    receive: list[Row]
    over: list[Row]

    @property
    def households(self) -> list[Household]:
        """Whose names stand on the page."""
        rows = [*self.answer, *self.send, *self.receive, *self.over]
        return [row.transfer.household for row in rows if row.name]


def transfers_waiting(*, actor: Actor, now: datetime) -> dict[str, TransferQuerySet]:
    """What asks `actor` for a deed, to be counted: questions to the own shelters, and for who places people what came to nothing."""
    runs, places = actor.can(Capability.RUN_SHELTER), actor.can(Capability.PLACE)
    waiting = {}
    if runs or places:
        waiting["transfers_asked"] = Transfer.objects.to_be_answered_by(actor)
    if places:
        waiting["transfers_not_taken"] = Transfer.objects.visible_to(actor).that_came_to_nothing(now - OVER_SHOWN)
    return waiting


def told(transfers: TransferQuerySet) -> TransferQuerySet:
    """With all that a row says, in one query."""
    return transfers.select_related(
        "household", "from_shelter__site__city", "to_shelter__site__city", "to_unit"
    ).annotate(
        from_isolates=isolates_only(shelter=OuterRef("from_shelter")),
        to_isolates=isolates_only(shelter=OuterRef("to_shelter")),
    )


def rows_of(transfers: Iterable[Transfer], *, actor: Actor, now: datetime) -> list[Row]:
    """`transfers`, as `told` reads them, as `actor` may know of them. Two queries."""
    listed = list(transfers)
    asked = Household.objects.visible_to(actor).filter(pk__in={each.household_id for each in listed})
    keys = set(asked.order_by().values_list("pk", flat=True))
    seen = [each.household for each in listed if each.household_id in keys]
    prefetch_related_objects(seen, "people")  # read already where its rooms were asked for
    names = {one.pk: family_name(list(one.people.all())) for one in seen}
    return [_row(each, names.get(each.household_id, ""), actor, now) for each in listed]


def flow_of(rows: Iterable[Row]) -> Flow:
    """`rows` by whose turn it is."""
    listed = list(rows)

    def those(*states: State) -> list[Row]:
        return [row for row in listed if row.transfer.state in states]

    over = those(State.ARRIVED, State.DECLINED, State.CANCELLED, State.EXPIRED)
    return Flow(those(State.REQUESTED), those(State.ACCEPTED, State.ARRANGED), those(State.DEPARTED), over)


def _row(transfer: Transfer, name: str, actor: Actor, now: datetime) -> Row:
    state = State(transfer.state)
    tone, icon = LOOKS[state]
    sees_health = actor.can(Capability.SEE_HEALTH)
    origin, destination = (
        name_told(shelter.name, shelter.site.city.name, is_isolation=isolates, sees_health=sees_health)
        for shelter, isolates in (
            (transfer.from_shelter, getattr(transfer, "from_isolates", False)),
            (transfer.to_shelter, getattr(transfer, "to_isolates", False)),
        )
    )
    is_theirs = actor.can(Capability.RUN_SHELTER) and actor.works_at(transfer.to_shelter.site_id)
    is_plain = sees_health or is_theirs or (transfer.to_unit is not None and transfer.to_unit.kind != Kind.ISOLATION)
    return Row(
        transfer=transfer,
        name=name,
        origin=origin,
        destination=destination,
        room=transfer.to_unit.name if transfer.to_unit and is_plain else "",
        state=Pill(tone, icon, _told_apart(transfer, now) or state.label),  # type: ignore[arg-type]
        next=str(NEXT.get(state, "")),
        is_urgent=bool(NEXT.get(state)) and transfer.expires_at - now < SOON,
    )


def _told_apart(transfer: Transfer, now: datetime) -> str:
    """What its state alone does not say: that they should have left by now, or that nobody said yes or no."""
    if transfer.state == State.ARRANGED and transfer.leaves_at is not None and transfer.leaves_at < now:
        return _("Should have left")
    return _("Nobody answered in time") if transfer.state == State.EXPIRED and transfer.answered_at is None else ""
