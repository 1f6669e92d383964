"""Moving many hearings by one announced rule: looked at, applied to all or to none, undone (docs/adr/postponements.md).

Each deed of a worker is one transaction and may be done twice: what it writes, it writes only where the postponement still waits for it.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.again import atomic_again
from core.errors import DomainError
from core.once import once
from core.progress import Progress
from hearings import policies
from hearings.actions.shifting import bring_hearings_back, move_hearings
from hearings.foreseeing import basis_of, foresee
from hearings.models import Hearing, Postponement, PostponementLine
from hearings.postponing import Rule

MANY = 200  # from here on whoever applies must say how many
LINES_PER_INSERT = 1000

State = Postponement.State


class PostponementMoved(DomainError):
    """It is being worked on, or stands elsewhere by now: another desk was quicker."""

    code = "postponement_moved"
    message = _("This postponement is not as it was: somebody applied, undid or discarded it. Look at it again.")


class DocketChanged(DomainError):
    """A hearing changed, came or went since the preview: what was looked at is not what would happen."""

    code = "docket_changed"
    message = _("The docket changed since this preview. It is worked out anew: look at it again.")


class NothingMoves(DomainError):
    """By the preview no hearing gets another date."""

    code = "nothing_moves"
    message = _("This rule moves no hearing.")


class NotThatMany(DomainError):
    """Who moves many hearings says how many; the number was another."""

    code = "not_that_many"
    message = _("Write how many hearings move, as the preview says it.")
    http_status = 422


@transaction.atomic
def make_postponement(
    *, uid: UUID, rule: Rule, reason: str, announced_on: date, source_url: str = "", actor: Actor, at: datetime
) -> tuple[Postponement, bool]:
    """Keep a rule that was announced on `announced_on` (at `source_url`), and have worked out what it would do.

    Once per `uid` that a form made: returns it and whether it is new. Raises NotAllowed, SentForAnother.
    """
    policies.check_can_postpone(actor)
    told = {"rule": rule.as_json(), "reason": reason, "announced_on": announced_on, "source_url": source_url}
    return once(uid, Postponement.objects.filter(made_by=actor.id), lambda: _make(uid, told, actor, at))


def _make(uid: UUID, told: dict[str, Any], actor: Actor, at: datetime) -> Postponement:
    made = Postponement.objects.create(
        uid=uid,
        **told,
        site_ids=None if actor.everywhere else sorted(actor.site_ids),
        made_at=at,
        made_by=actor.id,
        made_by_name=actor.name,
        acting=actor.id,
        acting_name=actor.name,
        asked_at=at,
    )
    record(EventType.POSTPONEMENT_MADE, subject=made, actor=actor, at=at)
    return made


@transaction.atomic
def ask_for_preview(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Have worked out anew what `postponement` would do. Raises NotAllowed, PostponementMoved."""
    return _ask(postponement, State.PREVIEWED, State.PREVIEWING, actor, at)


@transaction.atomic
def ask_to_apply(
    *, postponement: Postponement, how_many: int | None = None, actor: Actor, at: datetime
) -> Postponement:
    """Have `postponement` applied on behalf of `actor`, who says `how_many` hearings move where those are more than `MANY`.

    Raises NotAllowed, PostponementMoved, NothingMoves, NotThatMany.
    """
    moving = postponement.lines.moving().count()
    if not moving:
        raise NothingMoves()
    if moving > MANY and how_many != moving:
        raise NotThatMany()
    asked = _ask(postponement, State.PREVIEWED, State.APPLYING, actor, at)
    record(EventType.POSTPONEMENT_APPLY_ASKED, subject=asked, actor=actor, at=at, hearings=moving)
    return asked


