"""What happens to texts: a new version is written, a version is signed. No version is ever rewritten."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actions import record
from audit.models import EventType
from core.actors import Actor
from core.errors import DomainError, naming_violations
from words import policies
from words.book import Text, newest_of
from words.models import Template, Way


class NothingChanged(DomainError):
    """The text is the same as the one it would follow."""

    code = "nothing_changed"
    message = _("This is what stands already.")


class WrittenMeanwhile(DomainError):
    """Somebody else wrote a version in between."""

    code = "written_meanwhile"
    message = _("Somebody else has written a new version meanwhile. Read it, then decide.")


class AlreadySigned(DomainError):
    """A signature stands under this version."""

    code = "already_signed"
    message = _("This version is signed already.")


REFUSALS = {"words_template_one_of_each_version": WrittenMeanwhile}


@transaction.atomic
def write_text(
    *, purpose: str, language: str, way: str, text: str, in_plain_letters: bool, after: int, actor: Actor, at: datetime
) -> Template:
    """Write the version that follows version `after` (0 is the product's own) as a draft that nobody has signed.

    It is sent only where no signed version stands. Raises NotAllowed, WrongPlaceholders, GivesAway, TooLong, NothingChanged,
    WrittenMeanwhile.
    """
    policies.check_can_write(actor)
    newest = newest_of(purpose=purpose, language=language, way=way)
    written = Text(
        purpose=purpose,
        language=language,
        way=way,
        text=" ".join(text.split()),
        in_plain_letters=in_plain_letters and way == Way.WRITTEN,
        version=after + 1,
        is_signed=False,
    )
    policies.check_text(written)
    if newest.version != after:
        raise WrittenMeanwhile()
    if (written.text, written.in_plain_letters) == (newest.text, newest.in_plain_letters):
        raise NothingChanged()
    template = _kept(written, actor, at)
    _record(EventType.WORDS_WRITTEN, template, actor, at)
    return template


@transaction.atomic
def sign_text(*, purpose: str, language: str, way: str, version: int, actor: Actor, at: datetime) -> Template:
    """Sign `version` as someone who speaks the language as their own; from now on it is what is sent.

    The product's own text is kept as a version first. Raises NotAllowed, GivesAway, WrittenMeanwhile, AlreadySigned.
    """
    policies.check_can_write(actor)
    newest = newest_of(purpose=purpose, language=language, way=way)
    if newest.version != version:
        raise WrittenMeanwhile()
    if newest.is_signed:
        raise AlreadySigned()
    policies.check_text(newest)
    if version == 0:
        _kept(newest, actor, at)
    versions = Template.objects.of(purpose=purpose, language=language, way=way).filter(version=max(version, 1))
    if not versions.filter(signed_at=None).update(signed_by=actor.name, signed_at=at):
        raise AlreadySigned()
    template = versions.get()
    _record(EventType.WORDS_SIGNED, template, actor, at)
    return template


def _kept(text: Text, actor: Actor, at: datetime) -> Template:
    with naming_violations(REFUSALS):
        return Template.objects.create(
            purpose=text.purpose,
            language=text.language,
            way=text.way,
            version=max(text.version, 1),
            text=text.text,
            in_plain_letters=text.in_plain_letters,
            written_by=actor.name,
            written_at=at,
        )


def _record(event: EventType, template: Template, actor: Actor, at: datetime) -> None:
    record(
        event,
        subject=template,
        actor=actor,
        at=at,
        purpose=template.purpose,
        language=template.language,
        way=template.way,
        version=template.version,
    )
