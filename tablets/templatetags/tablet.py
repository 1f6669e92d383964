"""The words of the outbox, as an island of JSON in the page: the content policy lets no script stand inline."""

from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from tablets.words import chip_words, outbox_words

register = template.Library()


@register.simple_tag(takes_context=True)
def outbox_island(context: dict[str, Any]) -> SafeString:
    """What the scripts of the outbox say on this page: all of it where the page lists entries, else what the chip needs."""
    return json_script(outbox_words() if context.get("outbox_page") else chip_words(), "outbox-words")
