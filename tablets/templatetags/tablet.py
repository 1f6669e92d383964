"""The words of the outbox, as an island of JSON in the page: the content policy lets no script stand inline."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from tablets.words import chip_words, outbox_words

register = template.Library()


@register.simple_tag
def outbox_island(*, whole: bool = False) -> SafeString:
    """What the scripts of the outbox say: the `whole` of it on pages that list entries, elsewhere what the chip needs."""
    return json_script(outbox_words() if whole else chip_words(), "outbox-words")
