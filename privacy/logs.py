"""Nothing that tells who somebody is gets into a log or an error report."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from types import FrameType
from typing import Any

import structlog
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

HIDDEN = "[hidden]"

# Keys of log events whose value is hidden whatever it is.
PERSONAL_KEYS = frozenset(
    {
        "name",
        "names",
        "full_name",
        "given",
        "given_name",
        "given_names",
        "first_name",
        "last_name",
        "surname",
        "surnames",
        "alias",
        "phone",
        "phones",
        "phone_number",
        "mobile",
        "whatsapp",
        "email",
        "emails",
        "recipient",
        "to",
        "a_number",
        "alien_number",
        "document_number",
        "passport",
        "curp",
        "birth",
        "birth_date",
        "birthdate",
        "date_of_birth",
        "body",
        "text",
        "message_body",
        "address",
        "notes",
        "note",
        "q",
        "query",
        "search",
    }
)
# Keys that the logging machinery itself sets, whose digits are no phone number.
MACHINERY = frozenset(
    {
        "timestamp",
        "level",
        "logger",
        "logger_name",
        "request_id",
        "task_id",
        "pid",
        "process",
        "thread",
        "lineno",
        "pathname",
        "_record",
        "_from_structlog",
    }
)

IN_TEXT = re.compile(
    r"""
      [\w.+-]+@[\w-]+\.[\w.-]+                                      # e-mail
    | (?<=/calendar/)[\w-]{20,}                                      # the secret address of a calendar
    | (?<![\w.-]) (?:
        \+\d[\d\s().-]{6,18}\d                                      # +52 1 656 123 4567
      | \(?\d{2,3}\)?[ .-]\d{3,4}[ .-]\d{4}                         # (656) 123-4567, 55 1234 5678
      | [aA][- #]?\d{2,3}[- ]?\d{3}[- ]?\d{3}                       # A012345678, A 012-345-678
      | \d{3}[- ]\d{3}[- ]\d{3}                                     # 012-345-678
      | \d{8,15}                                                    # bare A-numbers and phones
      ) (?![\w-]|\.\d)
    """,
    re.VERBOSE,
)


def redact(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: hides the values of personal keys, and what looks like a number or address in any text.

    Put it after what renders exceptions and before what renders the line.
    """
    for key, value in event.items():
        if key not in MACHINERY:
            event[key] = _without_people(key, value)
    return event


def redact_text(text: str) -> str:
    """The text without phone numbers, A-numbers, e-mail addresses and secret addresses of calendars."""
    return IN_TEXT.sub(HIDDEN, text)


def _without_people(key: object, value: Any) -> Any:
    if isinstance(key, str) and key.lower() in PERSONAL_KEYS:
        return HIDDEN if value not in (None, "") else value
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, Mapping):
        return {inner: _without_people(inner, found) for inner, found in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_people(None, found) for found in value]
    if isinstance(value, BaseException):
        return redact_text(f"{type(value).__name__}: {value}")
    return value


def formatter(*, as_json: bool) -> ProcessorFormatter:
    """The formatter of every log line, ours and the libraries': one line for people, or JSON for machines, both redacted."""
    before: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    line: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[ProcessorFormatter.remove_processors_meta, redact, line],
    )


class QuietReporterFilter(SafeExceptionReporterFilter):
    """Error reports without what was posted and without local variables, in development too."""

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """The names of what was posted, never the values."""
        return {} if request is None else dict.fromkeys(request.POST, HIDDEN)

    def get_traceback_frame_variables(  # type: ignore[override]  # Django iterates over pairs, its stubs say a view
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> list[tuple[str, Any]]:
        """The names of the local variables, never the values."""
        return [(name, HIDDEN) for name in tb_frame.f_locals]
