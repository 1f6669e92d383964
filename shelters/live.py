"""A page that stands open and asks again: what it shows, drawn once, and the ETag under which it was drawn."""

from collections.abc import Mapping
from hashlib import blake2b
from json import dumps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response


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
