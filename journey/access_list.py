"""Who asks to see our records, who is let in, and what became of what we asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from cases.models import AccessRequest, AccessRequestQuerySet, Household
from cases.names import family_name
from core.actors import Actor, Capability
from core.look import Pill, short_day
from places import zones

MOST = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the family that it is about, as far as the reader may know it: `name` is empty where they may not."""

    request: AccessRequest
    household: Household | None
    name: str

    @property
    def until(self) -> str:
        """The day on which it ends, at the site that holds the record; empty where none was set."""
        ends = self.request.until
        return short_day(zones.local(ends, self.request.household.site.city.zone)) if ends else ""

    @property
    def pill(self) -> Pill:
        """What became of it, for those who asked."""
        if self.request.is_granted and self.household:
            return Pill("ok", "key", _("You may see it"))
        return Pill("calm", "hourglass", _("No answer yet"))


@dataclass(frozen=True, slots=True)
class Access:
    """The three lists of the page. Those whom we asked and who said no stand among those that wait."""

    to_decide: Sequence[Asked]
    let_in: Sequence[Asked]
    own: Sequence[Asked]

    @property
    def shown(self) -> set[UUID]:
        """The households that the page tells of."""
        return {each.household.uid for each in (*self.to_decide, *self.let_in, *self.own) if each.household}


def waiting_requests(actor: Actor) -> AccessRequestQuerySet:
    """What others ask of the sites of `actor` and `actor` may answer."""
    waiting = AccessRequest.objects.visible_to(actor).waiting().filter(household__site__any_of=actor.site_ids)
    return waiting if actor.can(Capability.DECIDE_ACCESS) else waiting.none()


def access_of(*, actor: Actor) -> Access:
    """The lists for `actor`, the newest first, at most fifty each. Five queries."""
    visible = AccessRequest.objects.visible_to(actor).select_related("site", "household__site__city")
    ours = visible.filter(household__site__any_of=actor.site_ids)
    may_decide = actor.can(Capability.DECIDE_ACCESS)
    asked = waiting_requests(actor).select_related("site", "household__site__city")
    to_decide = list(asked.order_by("asked_at", "pk")[:MOST])
    let_in = list(ours.open().asked_for()[:MOST]) if may_decide else []
    own = list(visible.filter(site__any_of=actor.site_ids, ended_at=None).asked_for()[:MOST])
    seen = _names({each.household_id for each in (*to_decide, *let_in, *own)}, actor)
    return Access(_rows(to_decide, seen), _rows(let_in, seen), _rows(own, seen))


def _names(keys: Iterable[int], actor: Actor) -> dict[int, tuple[Household, str]]:
    households = Household.objects.visible_to(actor).filter(pk__in=keys).prefetch_related("people")
    return {each.pk: (each, family_name(list(each.people.all()))) for each in households}


def _rows(requests: Iterable[AccessRequest], seen: dict[int, tuple[Household, str]]) -> list[Asked]:
    return [Asked(each, *seen.get(each.household_id, (None, ""))) for each in requests]
