"""A page that stands open and asks again: what it shows, drawn once, and the ETag under which it was drawn."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from json import dumps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from audit.kept import Kept
from core.actors import Actor

FIGURES: Kept[dict[str, Any]] = Kept(most=64)


def kept(work_out: Callable[[Actor], dict[str, Any]], *asked: Hashable, actor: Actor, now: datetime) -> dict[str, Any]:
    """What `work_out` shows of what is `asked`, for every reader of the same sites, rights and language until something happens.

    Holds run out and counts grow older by themselves, so it lasts for the minute of `now` at the most. Nothing of it may be
    personal, or the reader's own.
    """
    reader = replace(actor, id="", name="")
    page = work_out.__module__, work_out.__qualname__
    key = page, asked, reader, get_language(), now.replace(second=0, microsecond=0)
    return FIGURES.of(key, lambda: work_out(reader))


def drawn(context: Mapping[str, Any], *parts: str) -> dict[str, Any]:
    """`context` with its `parts` drawn ("lead" from `shelters/_lead.html`), the ETag of them all, and the header that asks by it."""
    pieces = {part: render_to_string(f"shelters/_{part}.html", dict(context)) for part in parts}
    etag = f'"{blake2b("".join(pieces.values()).encode(), digest_size=12).hexdigest()}"'
    return {**context, "drawn": pieces, "etag": etag, "seen": dumps({"If-None-Match": etag})}


def answered(request: HttpRequest, context: Mapping[str, Any], template: str) -> HttpResponse:
    """304 where the page shows that already, else `template` anew."""
    unchanged = get_conditional_response(request, etag=context["etag"])
    response = unchanged or HttpResponse(render_to_string(template, {**context, "oob": True}))
    response["ETag"] = context["etag"]
    return response
