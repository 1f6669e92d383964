"""What the household page shows, made from facts: rows of people, messages, consents, and the one next thing to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Consent, CovidTest, Household, HouseholdQuerySet, Need, Person
from cases.needs import NeedKind, need_kind
from cases.policies import can_edit, can_note_needs, step_told, works_with
from cases.rules import TEST_VALID_FOR, test_counts_at
from cases.states import Step
from core.actors import Actor, Capability
from core.look import Light, Pill, Tag, short_day, short_day_of_year, within
from core.questions import question
from hearings import policies as hearing_policies
from hearings.clocks import two_clocks
from hearings.models import trip_of
from journey.aid import counter_of, newest_aid
from journey.belonging import kin_elsewhere, kin_told, tags_of
from journey.families import Family, Member, Swab, today_of
from journey.hearing_facts import facts_of
from journey.later import day_of, later_of
from journey.mending import fingerprint, mendable
from journey.merges import looks_like_another, merged_into_it
from journey.outcomes import after_court, outcome_facts
from journey.owed_list import owed_lines
from journey.plan import plan_of
from journey.readiness import lights_of
from journey.represented import facts as representation_facts
from journey.represented import lawyer_tag, list_given_to, representatives_of
from journey.said import said_to
from journey.timeline import days_until, timeline_of
from journey.worklists import isolation_tags, open_isolation
from places import languages, nationalities, zones
from words.book import is_draft_for, signed_purposes

PURPOSES = {
    Consent.Purpose.RECEPTION: "clipboard-list",
    Consent.Purpose.MESSAGES: "message",
    Consent.Purpose.PARTNERS: "building-community",
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the table of people."""

    person: Person
    name: str
    age: int | None
    paper: Pill
    swab: Pill
    result: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the family said to one purpose, and how it came about: when, before whom, after which notice."""

    icon: str
    purpose: str
    pill: Pill
    detail: str


@dataclass(frozen=True, slots=True)
class NextDeed:
    """The next thing that is missing, as the page's one primary button."""

    url: str
    icon: str
    text: str


def for_page(households: HouseholdQuerySet) -> HouseholdQuerySet:
    """`households` with site, city, standing consents and the newest aid, in one query."""
    return households.select_related("site__city").annotate(**_facts())


def household_of_page(uid: UUID, *, actor: Actor) -> Household | None:
    """The household of `uid` as `for_page` fetches it, if `actor` may see it, or the one it was merged into."""
    for household in _household(actor=actor, uid=uid):
        return household
    return for_page(Household.objects.visible_to(actor)).kept_for(uid)


@question
def _household(*, actor: Actor, uid: UUID) -> HouseholdQuerySet:
    return for_page(Household.objects.visible_to(actor)).filter(uid=uid)


@cache  # sub-selects, put together once and asked anew within each query
def _facts() -> dict[str, Any]:
    standing = Consent.objects.filter(household=OuterRef("pk"), withdrawn_at=None).order_by("pk")
    told = "purpose is_given noted_at noted_by_name witness_name notice_version notice_language notice_way".split()
    answers = ArraySubquery(standing.values(row=JSONObject(**{name: name for name in told})))
    return {
        "answers": answers,
        "aid_given": newest_aid(),
        "looks_like_another": looks_like_another(),
        "merges": merged_into_it(),
        "isolation_row": open_isolation(),
        "signed_words": signed_purposes(OuterRef("language")),
        "need_codes": ArraySubquery(Need.objects.standing().filter(household=OuterRef("pk")).values("kind")),
        **kin_elsewhere(),
        **outcome_facts(),
        **representation_facts(),
    }


def standing_answers(household: Household) -> dict[str, bool]:
    """The standing answers of a household fetched `for_page`, by purpose."""
    rows: list[dict[str, Any]] = household.answers  # type: ignore[attr-defined]
    return {row["purpose"]: row["is_given"] for row in rows}


def signed_words_of(household: Household) -> list[str]:
    """Of which texts a speaker signed the words in the language of a household fetched `for_page`."""
    return household.signed_words  # type: ignore[attr-defined,no-any-return]


def needs_of(household: Household) -> list[NeedKind]:
    """What a household fetched `for_page` needs of a place. For those who may see needs."""
    return [need_kind(code) for code in household.need_codes]  # type: ignore[attr-defined]


