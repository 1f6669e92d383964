"""Who speaks for a family before the court, as its page shows it: taken along in the one query of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from cases.models import Household
from core.look import Pill, Tag, short_day_of_year, within
from hearings.appearances import form_of_appearance
from hearings.models import LegalListGiven, Representation, Represented
from journey.families import Family
from places import languages
from privacy.fields import EncryptedField


@dataclass(frozen=True, slots=True)
class Representative:
    """A representative as the page shows them: who, what is known of it in one line, whether we may speak with them."""

    uid: UUID
    kind: Representation.Kind
    name: str
    detail: str
    pill: Pill


def facts() -> dict[str, Any]:
    """The sub-selects that the page takes along: those who stand, and the newest list given."""
    standing = Representation.objects.standing().filter(household=OuterRef("pk")).order_by("pk")
    people = Represented.objects.filter(representation=OuterRef("pk")).values("person")
    told = "uid kind name organisation form filed_on scope may_speak may_speak_on".split()
    given = LegalListGiven.objects.filter(household=OuterRef("pk")).order_by("-given_at", "-pk")
    return {
        "representatives": ArraySubquery(
            standing.values(row=JSONObject(**{name: name for name in told}, people=ArraySubquery(people)))
        ),
        "legal_list": ArraySubquery(
            given.values(row=JSONObject(city="city__name", edition="edition", language="language"))[:1]
        ),
    }


def representatives_of(family: Family) -> list[Representative]:
    """Those who speak for a family fetched `for_page`."""
    rows: Sequence[dict[str, Any]] = family.household.representatives  # type: ignore[attr-defined]
    return [_representative(row, family) for row in rows]


def list_given_to(household: Household) -> str:
    """The newest list that a household fetched `for_page` was given, in words; empty where none was."""
    rows: Sequence[dict[str, Any]] = household.legal_list  # type: ignore[attr-defined]
    for row in rows:
        return _("%(city)s, edition of %(day)s, %(language)s") % {
            "city": row["city"],
            "day": short_day_of_year(date.fromisoformat(row["edition"])),
            "language": languages.within_a_line(row["language"]),
        }
    return ""


def lawyer_tag(representatives: Sequence[Representative]) -> list[Tag]:
    """That somebody speaks for them, as a plain fact beside the family's name."""
    if not representatives:
        return []
    has_lawyer = any(each.kind == Representation.Kind.LAWYER for each in representatives)
    return [Tag("user-check", _("has a lawyer") if has_lawyer else _("has a representative"))]


def _representative(row: dict[str, Any], family: Family) -> Representative:
    kind = Representation.Kind(row["kind"])
    name = _opened(row["name"])
    return Representative(
        uid=UUID(row["uid"]),
        kind=kind,
        name=" · ".join(filter(None, [name, row["organisation"]])),
        detail=" · ".join(filter(None, [str(kind.label), _filed(row), _scope(row), _for_whom(row, family)])),
        pill=_may_speak(row),
    )


def _opened(stored: str) -> str:
    """The name, as a sub-select brings it."""
    field = Representation._meta.get_field("name")
    assert isinstance(field, EncryptedField)
    return str(field.from_json(stored))


def _filed(row: dict[str, Any]) -> str:
    if not row["form"]:
        return _("no form filed that we know of")
    form = form_of_appearance(row["form"]).code
    if not row["filed_on"]:
        return form
    return _("%(form)s filed %(day)s") % {"form": form, "day": short_day_of_year(date.fromisoformat(row["filed_on"]))}


def _scope(row: dict[str, Any]) -> str:
    return within(str(Representation.Scope(row["scope"]).label))


def _for_whom(row: dict[str, Any], family: Family) -> str:
    """Nothing where they appear for everybody."""
    count, everybody = len(row["people"]), len(family.members)
    if count >= everybody:
        return ""
    return _("for %(count)d of %(all)d") % {"count": count, "all": everybody}


def _may_speak(row: dict[str, Any]) -> Pill:
    if row["may_speak"] is None:
        return Pill("warn", "alert-circle", _("not asked whether we may speak with them"))
    if row["may_speak"]:
        return Pill("ok", "check", _("we may speak with them"))
    return Pill("calm", "ban", _("we may not speak with them"))
