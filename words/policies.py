"""Who may write and sign what is said to returnees, and what a text must hold."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Capability
from core.errors import DomainError, NotAllowed
from places.models import Site, SiteKind
from words.book import Text
from words.discretion import give_away
from words.models import Way
from words.rendering import allowed_in, longest, needed_by, placeholders_of

ONE_PART_IN = frozenset({"spa"})  # most people are written to in Spanish, and a part is what is paid for


class GivesAway(DomainError):
    """The text says what nobody else may learn."""

    code = "gives_away"
    http_status = 422


class WrongPlaceholders(DomainError):
    """Braces that nothing fills, or a day, hour or phone is missing."""

    code = "wrong_placeholders"
    http_status = 422


class TooLong(DomainError):
    """The longest rendering takes more than the one part that this language keeps to."""

    code = "too_long"
    message = _(
        "With the longest day and phone this takes more than one part. Shorten it, or have it sent in plain letters."
    )
    http_status = 422


def check_can_write(actor: Actor) -> None:
    """Raise NotAllowed unless `actor` speaks to returnees."""
    if not actor.can(Capability.SEND_MESSAGES):
        raise NotAllowed()


def check_text(text: Text) -> None:
    """Raise WrongPlaceholders, GivesAway or TooLong for a text that must not go out. One query, for the names of shelters."""
    _check_placeholders(text)
    body, segments = longest(text)
    shelters = Site.objects.filter(kind=SiteKind.SHELTER).values_list("name", flat=True)
    if terms := give_away(body, language=text.language, shelters=shelters):
        words = _("This would give its reader away: %(terms)s. Leave it out.")
        raise GivesAway(words % {"terms": ", ".join(said(term) for term in terms)})
    if text.way == Way.WRITTEN and text.language in ONE_PART_IN and segments.count > 1:
        raise TooLong()


def said(term: str) -> str:
    """What was found, in words where it is a kind and not a word."""
    return str(KINDS.get(term, f"“{term}”"))


KINDS = {
    "a_number": _("a number of a person"),
    "case_code": _("the code of a file"),
    "web_address": _("a web address"),
    "shelter": _("the name of a shelter"),
    "name": _("the name of a person"),
}


def _check_placeholders(text: Text) -> None:
    try:
        found = placeholders_of(text.text)
    except ValueError:
        raise WrongPlaceholders(_("A brace stands alone or holds something else than a placeholder.")) from None
    allowed, needed = set(allowed_in(text.purpose)), needed_by(text.purpose)
    if found - allowed:
        raise WrongPlaceholders(_("Nothing fills %(names)s here.") % {"names": _braced(found - allowed)})
    if needed - found:
        raise WrongPlaceholders(_("The text needs %(names)s.") % {"names": _braced(needed - found)})


def _braced(names: Collection[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