@transaction.atomic
def ask_to_undo(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Have `postponement` undone on behalf of `actor`. Raises NotAllowed, PostponementMoved."""
    asked = _ask(postponement, State.APPLIED, State.UNDOING, actor, at)
    record(EventType.POSTPONEMENT_UNDO_ASKED, subject=asked, actor=actor, at=at)
    return asked


@transaction.atomic
def discard_postponement(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Put away one that was never applied. Raises NotAllowed, PostponementMoved."""
    discarded = _ask(postponement, State.PREVIEWED, State.DISCARDED, actor, at)
    record(EventType.POSTPONEMENT_DISCARDED, subject=discarded, actor=actor, at=at)
    return discarded


def _ask(postponement: Postponement, origin: State, goal: State, actor: Actor, at: datetime) -> Postponement:
    policies.check_can_postpone(actor)
    stands = Postponement.objects.visible_to(actor).filter(pk=postponement.pk, state=origin)
    asked = {"acting": actor.id, "acting_name": actor.name, "asked_at": at, "claimed_until": None, "tries": 0}
    if not stands.update(state=goal, trouble="", **asked):
        raise PostponementMoved()
    postponement.refresh_from_db()
    return postponement


@transaction.atomic
def claim_postponement(*, key: int | None = None, actor: Actor, at: datetime) -> Postponement | None:
    """The postponement `key`, or the one that waits longest, claimed by this worker; None where none waits.

    The claim of a worker that died runs out. One that takes longer keeps the row locked, and others pass it over.
    """
    waiting = Postponement.objects.to_work_on_at(at).select_for_update(skip_locked=True)
    claimed = (waiting.filter(pk=key) if key else waiting).first()
    if claimed is not None:
        claimed.claimed_until, claimed.tries = at + timedelta(seconds=settings.CLAIM_SECONDS), claimed.tries + 1
        claimed.save(update_fields=["claimed_until", "tries"])
    return claimed


@atomic_again
def preview_postponement(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Keep what `postponement` would do to each hearing that `actor` may change. Nothing else is written. Raises NotAllowed."""
    policies.check_can_postpone(actor)
    waits = _waiting(postponement, State.PREVIEWING)
    if waits is not None:
        foreseen = foresee(waits, actor=actor, at=at, progress=Progress(waits.work, ends=80))
        PostponementLine.objects.filter(postponement=waits).delete()
        lines = [each.line for each in foreseen]
        for line in lines:
            line.postponement = waits
        PostponementLine.objects.bulk_create(lines, batch_size=LINES_PER_INSERT)
        _stand(waits, State.PREVIEWED, at, previewed_at=at, basis=basis_of(foreseen), trouble=waits.trouble)
        moving = sum(not line.refusal for line in lines)
        staying = len(lines) - moving
        record(EventType.POSTPONEMENT_PREVIEWED, subject=waits, actor=actor, at=at, moving=moving, staying=staying)
    postponement.refresh_from_db()
    return postponement


@atomic_again
def apply_postponement(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Give every hearing of the preview its new date, in one transaction: all or none.

    Each gets the announcement's word, a version and an event; nobody is told before `HOLD` is over. The hearings are locked by key and
    the preview is worked out once more: where it says anything else, nothing is written. Raises NotAllowed, DocketChanged.
    """
    policies.check_can_postpone(actor)
    waits = _waiting(postponement, State.APPLYING)
    if waits is not None:
        _hold(waits)
        foreseen = foresee(waits, actor=actor, at=at, progress=Progress(waits.work, ends=40))
        if basis_of(foreseen) != waits.basis:
            raise DocketChanged()
        _stand(waits, State.APPLIED, at, applied_at=at)
        moved = move_hearings(postponement=waits, foreseen=foreseen, actor=actor, at=at)
        record(EventType.POSTPONEMENT_APPLIED, subject=waits, actor=actor, at=at, hearings=moved)
    postponement.refresh_from_db()
    return postponement


@atomic_again
def undo_postponement(*, postponement: Postponement, actor: Actor, at: datetime) -> Postponement:
    """Give back the old dates, in one transaction, to all hearings that nobody changed or confirmed since.

    While `HOLD` lasts nobody has been told: it is as if nothing had happened. After that it is a change like any other, and whoever
    was told of the new date is told that it no longer holds. Raises NotAllowed.
    """
    policies.check_can_postpone(actor)
    waits = _waiting(postponement, State.UNDOING)
    if waits is not None:
        _hold(waits)
        restored, left = bring_hearings_back(postponement=waits, actor=actor, at=at)
        _stand(waits, State.UNDONE, at, undone_at=at)
        record(EventType.POSTPONEMENT_UNDONE, subject=waits, actor=actor, at=at, hearings=restored, left=left)
    postponement.refresh_from_db()
    return postponement


@transaction.atomic
def stop_postponement(*, postponement: Postponement, trouble: str, actor: Actor, at: datetime) -> Postponement:
    """Say with the code `trouble` that it could not go on: nothing was written.

    Where the docket changed since the preview, that is made anew.
    """
    waits = _waiting(postponement, *Postponement.AT_WORK)
    if waits is not None:
        anew = trouble == DocketChanged.code
        back = State.APPLIED if waits.state == State.UNDOING else State.PREVIEWING if anew else State.PREVIEWED
        _stand(waits, back, at, trouble=trouble, asked_at=at)
        record(EventType.POSTPONEMENT_STOPPED, subject=waits, actor=actor, at=at, trouble=trouble)
    postponement.refresh_from_db()
    return postponement


def _waiting(postponement: Postponement, *states: State) -> Postponement | None:
    """`postponement`, locked, if it still waits for the work that was asked for when the worker took it up."""
    asked = Postponement.objects.filter(pk=postponement.pk, state__in=states, asked_at=postponement.asked_at)
    return asked.select_for_update(no_key=True).first()


def _hold(postponement: Postponement) -> None:
    """Lock the hearings of `postponement`, by key, until the end of the transaction."""
    lines = PostponementLine.objects.filter(postponement=postponement).moving().values("hearing")
    list(Hearing.objects.filter(pk__in=lines).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _stand(postponement: Postponement, state: State, at: datetime, **changes: object) -> None:
    changes = {"claimed_until": None, "tries": 0, "trouble": "", **changes}
    Postponement.objects.filter(pk=postponement.pk).update(state=state, **changes)
    for name, value in {"state": state, **changes}.items():
        setattr(postponement, name, value)
