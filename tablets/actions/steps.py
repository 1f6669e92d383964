"""Steps that were taken on a tablet, merged fact by fact with what happened meanwhile."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.actions.covid import note_results, take_tests
from cases.actions.papers import give_documents
from cases.actions.steps import take_step
from cases.models import CovidTest, Document, Household, Person
from core.actors import Actor
from core.errors import DomainError
from tablets.entries import StepEntry, step_of
from tablets.facts import STEP_OF, facts_of, newest_paper, paper_value, steps_of, test_value, whereabouts
from tablets.models import Conflict, Delivery, Fact
from tablets.rules import Verdict, verdict


class NoSuchFamily(DomainError):
    """There is no such household, or not for whoever brings this."""

    code = "missing"
    message = _("This family is not at your site. Ask who received them.")
    http_status = 404


class NotOfThisFamily(DomainError):
    """Somebody it tells of is not in this household any more."""

    code = "not_of_this_family"
    message = _("This family is made up otherwise by now. Open its file and note it there.")


class StillToCome(DomainError):
    """The paper would be given tomorrow."""

    code = "still_to_come"
    message = _("This is still to come. Check the day and the time.")
    http_status = 422


class ImpossibleMoment(DomainError):
    """The test would have been taken where no calendar goes, once the tablet's clock is put right."""

    code = "impossible_moment"
    message = _(
        "The day of the test cannot be right. Check the clock of the tablet, and note the test in the family's file."
    )
    http_status = 422


class NoTestToResult(DomainError):
    """Nobody took the test that the result would be of."""

    code = "no_test"
    message = _("No test was noted for this person. Note the test first.")
    http_status = 422


@dataclass(frozen=True, slots=True)
class _Merge:
    """One entry on its way into a household that is locked. `family` are its people by every id that a tablet may know them by."""

    entry: StepEntry
    household: Household
    family: Mapping[UUID, Person]
    facts: Mapping[int, Mapping[str, Any]]
    delivery: Delivery
    actor: Actor

    @property
    def people(self) -> list[Person]:
        """Whom the entry tells of: all of the family unless it names them."""
        chosen = {self.family[uid] for uid in self.entry.people} or set(self.family.values())
        return sorted(chosen, key=lambda person: person.position)

    def sort(
        self, fact: Fact, brought: object, known: Iterable[tuple[Person, object, object]], *, is_monotone: bool = False
    ) -> list[Person]:
        """For whom `fact` is to be done, of `known` (who, what stands, what the tablet knew); conflicts are kept."""
        to_do = []
        for person, stands, base in known:
            told = verdict(stands=stands, brought=brought, base=base, is_monotone=is_monotone)
            if told is Verdict.DO:
                to_do.append(person)
            elif told is Verdict.DECIDE:
                self.keep(person, fact, stands, brought)
        return to_do

    def as_known(self, fact: Fact) -> list[tuple[Person, object, object]]:
        """Everybody with what stands for `fact` and what the tablet knew of it."""
        return [
            (person, self.facts[person.pk].get(fact), self.entry.base_of(person.uid).get(fact))
            for person in self.people
        ]

    def keep(self, person: Person, fact: Fact, stands: object, brought: object) -> None:
        """Keep a conflict for a person to decide."""
        Conflict.objects.create(
            delivery=self.delivery,
            household=self.household,
            person=person,
            fact=fact,
            stands=json.dumps(stands),
            brought=json.dumps(brought),
        )


def deliver_step(*, delivery: Delivery, content: Mapping[str, Any], actor: Actor, at: datetime) -> Household:
    """Do what `content` says was done at reception, through the deeds of the pages, at `delivery.occurred_at`.

    Each fact is merged for itself: what was noted meanwhile and only grows is left alone, and where something else stands that the
    tablet did not know, nothing is overwritten and a `Conflict` is kept for a person. Raises BadEntry, NoSuchFamily, NotOfThisFamily,
    StillToCome, ImpossibleMoment, NoTestToResult, NotAllowed and what the deeds raise.
    """
    entry = step_of(content)
    household = _household(entry, actor)
    policies.check_can_edit(actor, household)
    if entry.test or entry.result or Fact.ISOLATED in entry.marks:
        policies.check_can_note_health(actor, household)
    family, steps = _family(entry, household), steps_of([household])
    facts = {person.pk: facts_of(person, household, steps) for person in family.values()}
    merge = _Merge(entry, household, family, facts, delivery, actor)
    _mark(merge, Fact.RECEIVED)
    _document(merge, at)
    _test(merge)
    _result(merge)
    _mark(merge, Fact.ISOLATED)
    _mark(merge, Fact.PLACED)
    return household


