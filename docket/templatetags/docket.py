"""The strip of the office's worklists, for each of its pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template import RequestContext

from docket.counts import counts_of, lists_of

register = template.Library()


@register.inclusion_tag("docket/_worklists.html", takes_context=True)
def worklists(
    context: RequestContext, now: datetime, here: str = "", counts: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """The lists of the office as chips, each with how much waits at `now`; `here` is the key of the page's own.

    One query, unless the page has the `counts` already (`docket.counts.counts_of`).
    """
    actor = context["request"].actor
    counts = counts_of(actor=actor, now=now) if counts is None else counts
    shown = [each for each in lists_of(actor) if not each.seldom or each.key == here or counts.get(each.key)]
    return {"lists": [(each, counts.get(each.key)) for each in shown], "here": here}
