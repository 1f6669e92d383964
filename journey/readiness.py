"""The readiness light: one verdict for a family, six reasons, each with who can mend it.

The six always stand in the order of `core.look.CONDITION_KEYS`. A room above joins with `@condition("seat")` and takes the
place of the judge that stands here until then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cases.models import CovidTest, Household
from cases.rules import TEST_VALID_FOR, test_counts_at
from cases.states import CLOSED, Step
from core.actors import Actor, Capability
from core.look import CONDITION_KEYS, Condition, Light, State, Text, Verdict, short_day, within
from hearings.models import Claim, Hearing
from journey.families import Family, Member, Swab, families_of, today_of
from places import zones

Judge = Callable[[Sequence[Family], Actor | None, datetime], Mapping[int, Condition]]
OneJudge = Callable[[Family, datetime], Condition]

TITLES: dict[str, Text] = {
    "hearing": pgettext_lazy("condition", "Hearing"),
    "document": pgettext_lazy("condition", "Document"),
    "test": pgettext_lazy("condition", "Test"),
    "seat": pgettext_lazy("condition", "Seat"),
    "gate": pgettext_lazy("condition", "Gate"),
    "minors": pgettext_lazy("condition", "Minors with their adult"),
}
OWNERS: dict[str, Text] = {
    "hearing": pgettext_lazy("owner", "Hearings"),
    "document": pgettext_lazy("owner", "INM"),
    "test": pgettext_lazy("owner", "Nursing"),
    "seat": pgettext_lazy("owner", "Transport"),
    "gate": pgettext_lazy("owner", "Shelter"),
    "minors": pgettext_lazy("owner", "Protection"),
}
WORDS: dict[tuple[str, State], Text] = {
    ("hearing", "missing"): gettext_lazy("The time at the bridge is missing"),
    ("hearing", "confirm"): gettext_lazy("Hearing to confirm"),
    ("document", "missing"): gettext_lazy("A document is missing"),
    ("document", "confirm"): gettext_lazy("Document to confirm"),
    ("test", "missing"): gettext_lazy("A test is missing"),
    ("test", "confirm"): gettext_lazy("Test to confirm"),
    ("seat", "missing"): gettext_lazy("A seat is missing"),
    ("seat", "confirm"): gettext_lazy("Seat to confirm"),
    ("gate", "missing"): gettext_lazy("Nobody opens the gate"),
    ("gate", "confirm"): gettext_lazy("Gate to confirm"),
    ("minors", "missing"): gettext_lazy("A minor is without an adult"),
    ("minors", "confirm"): gettext_lazy("Minors to confirm"),
}
GONE = CLOSED | {Step.LEFT, Step.MOVED, Step.LOST_CONTACT}
WORST: tuple[State, ...] = ("missing", "confirm", "met", "none")

_judges: dict[str, Judge] = {}


def condition(key: str) -> Callable[[Judge], Judge]:
    """Have the decorated function judge the condition `key` from now on.

    It is called once for all families of a page, so that it may ask the database once, with the actor who looks (None: someone
    who may see no health) and the moment, and returns a condition for each household's key.
    """
    if key not in CONDITION_KEYS:
        raise ValueError(f"there is no condition {key}")

    def register(judge: Judge) -> Judge:
        _judges[key] = judge
        return judge

    return register


def lights(households: Sequence[Household], *, now: datetime, actor: Actor | None = None) -> dict[int, Light]:
    """The light of each of `households` (fetched with `site__city`) by its key, in three queries however many they are.

    Without an `actor`, or for one who may not see health, the test says no more than "in order" or "ask nursing".
    """
    return lights_of(families_of(households, now=now, actor=actor), now=now, actor=actor)


def lights_of(families: Sequence[Family], *, now: datetime, actor: Actor | None = None) -> dict[int, Light]:
    """As `lights`, for families that are there already: no query. Those whose way has ended are not judged."""
    ahead = [family for family in families if Step(family.household.step) not in GONE]
    found = [_judges[key](ahead, actor, now) for key in CONDITION_KEYS]
    judged = {family.household.pk: tuple(each[family.household.pk] for each in found) for family in ahead}
    return {family.household.pk: light_from(family, judged.get(family.household.pk, ())) for family in families}


def lights_of_hearings(families: Sequence[Family], *, now: datetime, actor: Actor | None = None) -> dict[int, Light]:
    """As `lights_of`, by the key of the hearing that each family goes to: one that has two stands among `families` with either."""
    found: dict[int, Light] = {}
    left = list(families)
    while left:
        turn = {family.household.pk: family for family in reversed(left)}
        judged = lights_of(list(turn.values()), now=now, actor=actor)
        found |= {family.hearing.pk: judged[key] for key, family in turn.items() if family.hearing}
        left = [family for family in left if turn[family.household.pk] is not family]
    return found


def light_from(family: Family, conditions: Sequence[Condition]) -> Light:
    """The verdict that follows from six judged conditions."""
    step = Step(family.household.step)
    if step in GONE:
        return Light("none", step.label, _("Nothing to get ready."), (), step.label)
    if family.hearing is None:
        return Light(
            "none",
            _("No appointment yet"),
            _("Note the hearing on their sheet; all is checked against that day."),
            conditions,
        )
    states = {each.state for each in conditions}
    verdict: Verdict = "stop" if "missing" in states else "warn" if "confirm" in states else "ok"
    titles = {"stop": _("Cannot leave yet"), "warn": _("To confirm"), "ok": _("Ready to leave")}
    open_words = [str(WORDS[each.key, each.state]) for each in _open(conditions)]
    rest = _("The rest is ready.") if any(each.state == "met" for each in conditions) else ""
    summary = (
        " ".join([*(f"{word}." for word in open_words), rest])
        if open_words
        else _("All that is known here is in order.")
    )
    return Light(verdict, titles[verdict], summary.strip(), conditions, open_words[0] if open_words else _("Ready"))


def _open(conditions: Iterable[Condition]) -> list[Condition]:
    """What is missing, then what is to confirm."""
    return sorted((each for each in conditions if each.state in WORST[:2]), key=lambda each: WORST.index(each.state))


def reason(key: str, state: State, words: str, owner: Text | None = None) -> Condition:
    """The condition `key` in a state, because of `words`; `owner` mends it where that is not who always does."""
    return Condition(key, TITLES[key], state, words, OWNERS[key] if owner is None else owner)


def one_by_one(key: str) -> Callable[[OneJudge], OneJudge]:
    """As `condition`, for a judge that looks at one family at a time and needs no query."""

    def register(judge: OneJudge) -> OneJudge:
        condition(key)(lambda families, actor, now: {family.household.pk: judge(family, now) for family in families})
        return judge

    return register


# ---- hearing


@one_by_one("hearing")
def judge_hearing(family: Family, now: datetime) -> Condition:
    """Met when documented, without a conflict, and verified with EOIR."""
    hearing = family.hearing
    if hearing is None:
        return reason("hearing", "missing", _("none noted yet"))
    if hearing.report_at is None:
        return reason("hearing", "missing", _("time at the bridge not known"))
    if hearing.is_in_conflict:
        return reason("hearing", "confirm", _("the sources do not match: %(what)s") % {"what": _differing(hearing)})
    if hearing.report_basis == Hearing.Basis.ESTIMATED:
        return reason("hearing", "confirm", _("time at the bridge is estimated"))
    if hearing.verified_at is None:
        return reason("hearing", "confirm", _("not verified with EOIR yet"))
    day = short_day(zones.local(hearing.verified_at, family.zone).date())
    return reason("hearing", "met", _("documented, verified on %(day)s") % {"day": day})


def _differing(hearing: Hearing) -> str:
    """What the sources of `hearing` differ on."""
    return ", ".join(within(str(Claim.Fact(fact).label)) for fact in hearing.conflicts)


# ---- document


@one_by_one("document")
def judge_document(family: Family, now: datetime) -> Condition:
    """Met when each holds a paper that is valid through the day of the hearing (today while there is none)."""
    day = family.hearing.court_on if family.hearing else today_of(family, now)
    states = {member.person.pk: _paper_state(member, day) for member in family.members}
    lacking = [member for member in family.members if states[member.person.pk] == "missing"]
    unsure = [member for member in family.members if states[member.person.pk] == "confirm"]
    if lacking:
        return reason("document", "missing", _lacking(lacking, day))
    if unsure or not family.members:
        return reason("document", "confirm", _("last day of validity not noted: %(who)s") % {"who": _who(unsure)})
    kinds = sorted({paper.short for member in family.members if (paper := member.paper_on(day))})
    return reason(
        "document", "met", _("%(kinds)s, valid on %(day)s") % {"kinds": ", ".join(kinds), "day": short_day(day)}
    )


def _paper_state(member: Member, day: date) -> State:
    if any(paper.covers(day) for paper in member.papers):
        return "met"
    return "confirm" if any(paper.valid_until is None for paper in member.papers) else "missing"


def _lacking(members: Sequence[Member], day: date) -> str:
    if any(member.papers for member in members):
        return _("not valid on %(day)s: %(who)s") % {"day": short_day(day), "who": _who(members)}
    return _("none yet: %(who)s") % {"who": _who(members)}


# ---- test


@condition("test")
def judge_tests(families: Sequence[Family], actor: Actor | None, now: datetime) -> Mapping[int, Condition]:
    """Met when each adult has a negative test that still counts on presenting. Minors are tested only with symptoms.

    A test that would be too old by then is not asked for: the condition applies only once one can count. Roles that may not see
    health never learn why it is not met, and are never shown a green light that is not true.
    """
    found = {family.household.pk: judge_test(family, now) for family in families}
    if actor is not None and actor.can(Capability.SEE_HEALTH):
        return found
    return {key: _veiled(each) for key, each in found.items()}


def judge_test(family: Family, now: datetime) -> Condition:
    """The test condition of one family, in full."""
    present_at = family.hearing.present_at if family.hearing else now
    if any(_is_positive(member.swab) for member in family.members):
        who = [member for member in family.members if _is_positive(member.swab)]
        return reason("test", "missing", _("last one positive: %(who)s") % {"who": _who(who)})
    if present_at - now > TEST_VALID_FOR:
        since = zones.local(present_at - TEST_VALID_FOR, family.zone)
        day, city = short_day(since.date()), family.household.site.city.name
        words = _("needed from %(day)s, %(time)s, %(city)s time")
        return reason("test", "none", words % {"day": day, "time": f"{since:%H:%M}", "city": city})
    return _test_before(family, max(present_at, now))


def _test_before(family: Family, present_at: datetime) -> Condition:
    if family.household.step == Step.ISOLATED:
        return reason("test", "missing", _("in isolation: they cannot travel"))
    day = zones.local(present_at, family.zone).date()
    asked = [member for member in family.members if member.swab or not member.is_minor_on(day)]
    waiting = [member for member in asked if member.swab and member.swab.result is None]
    unclear = [member for member in asked if member.swab and member.swab.result == CovidTest.Result.INCONCLUSIVE]
    none = [member for member in asked if member.swab is None]
    counted = [member for member in asked if member not in waiting and member not in unclear and member not in none]
    late = [member for member in counted if member.swab and not test_counts_at(member.swab.taken_at, present_at)]
    if none:
        return reason("test", "missing", _("not tested: %(who)s") % {"who": _who(none)})
    if late:
        return reason("test", "missing", _("too old on presenting: %(who)s") % {"who": _who(late)})
    if waiting or unclear:
        return reason("test", "confirm", _("result awaited: %(who)s") % {"who": _who(waiting + unclear)})
    return reason("test", "met", _("negative and valid on presenting"))


def _is_positive(swab: Swab | None) -> bool:
    return swab is not None and swab.result == CovidTest.Result.DETECTED


def _veiled(seen: Condition) -> Condition:
    """What someone without sight of health is told: in order, not needed yet, or whom to ask."""
    if seen.state == "met":
        return reason("test", "met", _("in order"))
    if seen.state == "none":
        return seen
    return reason("test", "confirm", _("ask nursing"))


# ---- minors


@one_by_one("minors")
def judge_minors(family: Family, now: datetime) -> Condition:
    """Met when each minor goes with an adult of the family who is summoned too, and sleeps in the same room as one."""
    day = family.hearing.court_on if family.hearing else today_of(family, now)
    minors, adults = family.minors_on(day), family.adults_on(day)
    if not minors:
        return reason("minors", "none", _("no minors"))
    if words := _without_adult(minors, adults) or _summoned_alone(family, minors, adults):
        return reason("minors", "missing", words)
    if left := _left_behind(family, minors, adults):
        return reason("minors", "confirm", _("stay behind without an adult: %(who)s") % {"who": _who(left)})
    if not any(member.sleep for member in family.members):
        return reason("minors", "confirm", _("no place given yet"))
    return _sleeping(minors, adults)


def _sleeping(minors: Sequence[Member], adults: Sequence[Member]) -> Condition:
    """What to say of minors and adults who go together, by the rooms they sleep in."""
    rooms = {member.sleep.unit_id for member in adults if member.sleep}
    houses = {member.sleep.shelter_id for member in adults if member.sleep}
    apart = [member for member in minors if not member.sleep or member.sleep.shelter_id not in houses]
    elsewhere = [member for member in minors if member.sleep and member.sleep.unit_id not in rooms]
    if apart:
        return reason("minors", "missing", _("apart from their adult: %(who)s") % {"who": _who(apart)})
    if elsewhere:
        return reason("minors", "confirm", _("in another room: %(who)s") % {"who": _who(elsewhere)})
    return reason("minors", "met", _together(len(minors), adults))


def _without_adult(minors: Sequence[Member], adults: Sequence[Member]) -> str:
    """What to say of minors who are missing, or whose adults all are, or who have none; empty where they are together."""
    if not adults:
        return _("no adult in this family")
    if away := [member for member in minors if member.missing_since]:
        return _("not with the family: %(who)s") % {"who": _who(away)}
    return _("no adult is here") if all(member.missing_since for member in adults) else ""


def _summoned(family: Family, members: Sequence[Member]) -> Sequence[Member]:
    """Those of `members` who are summoned; all where nobody was named."""
    named = set(getattr(family.hearing, "summoned", ()))
    return [member for member in members if member.person.pk in named] if named else members


def _summoned_alone(family: Family, minors: Sequence[Member], adults: Sequence[Member]) -> str:
    """What to say of minors who must go and whose summoned adults do not, or are away."""
    going = _summoned(family, minors)
    with_them = _summoned(family, adults)
    if going and not with_them:
        return _("summoned without an adult: %(who)s") % {"who": _who(going)}
    if going and all(member.missing_since for member in with_them):
        return _("the adult who is summoned is away: %(who)s") % {"who": _who(with_them)}
    return ""


def _left_behind(family: Family, minors: Sequence[Member], adults: Sequence[Member]) -> Sequence[Member]:
    """Minors who are not summoned while all their adults go."""
    going = {member.person.pk for member in _summoned(family, adults)}
    stays = any(member.person.pk not in going and not member.missing_since for member in adults)
    summoned = {member.person.pk for member in _summoned(family, minors)}
    return [] if stays else [member for member in minors if member.person.pk not in summoned]


def _together(count: int, adults: Sequence[Member]) -> str:
    words = ngettext("%(count)d with %(who)s", "%(count)d of %(count)d with %(who)s", count)
    return words % {"count": count, "who": adults[0].first_name}


def _who(members: Sequence[Member]) -> str:
    """Up to two first names, then a count."""
    if len(members) > 2:
        return ngettext("%(count)d person", "%(count)d people", len(members)) % {"count": len(members)}
    return ", ".join(member.first_name for member in members)
