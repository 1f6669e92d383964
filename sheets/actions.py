"""Bringing a sheet in: received, checked, put in, undone. Each deed does one bounded part, so that a crash loses none."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from cases.actions.arrivals import ArrivalEntry, record_arrivals, withdraw_arrivals
from cases.models import SearchToken
from core.actors import Actor
from core.errors import DomainError, naming_violations
from core.policies import check_can_administer
from places.models import Crossing, Site
from privacy.blind_index import token_of_number
from sheets import policies
from sheets.checking import Checked, Wrong, check, digest_of, fingerprint_of
from sheets.columns import rows_below
from sheets.grounds import ground_of
from sheets.grouping import families_of, table_of
from sheets.models import Family, Flaw, Import
from sheets.outlines import Outline, rows_as_text, rows_of_text
from sheets.reading import EmptySheet, Sheet
from sheets.states import MOVES, WORKING, Fate, State

WRITTEN_AT_ONCE = 500
CHECKED_AT_ONCE = 250
PUT_IN_AT_ONCE = 200
TAKEN_BACK_AT_ONCE = 100


class SameFile(DomainError):
    """The same file was brought in at this site before, and that still stands."""

    code = "same_file"
    message = _("This file was brought in before. Nothing was changed.")


class NotNow(DomainError):
    """The import stands somewhere else by now, perhaps because somebody else was faster."""

    code = "import_not_now"
    message = _("This import has moved on meanwhile. Look at it again.")


class InPart(DomainError):
    """Some of its families are in: their import is to be undone before it may be forgotten."""

    code = "import_in_part"
    message = _("Some families of this sheet are in already. Undo the import first.")


class NothingToPutIn(DomainError):
    """No family on the sheet can go in."""

    code = "nothing_to_put_in"
    message = _("No family on this sheet can go in. Correct the mistakes first.")


@transaction.atomic
def receive_sheet(
    *,
    book: Sequence[Sheet],
    content: bytes,
    name: str,
    site: Site,
    crossing: Crossing | None,
    arrived_on: date,
    actor: Actor,
    at: datetime,
) -> Import:
    """Keep the families of a sheet, unchecked. `content` is the file, for its fingerprint; `name` what it was called.

    `crossing` and `arrived_on` hold where the sheet does not say. Raises NotAllowed, SameFile, NoHeadings, NoNames, EmptySheet.
    """
    policies.check_can_import(actor, site.pk)
    table, columns = table_of(book)
    rows = rows_below(table, columns)
    if not rows:
        raise EmptySheet(_("Under the column names there is nobody."))
    families, way = families_of(rows, columns)
    with naming_violations({"sheets_import_each_file_once": SameFile}):
        sheet = Import.objects.create(
            site=site,
            crossing=crossing,
            arrived_on=arrived_on,
            uploaded_at=at,
            uploaded_by=actor.id,
            uploaded_by_name=actor.name,
            acting=actor.id,
            name=name[:200],
            outline=Outline.of(columns, rows, way).text(),
            digest=digest_of(content),
        )
    Family.objects.bulk_create(
        (
            Family(
                sheet=sheet, number=number, first_row=family[0].number, size=len(family), content=rows_as_text(family)
            )
            for number, family in enumerate(families, start=1)
        ),
        batch_size=WRITTEN_AT_ONCE,
    )
    record(EventType.IMPORT_UPLOADED, subject=sheet, actor=actor, at=at, families=len(families), people=len(rows))
    return sheet


@transaction.atomic
def check_some(*, sheet: Import, actor: Actor, at: datetime, limit: int = CHECKED_AT_ONCE) -> int:
    """Check the next families of `sheet` and return how many; with none left the import is ready. Raises NotAllowed."""
    policies.check_can_import(actor, sheet.site_id)
    families = _next(sheet, Q(fate=Fate.UNCHECKED), limit)
    if not families:
        _move(sheet, State.READY)
        return 0
    outline, ground = Outline.read(sheet.outline), ground_of(sheet)
    told = {family: check(rows_of_text(family.content), outline, ground) for family in families}
    for family, checked in told.items():
        family.fingerprint = fingerprint_of(checked, ground)
    _say_who_stands_twice(sheet, told)
    in_already = _in_already(families)
    on_file = _on_file(told, actor)
    for family, checked in told.items():
        family.fate = _fate(family, checked, in_already, on_file)
    _note(families)
    Flaw.objects.bulk_create(
        Flaw(family=family, row=wrong.row, column=wrong.column, code=wrong.code)
        for family, checked in told.items()
        if family.fate == Fate.BAD
        for wrong in checked.wrongs
    )
    return len(families)


@transaction.atomic
def check_again(*, sheet: Import, actor: Actor, at: datetime) -> None:
    """Have a sheet checked on whose check was stopped. Raises NotAllowed, NotNow."""
    policies.check_can_import(actor, sheet.site_id)
    stopped = Import.objects.filter(pk=sheet.pk, state=State.CHECKING).exclude(trouble="")
    if not stopped.update(**_afresh(actor)):
        raise NotNow()
    record(EventType.IMPORT_RETRIED, subject=sheet, actor=actor, at=at)


@transaction.atomic
def let_in(*, sheet: Import, with_known: bool, actor: Actor, at: datetime) -> None:
    """Have the good families put in; `with_known` also those with an A-number that is on file.

    Raises NotAllowed, NotNow, NothingToPutIn.
    """
    policies.check_can_import(actor, sheet.site_id)
    if not Family.objects.filter(_goes_in(with_known), sheet=sheet).exists():
        raise NothingToPutIn()
    _move(sheet, State.GOING_IN, with_known=with_known, let_in_at=at, **_afresh(actor))
    record(EventType.IMPORT_LET_IN, subject=sheet, actor=actor, at=at, with_known=with_known)


@transaction.atomic
def put_some_in(*, sheet: Import, actor: Actor, at: datetime, limit: int = PUT_IN_AT_ONCE) -> int:
    """Log the arrivals of the next good families and return how many families were looked at; with none left all are in.

    A family that another sheet brought in meanwhile is left out. Raises NotAllowed, and AlreadyIn where that happened this moment:
    the same call again leaves it out.
    """
    policies.check_can_import(actor, sheet.site_id)
    families = _next(sheet, _goes_in(sheet.with_known), limit)
    if not families:
        _move(sheet, State.IN)
        return 0
    in_already = _in_already(families)
    outline, ground = Outline.read(sheet.outline), ground_of(sheet)
    new = {
        _arrival_uid(sheet, family): (family, check(rows_of_text(family.content), outline, ground))
        for family in families
        if family.fingerprint not in in_already
    }
    entries = [_entry(uid, checked, sheet.uploaded_at) for uid, (_family, checked) in new.items()]
    households = record_arrivals(site=sheet.site, entries=entries, actor=actor, at=at)
    for family in families:
        family.fate = Fate.ALREADY
    for uid, household in households.items():
        family = new[uid][0]
        family.fate, family.household = Fate.IN, household.uid
    with naming_violations({"sheets_family_goes_in_once": AlreadyIn}):
        _note(families)
    Family.objects.filter(pk__in=[family.pk for family in families if family.fate == Fate.IN]).update(content="")
    return len(families)


class AlreadyIn(DomainError):
    """Another sheet put the same family in at the same moment."""

    code = "family_already_in"
    message = _("Another sheet brought the same family in a moment ago.")


@transaction.atomic
def undo_import(*, sheet: Import, actor: Actor, at: datetime) -> None:
    """Have the households of `sheet` taken back that nothing has happened to since. Raises NotAllowed, NotNow."""
    policies.check_can_import(actor, sheet.site_id)
    if not Family.objects.filter(sheet=sheet, fate=Fate.IN).exists():
        raise NotNow()
    _move(sheet, State.UNDOING, **_afresh(actor))
    record(EventType.IMPORT_UNDONE, subject=sheet, actor=actor, at=at)


@transaction.atomic
def take_some_back(*, sheet: Import, actor: Actor, at: datetime, limit: int = TAKEN_BACK_AT_ONCE) -> int:
    """Take back the households of the next families and return how many were looked at; who has moved on stays, and is marked so.

    With none left the import is undone, or in as before where nobody could be taken back. Raises NotAllowed.
    """
    policies.check_can_import(actor, sheet.site_id)
    families = _next(sheet, Q(fate=Fate.IN), limit)
    if not families:
        some = Family.objects.filter(sheet=sheet, fate=Fate.TAKEN_BACK).exists()
        _move(sheet, State.UNDONE if some else State.IN)
        return 0
    uids = [family.household for family in families if family.household]
    gone = withdraw_arrivals(site=sheet.site, households=uids, actor=actor, at=at)
    for family in families:
        family.fate = Fate.TAKEN_BACK if family.household in gone else Fate.MOVED_ON
    _note(families)
    return len(families)


@transaction.atomic
def discard(*, sheet: Import, actor: Actor, at: datetime) -> None:
    """Forget a sheet that nobody put in, and everything that it told. Raises NotAllowed, NotNow, InPart."""
    policies.check_can_import(actor, sheet.site_id)
    if Family.objects.filter(sheet=sheet, fate=Fate.IN).exists():
        raise InPart()
    _move(sheet, State.DISCARDED, acting=actor.id)
    Family.objects.filter(sheet=sheet).delete()
    Import.objects.filter(pk=sheet.pk).update(name="", outline="")
    record(EventType.IMPORT_DISCARDED, subject=sheet, actor=actor, at=at)


@transaction.atomic
def stop_with(*, sheet: Import, trouble: str, actor: Actor, at: datetime) -> None:
    """Note the code of what keeps workers from going on; the import stands where it stood before it was asked."""
    back = {State.GOING_IN: State.READY, State.UNDOING: State.IN}.get(State(sheet.state), State(sheet.state))
    Import.objects.filter(pk=sheet.pk).update(state=back, trouble=trouble, working_until=None)


def claim(*, until: datetime, actor: Actor, at: datetime, uid: UUID | None = None) -> Import | None:
    """The longest waiting import that nobody works on, claimed `until` then; None where nothing is to be done.

    One that failed waits behind the others. A try is counted before it is made: a worker that is killed says nothing any more.
    """
    free = Import.objects.unfinished().filter(Q(working_until=None) | Q(working_until__lt=at))
    free = free.filter(uid=uid) if uid else free
    for key in free.order_by("tries", "uploaded_at", "pk").values_list("pk", flat=True)[:5]:
        if free.filter(pk=key).update(working_until=until, tries=F("tries") + 1):
            return Import.objects.select_related("site__city").get(pk=key)
    return None


def keep_claim(*, sheet: Import, until: datetime | None, actor: Actor, at: datetime) -> None:
    """Prolong the claim of a worker that has done a part and takes up the next, or with None give it up."""
    sheet.working_until, sheet.tries = until, 1 if until else 0
    sheet.save(update_fields=["working_until", "tries"])


def hold_back(*, sheet: Import, until: datetime, actor: Actor, at: datetime) -> None:
    """Keep workers from an import until then, so that what broke may mend; the try has been counted."""
    Import.objects.filter(pk=sheet.pk).update(working_until=until)


@transaction.atomic
def forget_older(*, than: datetime, actor: Actor, at: datetime) -> int:
    """Drop what sheets told of people that were received before `than` and are not being worked on; returns how many families.

    What was never put in is discarded. Raises NotAllowed.
    """
    check_can_administer(actor)
    old = Import.objects.filter(uploaded_at__lt=than).exclude(state__in=WORKING)
    told = Family.objects.filter(sheet__in=old, fate__in=[Fate.GOOD, Fate.BAD, Fate.ALREADY, Fate.ON_FILE])
    count, _rows = told.delete()
    for sheet in old.filter(state=State.READY).select_for_update():
        Import.objects.filter(pk=sheet.pk).update(state=State.DISCARDED, name="", outline="")
        record(EventType.IMPORT_DISCARDED, subject=sheet, actor=actor, at=at)
    return count


def _afresh(actor: Actor) -> dict[str, Any]:
    """What an import is when `actor` asks workers to go on with it."""
    return {"acting": actor.id, "trouble": "", "tries": 0, "working_until": None}


def _move(sheet: Import, to: State, **changes: object) -> None:
    """Move an import on if the table of moves allows it from where it stands in the database. Raises NotNow."""
    sources = [state for state, targets in MOVES.items() if to in targets]
    if not Import.objects.filter(pk=sheet.pk, state__in=sources).update(state=to, **changes):
        raise NotNow()
    sheet.state = to


def _next(sheet: Import, which: Q, limit: int) -> list[Family]:
    return list(Family.objects.select_for_update().filter(which, sheet=sheet).order_by("number")[:limit])


def _note(families: Sequence[Family]) -> None:
    """Write what became of `families`, in one statement: a `bulk_update` of hundreds takes longer than logging them."""
    rows = [(family.pk, str(family.fate), family.fingerprint, family.household) for family in families]
    keys, fates, fingerprints, households = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sheets_family SET fate = told.fate, fingerprint = told.fingerprint, household = told.household "
            "FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::uuid[]) AS told (id, fate, fingerprint, household) "
            "WHERE sheets_family.id = told.id",
            [list(keys), list(fates), list(fingerprints), [uid and str(uid) for uid in households]],
        )


def _goes_in(with_known: bool) -> Q:
    return Q(fate__in=[Fate.GOOD, Fate.ON_FILE] if with_known else [Fate.GOOD])


def _arrival_uid(sheet: Import, family: Family) -> UUID:
    """The same for the same family of the same import, whenever a worker dies."""
    return uuid5(NAMESPACE_OID, f"{sheet.uid}:{family.number}")


def _entry(uid: UUID, checked: Checked, otherwise: datetime) -> ArrivalEntry:
    return ArrivalEntry(
        uid=uid,
        crossing=checked.crossing,
        people=checked.people,
        language=checked.language,
        occurred_at=checked.occurred_at or otherwise,
    )


def _say_who_stands_twice(sheet: Import, told: dict[Family, Checked]) -> None:
    """A mistake on each family that stands further up on the same sheet."""
    prints = [family.fingerprint for family in told]
    first: dict[int | None, int] = {}
    for fingerprint, number in (
        Family.objects.filter(sheet=sheet, fingerprint__in=prints)
        .order_by("-number")
        .values_list("fingerprint", "number")
    ):
        first[fingerprint] = number
    for family, checked in told.items():
        if first.setdefault(family.fingerprint, family.number) != family.number:
            checked.wrongs.append(Wrong(family.first_row, None, "family_twice"))


def _in_already(families: Sequence[Family]) -> set[int | None]:
    """The fingerprints that an import put in and that still stand."""
    there = Family.objects.filter(
        fate__in=[Fate.IN, Fate.MOVED_ON], fingerprint__in=[family.fingerprint for family in families]
    )
    return set(there.values_list("fingerprint", flat=True))


def _on_file(told: dict[Family, Checked], actor: Actor) -> set[int]:
    """The tokens of A-numbers on the sheet that somebody whom `actor` may see has already."""
    tokens = [token for checked in told.values() for token in _number_tokens(checked)]
    found = SearchToken.objects.visible_to(actor).filter(value__in=tokens)
    return set(found.values_list("value", flat=True))


def _number_tokens(checked: Checked) -> list[int]:
    return [token_of_number(person.a_number, "a_number").value for person in checked.people if person.a_number]


def _fate(family: Family, checked: Checked, in_already: set[int | None], on_file: set[int]) -> Fate:
    if family.fingerprint in in_already:
        return Fate.ALREADY
    if checked.wrongs:
        return Fate.BAD
    return Fate.ON_FILE if on_file.intersection(_number_tokens(checked)) else Fate.GOOD
