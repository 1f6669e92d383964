"""The shape of what a tablet sends: a batch of sealed entries, and what is inside one when it is opened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from cases.models import CovidTest
from core.errors import DomainError
from tablets.models import Delivery, Fact

MOST_ENTRIES = 50
MOST_BYTES = 1_000_000
EXPORT_FORMAT, EXPORT_VERSION = "mpp-tracker-outbox", 1
MOST_EXPORTED = 2_000
MOST_EXPORTED_BYTES = 20_000_000
FIRST_YEAR = 1970  # where a device begins whose battery ran out


class BadBatch(DomainError):
    """What was sent is no batch of entries."""

    code = "bad_batch"
    message = _("This cannot be read. Reload the page and send again.")
    http_status = 400


class TooMuch(DomainError):
    """More entries or bytes at once than one request may bring."""

    code = "too_much"
    message = _("This is too much at once. Send it in smaller parts.")
    http_status = 413


class BadExport(DomainError):
    """The file is no export of an outbox."""

    code = "bad_export"
    message = _("This is no file that a tablet exported. Choose the file that ends in .json.")
    http_status = 422


class BadEntry(DomainError):
    """An entry lacks what every entry has."""

    code = "bad_entry"
    message = _("This entry is damaged. Open it on the tablet with the PIN and save it again.")
    http_status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a tablet sent it, still sealed. `written_at` is by the tablet's clock, aware."""

    uid: UUID
    kind: Delivery.Kind
    author: str
    written_at: datetime
    untouched_clock: bool
    sealed: Mapping[str, Any] = field(repr=False)

    @property
    def aad(self) -> bytes:
        """What the envelope was made for: it opens for this entry alone."""
        return f"{self.uid}|{self.kind.value}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one request or one export brings. `device_now` is the tablet's clock at that moment; None where it is not known.

    An entry that lacks something stands as None beside its id, so that each can be answered.
    """

    device: UUID
    device_now: datetime | None
    entries: Sequence[tuple[str, Entry | None]]


def batch_of(body: bytes) -> Batch:
    """The batch in the body of a request. Raises BadBatch, TooMuch."""
    if len(body) > MOST_BYTES:
        raise TooMuch()
    sent = _object_in(body)
    if sent is None:
        raise BadBatch()
    try:
        batch = _batch(sent, device_now=_moment(sent["device_now"]))
    except (KeyError, TypeError, ValueError):
        raise BadBatch() from None
    if len(batch.entries) > MOST_ENTRIES:
        raise TooMuch()
    return batch


def export_of(content: bytes) -> Batch:
    """The batch in an exported file. Nobody knows what the tablet's clock shows now. Raises BadExport, TooMuch."""
    sent = _object_in(content)
    if sent is None or sent.get("format") != EXPORT_FORMAT or sent.get("version") != EXPORT_VERSION:
        raise BadExport()
    try:
        batch = _batch(sent, device_now=None)
    except (KeyError, TypeError, ValueError):
        raise BadExport() from None
    if len(batch.entries) > MOST_EXPORTED:
        raise TooMuch()
    return batch


def fields_of(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of an arrival's form, each with its values, in order. Raises BadEntry."""
    fields = content.get("fields")
    if not isinstance(fields, dict):
        raise BadEntry()
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        many = values if isinstance(values, list) else [values]
        if not all(isinstance(value, str) for value in many):
            raise BadEntry()
        found[name] = many
    return found


def plain_of(content: bytes) -> dict[str, Any]:
    """What stands in an opened entry. Raises BadEntry."""
    found = _object_in(content)
    if found is None:
        raise BadEntry()
    return found


def _object_in(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _batch(sent: Mapping[str, Any], *, device_now: datetime | None) -> Batch:
    items = sent["items"]
    if not isinstance(items, list):
        raise TypeError
    return Batch(
        device=UUID(sent["device"]), device_now=device_now, entries=[(_id_of(each), _entry(each)) for each in items]
    )


def _id_of(item: object) -> str:
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""


def _entry(item: Mapping[str, Any]) -> Entry | None:
    try:
        sealed = item["sealed"]
        if not isinstance(sealed, dict):
            return None
        return Entry(
            uid=UUID(item["id"]),
            kind=Delivery.Kind(item["kind"]),
            author=str(item.get("author") or "")[:80],
            written_at=_moment(item["written_at"]),
            untouched_clock=item.get("untouched_clock") is True,
            sealed=sealed,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _moment(value: object) -> datetime:
    """An aware moment that some clock may show, right or wrong. Raises ValueError for anything else."""
    moment = parse_datetime(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError from None
    if moment.year < FIRST_YEAR:
        raise ValueError
    return moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as a tablet brings it."""

    kind: str
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEntry:
    """Steps that were taken on a tablet. `household` may be the id of an arrival that the same tablet logged.

    `people` is empty for everybody. `base` is what the tablet knew, as the board gave it: by person, or the same for all.
    """

    household: UUID
    people: frozenset[UUID]
    base: Mapping[str, Any]
    marks: frozenset[Fact]
    paper: Paper | None
    test: tuple[str, datetime] | None
    result: tuple[UUID, CovidTest.Result] | None

    def base_of(self, person: UUID) -> Mapping[str, Any]:
        """What the tablet knew of `person`."""
        own = self.base.get(str(person))
        return own if isinstance(own, dict) else self.base


def step_of(content: Mapping[str, Any]) -> StepEntry:
    """The steps in an opened entry. Raises BadEntry."""
    try:
        facts, base = content["facts"], content.get("base") or {}
        if not isinstance(facts, dict) or not isinstance(base, dict) or not facts:
            raise TypeError
        marks = {Fact(name) for name, value in facts.items() if value is True}
        if {Fact(name) for name in facts} - marks - VALUED or marks & VALUED:
            raise ValueError
        return StepEntry(
            household=UUID(content["household"]),
            people=frozenset(UUID(uid) for uid in content.get("people") or []),
            base=base,
            marks=frozenset(marks),
            paper=_paper(facts.get(Fact.DOCUMENTED)),
            test=_test(facts.get(Fact.TESTED)),
            result=_result(facts.get(Fact.RESULT)),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadEntry() from None


VALUED = {Fact.DOCUMENTED, Fact.TESTED, Fact.RESULT}


def _paper(value: Mapping[str, Any] | None) -> Paper | None:
    if value is None:
        return None
    ends = value.get("valid_until")
    return Paper(
        kind=str(value["kind"]),
        issued_on=date.fromisoformat(value["issued_on"]),
        valid_until=date.fromisoformat(ends) if ends else None,
    )


def _test(value: Mapping[str, Any] | None) -> tuple[str, datetime] | None:
    return None if value is None else (str(value["kind"]), _moment(value["taken_at"]))


def _result(value: Mapping[str, Any] | None) -> tuple[UUID, CovidTest.Result] | None:
    return None if value is None else (UUID(value["person"]), CovidTest.Result(value["result"]))