def page_of(family: Family, *, actor: Actor, now: datetime, whole: bool = False) -> dict[str, Any]:
    """The context of the household page, in two queries more than the family took."""
    shown = light_of_page(family, actor=actor, now=now)
    representatives = representatives_of(family)
    agrees = standing_answers(family.household).get(Consent.Purpose.MESSAGES, False)
    said = said_to(family, is_agreed=agrees, actor=actor, now=now)
    return {
        "family": family,
        "household": family.household,
        **shown,
        "clocks": two_clocks(family.hearing, sleeps_in=family.sleeps_in) if family.hearing else None,
        "hearing_facts": facts_of(family, now=now),
        "hearing_day": day_of(family.hearing, now) if family.hearing else "",
        "hearing_in": days_until(family.hearing.present_at, now, family.zone) if family.hearing else "",
        "rows": [_row(member, family, now) for member in family.members],
        "lead": lead_of(family),
        "tags": [
            *_tags(family, actor),
            *lawyer_tag(representatives),
            *isolation_tags(family, actor=actor, now=now),
            *tags_of(family, now),
        ],
        "representatives": representatives,
        "legal_list": list_given_to(family.household),
        "kin": kin_told(family, actor=actor),
        "documented": sum(bool(member.papers) for member in family.members),
        "after_court": after_court(family, actor=actor, now=now),
        "timeline": timeline_of(family, actor=actor, now=now, whole=whole),
        "said": said,
        "later": later_of(family, words=said.words, now=now),
        "words_are_draft": is_draft_for(family.household.language, signed_words_of(family.household)),
        "answers": _answers(family),
        "aid": counter_of(family, now=now),
        "owed": owed_lines(family),
        "needs": needs_of(family.household) if actor.can(Capability.SEE_NEEDS) else None,
        "may_note_needs": can_note_needs(actor, family.household),
        "next": next_deed(family, light=shown["light"], actor=actor, now=now),
        "sees_health": actor.can(Capability.SEE_HEALTH),
        "may_edit": can_edit(actor, family.household),
        "may_place": actor.can(Capability.PLACE) and works_with(actor, family.household),
        "may_note_hearing": hearing_policies.can_note(actor, family.household),
        "may_change_hearing": hearing_policies.can_change(actor, family.household),
        "may_arrange": hearing_policies.can_arrange(actor, family.household),
        "has_results_to_note": any(swab.result is None for member in family.members for swab in member.swabs),
    }