def _household(entry: StepEntry, actor: Actor) -> Household:
    """The household, locked; the one that it was merged into, if it was. Raises NoSuchFamily."""
    known = Household.with_merged.filter(Q(uid=entry.household) | Q(arrivals__uid=entry.household))
    visible = Household.objects.visible_to(actor).filter(pk__in=known.stands_as())
    locked = Household.objects.select_for_update(no_key=True, of=("self",)).select_related("site__city")
    found: Household | None = locked.filter(pk__in=visible.values("pk")).first()
    if found is None:
        raise NoSuchFamily()
    return found


def _family(entry: StepEntry, household: Household) -> dict[UUID, Person]:
    """The people by their ids, and by those of files that were merged into theirs. Raises NotOfThisFamily."""
    members = Person.objects.filter(household=household).in_order().prefetch_related("documents", "tests")
    family = {person.uid: person for person in members}
    asked = entry.people | ({entry.result[0]} if entry.result else set())
    if missing := asked - set(family):
        merged = Person.with_merged.filter(uid__in=missing).values_list("uid", "merged_into__uid")
        family |= {uid: family[kept] for uid, kept in merged if kept in family}
    if asked - set(family):
        raise NotOfThisFamily()
    return family


def _mark(merge: _Merge, fact: Fact) -> None:
    """A step that is only marked. Where somebody sleeps is one fact: who was placed meanwhile is not isolated unseen."""
    if fact not in merge.entry.marks:
        return
    if fact == Fact.RECEIVED:
        people = merge.sort(fact, brought=True, known=merge.as_known(fact), is_monotone=True)
    else:
        known = [
            (person, whereabouts(merge.facts[person.pk]), whereabouts(merge.entry.base_of(person.uid)))
            for person in merge.people
        ]
        people = merge.sort(fact, brought=fact.value, known=known)
    if people:
        take_step(
            household=merge.household,
            step=STEP_OF[fact],
            people=people,
            actor=merge.actor,
            at=merge.delivery.occurred_at,
        )


def _document(merge: _Merge, at: datetime) -> None:
    """A paper. One of another kind is another fact."""
    paper = merge.entry.paper
    if paper is None:
        return
    if paper.issued_on > merge.household.day_at(at):
        raise StillToCome()
    brought = paper_value(Document(kind=paper.kind, issued_on=paper.issued_on, valid_until=paper.valid_until))
    known = [
        (person, paper_value(newest_paper(person, paper.kind)), _of_kind(base, paper.kind))
        for person, _stands, base in merge.as_known(Fact.DOCUMENTED)
    ]
    people = merge.sort(Fact.DOCUMENTED, brought=brought, known=known)
    if people:
        give_documents(
            household=merge.household,
            kind=paper.kind,
            issued_on=paper.issued_on,
            valid_until=paper.valid_until,
            people=people,
            actor=merge.actor,
            at=merge.delivery.occurred_at,
        )


def _of_kind(known: object, kind: str) -> object:
    return known if isinstance(known, dict) and known.get("kind") == kind else None


def _test(merge: _Merge) -> None:
    if merge.entry.test is None:
        return
    kind, noted_at = merge.entry.test
    taken_at = _put_right(noted_at, merge.delivery)
    brought = test_value(CovidTest(kind=kind, taken_at=taken_at))
    people = merge.sort(Fact.TESTED, brought=brought, known=merge.as_known(Fact.TESTED), is_monotone=True)
    if people:
        take_tests(
            household=merge.household,
            people=people,
            kind=kind,
            taken_at=taken_at,
            actor=merge.actor,
            at=merge.delivery.occurred_at,
        )


def _put_right(moment: datetime, delivery: Delivery) -> datetime:
    """`moment` of the tablet's clock by the server's, and no later than the entry itself. Raises ImpossibleMoment."""
    try:
        return min(moment + (delivery.occurred_at - delivery.written_at), delivery.occurred_at)
    except OverflowError:
        raise ImpossibleMoment() from None


def _result(merge: _Merge) -> None:
    """A result of the newest test. One that is noted already is never overwritten, whatever the tablet knew."""
    if merge.entry.result is None:
        return
    uid, result = merge.entry.result
    person = merge.family[uid]
    test = CovidTest.objects.standing().filter(person=person).first()
    if test is None:
        raise NoTestToResult()
    told = verdict(stands=test.result, brought=result.value, base=None)
    if told is Verdict.DECIDE:
        merge.keep(person, Fact.RESULT, test.result, result.value)
    elif told is Verdict.DO:
        moment = max(merge.delivery.occurred_at, test.taken_at)
        note_results(
            household=merge.household, results={test.pk: result}, resulted_at=moment, actor=merge.actor, at=moment
        )