def light_of_page(family: Family, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """What of the page is looked at anew while it stands open: the light with links for `actor`, the plan, how they go."""
    light = mendable(lights_of([family], actor=actor, now=now)[family.household.pk], family, actor=actor)
    trip, plan = trip_of(family.hearing) if family.hearing else None, plan_of(family)
    return {"light": light, "plan": plan, "trip": trip, "seen": fingerprint(light, plan)}


def lead_of(family: Family) -> str:
    """People, countries and language in one line."""
    count = len(family.members)
    people = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
    codes = dict.fromkeys(member.person.nationality for member in family.members if member.person.nationality)
    countries = [nationalities.name_of(code) for code in codes]
    return " · ".join([people, *countries, languages.within_a_line(family.household.language)])


def _step_words(family: Family, actor: Actor) -> str:
    """Where they stand; who had a place and sleeps nowhere now is not told as placed."""
    step = step_told(actor, family.household)
    lost_it = step == Step.PLACED and family.sleep is None and family.household.guest_site_id is None
    return _("without a place again") if lost_it else str(step.label)


def _tags(family: Family, actor: Actor) -> list[Tag]:
    is_placed = family.household.step == Step.PLACED and family.sleep is not None
    tags = [] if is_placed else [Tag("list-check", _step_words(family, actor))]
    if family.sleep:
        tags.append(Tag("bed", family.sleep.place))
    if not any(member.person.phone for member in family.members):
        tags.append(Tag("phone-off", _("no phone")))
    return tags


def _row(member: Member, family: Family, now: datetime) -> PersonRow:
    day = family.hearing.court_on if family.hearing else today_of(family, now)
    return PersonRow(
        person=member.person,
        name=member.name,
        age=member.person.age_on(today_of(family, now)),
        paper=_paper_pill(member, day),
        swab=_swab_pill(member, family, now),
        result=member.swab.pk if member.swab and member.swab.result else None,
    )


def _paper_pill(member: Member, day: date) -> Pill:
    paper = member.paper_on(day)
    if paper is None:
        return Pill("calm", "file-off", _("none yet"))
    if paper.valid_until is None:
        return Pill("warn", "alert-circle", _("%(kind)s, no last day") % {"kind": paper.short})
    words = _("%(kind)s to %(day)s") % {"kind": paper.short, "day": short_day(paper.valid_until)}
    return Pill("ok", "check", words) if paper.covers(day) else Pill("stop", "x", words)


def _swab_pill(member: Member, family: Family, now: datetime) -> Pill:
    swab = member.swab
    if swab is None:
        is_minor = member.is_minor_on(today_of(family, now))
        return Pill("calm", "minus", _("not required")) if is_minor else Pill("warn", "alert-circle", _("not tested"))
    if swab.result is None:
        return Pill("warn", "hourglass", _("result awaited"))
    day = short_day(zones.local(swab.taken_at, family.zone))
    words = _("%(result)s, %(day)s") % {"result": within(swab.result.label), "day": day}
    tones: dict[CovidTest.Result, Pill] = {
        CovidTest.Result.DETECTED: Pill("stop", "virus", words),
        CovidTest.Result.INCONCLUSIVE: Pill("warn", "alert-circle", words),
    }
    return tones.get(swab.result) or _age_pill(swab, family, now, words, day)


def _age_pill(swab: Swab, family: Family, now: datetime, words: str, day: str) -> Pill:
    """A negative test: too old today, too old by the hearing that is near, or good."""
    if not test_counts_at(swab.taken_at, now):
        return Pill("calm", "history", words)
    present_at = family.hearing.present_at if family.hearing else now
    is_near = now <= present_at <= now + TEST_VALID_FOR
    if is_near and not test_counts_at(swab.taken_at, present_at):
        return Pill("stop", "x", _("too old by then, %(day)s") % {"day": day})
    return Pill("ok", "check", words)


def _answers(family: Family) -> list[Answer]:
    rows: list[dict[str, Any]] = family.household.answers  # type: ignore[attr-defined]
    standing = {row["purpose"]: row for row in rows}
    return [_answer(purpose, standing.get(purpose), family) for purpose in Consent.Purpose]


def _answer(purpose: Consent.Purpose, row: dict[str, Any] | None, family: Family) -> Answer:
    if row is None:
        return Answer(PURPOSES[purpose], str(purpose.label), _answer_pill(None), "")
    day = short_day_of_year(zones.local(datetime.fromisoformat(row["noted_at"]), family.zone))
    notice = _("notice %(version)s, %(language)s") % {
        "version": row["notice_version"],
        "language": languages.within_a_line(row["notice_language"]),
    }
    way = within(str(Consent.Way(row["notice_way"]).label)) if row["notice_way"] else ""
    witness = _("witness: %(name)s") % {"name": row["witness_name"]} if row["witness_name"] else ""
    detail = " · ".join(filter(None, [day, row["noted_by_name"], notice, way, witness]))
    return Answer(PURPOSES[purpose], str(purpose.label), _answer_pill(row["is_given"]), detail)


def _answer_pill(is_given: bool | None) -> Pill:
    if is_given is None:
        return Pill("warn", "alert-circle", _("not asked"))
    return Pill("ok", "check", _("yes")) if is_given else Pill("calm", "ban", _("no"))


def next_deed(family: Family, *, light: Light, actor: Actor, now: datetime) -> NextDeed | None:
    """The first thing that is missing and that `actor` may do: paper, test, result, hearing, place, isolation, then what the light asks.

    Nothing for those who were only let in to read.
    """
    if not works_with(actor, family.household):
        return None
    for is_missing, may, name, icon, text in (
        *_at_reception(family, actor, now),
        *_before_leaving(light, family, actor),
    ):
        if is_missing and may:
            return NextDeed(reverse(name, args=[family.household.uid]), icon, text)
    return None


Missing = tuple[bool, bool, str, str, str]


def _at_reception(family: Family, actor: Actor, now: datetime) -> Sequence[Missing]:
    may_edit, may_test = actor.can(Capability.EDIT_PEOPLE), actor.can(Capability.SEE_HEALTH)
    may_hear = hearing_policies.can_note(actor, family.household)
    untested = any(member.swab is None for member in family.adults_on(today_of(family, now)))
    waiting = any(member.swab and member.swab.result is None for member in family.members)
    return (
        (
            any(not member.papers for member in family.members),
            may_edit,
            "journey:give_document",
            "file-plus",
            _("Give document"),
        ),
        (untested and not family.sleep, may_test, "journey:take_test", "test-pipe", _("Take tests")),
        (waiting, may_test, "journey:note_result", "test-pipe", _("Note result")),
        (family.hearing is None, may_hear, "journey:note_hearing", "calendar-plus", _("Note hearing")),
        (family.sleep is None, actor.can(Capability.PLACE), "shelters:place", "bed", _("Find a place")),
        (
            _isolates_beside_others(family),
            may_test and actor.can(Capability.PLACE),
            "shelters:move",
            "virus",
            _("Move to isolation"),
        ),
    )


def _isolates_beside_others(family: Family) -> bool:
    """Whether they are in isolation and sleep in a room that is for others too; one for isolation has no name here."""
    is_isolated = family.household.isolation_row is not None  # type: ignore[attr-defined]
    return is_isolated and family.sleep is not None and bool(family.sleep.unit)


def _before_leaving(light: Light, family: Family, actor: Actor) -> Sequence[Missing]:
    states = {each.key: each.state for each in light.conditions}
    return (
        (
            states.get("test") == "missing",
            actor.can(Capability.SEE_HEALTH),
            "journey:take_test",
            "test-pipe",
            _("Take tests"),
        ),
        (
            states.get("document") == "missing",
            actor.can(Capability.EDIT_PEOPLE),
            "journey:give_document",
            "file-plus",
            _("Give document"),
        ),
    )
