"""A day at the bridge without network, merged fact by fact."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import Event, EventType
from cases.actions.covid import note_result
from cases.actions.merging import Same, merge_people
from cases.actions.papers import give_documents
from cases.actions.steps import take_step
from cases.models import CovidTest, Document, Household, StepTaken
from cases.states import Step
from core.actors import Actor
from tablets.models import Conflict, Delivery, Fact
from tests.factories import tablets
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory

pytestmark = pytest.mark.django_db

Flush = Callable[..., list[dict[str, Any]]]
Browser = Callable[..., Client]

FMM = {"kind": "fmm", "issued_on": "2021-12-08", "valid_until": "2022-04-07"}
TESTED = {"kind": "94558-4", "taken_at": "2021-12-08T17:39:00+00:00"}
NEGATIVE, POSITIVE = "260415000", "260373001"


@pytest.fixture
def household() -> Household:
    found: Household = HouseholdFactory(people=2)
    return found


def steps(household: Household, people: list[Any] | None = None, base: Any = None, **facts: Any) -> dict[str, Any]:
    content = {
        "household": str(household.uid),
        "people": None if people is None else [str(person.uid) for person in people],
        "facts": facts,
        "base": base or {},
    }
    return tablets.item(content, kind="step")


class TestDeliverStep:
    def test_documents_and_tests_as_from_the_board(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        client = client_of("reception")
        given, tested = steps(household, documented=FMM), steps(household, [household.people.first()], tested=TESTED)
        answers = flush(client, given, tested)
        assert [answer["status"] for answer in answers] == ["received", "received"]
        assert set(Document.objects.values_list("kind", "issued_on")) == {("fmm", date(2021, 12, 8))}
        assert Document.objects.count() == 2
        assert CovidTest.objects.get().taken_at.isoformat() == TESTED["taken_at"]
        household.refresh_from_db()
        assert (household.step, household.step_at) == (Step.DOCUMENTED, tablets.WRITTEN_AT)

    def test_a_result_moves_the_family_on_when_it_was_read(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        head = household.people.all()[0]
        CovidTestFactory(person=head, taken_at=tablets.WRITTEN_AT - timedelta(minutes=15))
        (answer,) = flush(
            client_of("reception"), steps(household, result={"person": str(head.uid), "result": POSITIVE})
        )
        assert answer["status"] == "received"
        test = CovidTest.objects.get()
        assert (test.result, test.resulted_at) == (POSITIVE, tablets.WRITTEN_AT)
        household.refresh_from_db()
        assert household.step == Step.ISOLATED

    def test_a_result_that_the_tablet_read_before_the_test_was_noted_still_counts(
        self, client_of: Browser, household: Household, flush: Flush, now: datetime
    ) -> None:
        head = household.people.all()[0]
        CovidTestFactory(person=head, taken_at=now - timedelta(minutes=1))
        flush(client_of("reception"), steps(household, result={"person": str(head.uid), "result": NEGATIVE}))
        assert CovidTest.objects.get().resulted_at == now - timedelta(minutes=1)

    @pytest.mark.parametrize(
        ("taken", "written", "device_now"),
        [
            ("9999-12-31T20:00:00+00:00", "1970-01-02T00:00:00+00:00", datetime(1970, 1, 2, tzinfo=UTC)),
            ("1970-01-02T00:00:00+00:00", "9999-12-30T00:00:00+00:00", datetime(9999, 12, 30, tzinfo=UTC)),
        ],
    )
    def test_refuses_in_words_a_test_where_no_calendar_goes(
        self, client_of: Browser, household: Household, flush: Flush, taken: str, written: str, device_now: datetime
    ) -> None:
        entry = steps(household, tested=TESTED | {"taken_at": taken}) | {"written_at": written}
        (answer,) = flush(client_of("reception"), entry, device_now=device_now)
        assert (answer["status"], answer["reason"]) == ("refused", "impossible_moment")
        assert "no puede ser correcto" in answer["message"]
        assert not CovidTest.objects.exists()

    def test_marks_received_and_placed(self, client_of: Browser, household: Household, flush: Flush) -> None:
        (answer,) = flush(client_of("reception"), steps(household, received=True, placed=True))
        assert answer["status"] == "received"
        household.refresh_from_db()
        assert household.step == Step.PLACED

    def test_follows_an_arrival_that_the_same_tablet_logged(
        self, client_of: Browser, arrival: Callable[..., Any], flush: Flush
    ) -> None:
        logged = arrival()
        after = tablets.item(
            {"household": logged["id"], "people": None, "facts": {"documented": FMM}, "base": {}}, kind="step"
        )
        answers = flush(client_of("reception"), logged, after)
        assert [answer["status"] for answer in answers] == ["received", "received"]
        assert Document.objects.count() == 2

    def test_sent_twice_counts_once(self, client_of: Browser, household: Household, flush: Flush) -> None:
        client, entry = client_of("reception"), steps(household, tested=TESTED)
        assert [flush(client, entry)[0]["status"] for _ in range(2)] == ["received", "again"]
        assert CovidTest.objects.count() == 2
        assert Event.objects.filter(type=EventType.TEST_TAKEN).count() == 1

    def test_sets_the_time_of_a_test_right_with_the_clock(
        self, client_of: Browser, household: Household, flush: Flush, now: datetime
    ) -> None:
        entry = steps(household, tested=TESTED)
        flush(client_of("reception"), entry, device_now=now - timedelta(days=2))
        assert CovidTest.objects.first().taken_at == now - timedelta(minutes=1)
        assert Delivery.objects.get().occurred_at == now

    @pytest.mark.parametrize(
        ("facts", "reason"),
        [
            ({}, "bad_entry"),
            ({"documented": True}, "bad_entry"),
            ({"placed": False}, "bad_entry"),
            ({"dead": True}, "bad_entry"),
            ({"documented": {"kind": "fmm", "issued_on": "soon"}}, "bad_entry"),
            ({"documented": {"kind": "fmm", "issued_on": "2021-12-09"}}, "still_to_come"),
            ({"documented": FMM | {"valid_until": "2021-12-07"}}, "expired_before_issue"),
            ({"documented": FMM | {"kind": "passe-partout"}}, "unknown_paper"),
            ({"tested": {"kind": "x", "taken_at": "2021-12-08T17:39:00Z"}}, "unknown_test"),
            ({"tested": {"kind": "94558-4", "taken_at": "2021-12-08T17:39:00"}}, "bad_entry"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_nothing(
        self, client_of: Browser, household: Household, flush: Flush, facts: dict[str, Any], reason: str
    ) -> None:
        (answer,) = flush(client_of("reception"), steps(household, **facts))
        assert (answer["status"], answer["reason"]) == ("refused", reason)
        assert not Delivery.objects.exists()

    def test_a_result_without_a_test_is_refused(self, client_of: Browser, household: Household, flush: Flush) -> None:
        result = {"person": str(household.people.all()[0].uid), "result": POSITIVE}
        assert flush(client_of("reception"), steps(household, result=result))[0]["reason"] == "no_test"
        (answer,) = flush(client_of("reception"), steps(household, tested=TESTED, result=result))
        assert answer["status"] == "received"

    def test_of_a_family_elsewhere_looks_missing(self, client_of: Browser, household: Household, flush: Flush) -> None:
        ghost = HouseholdFactory.build()
        for browser, family in ((client_of("reception", "TJ"), household), (client_of("reception"), ghost)):
            assert flush(browser, steps(family, placed=True))[0]["reason"] == "missing"

    def test_of_somebody_who_is_not_in_the_family_is_refused(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        stranger = HouseholdFactory(people=1).people.get()
        assert flush(client_of("reception"), steps(household, [stranger], placed=True))[0]["reason"] == (
            "not_of_this_family"
        )

    def test_health_is_noted_by_those_who_may(self, client_of: Browser, household: Household, flush: Flush) -> None:
        """A shelter desk may not even sync; a hearings officer neither edits nor sees health."""
        answer = client_of("shelter").post(
            "/tablet/sync/",
            tablets.batch(steps(household, tested=TESTED), device_now=tablets.WRITTEN_AT),
            content_type="application/json",
        )
        assert answer.status_code == 403


class TestTwoDevices:
    @pytest.fixture
    def officer(self, actor_in: Callable[..., Actor]) -> Actor:
        return actor_in("coordinator")

    def test_what_only_grows_never_conflicts(
        self, client_of: Browser, household: Household, officer: Actor, flush: Flush, now: datetime
    ) -> None:
        for person in household.people.all():
            CovidTestFactory(person=person, taken_at=now - timedelta(minutes=40), result=NEGATIVE, resulted_at=now)
        take_step(household=household, step=Step.RECEIVED, actor=officer, at=now)
        (answer,) = flush(client_of("reception"), steps(household, received=True, tested=TESTED))
        assert answer["status"] == "received"
        assert CovidTest.objects.count() == 2

    def test_the_same_word_from_both_is_no_conflict(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        for person in household.people.all():
            DocumentFactory(person=person)
        (answer,) = flush(client_of("reception"), steps(household, documented=FMM))
        assert answer["status"] == "received"
        assert Document.objects.count() == 2

    def test_a_paper_of_another_kind_is_another_fact(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        DocumentFactory(person=household.people.all()[0], kind="tvrh")
        flush(client_of("reception"), steps(household, documented=FMM))
        assert Document.objects.count() == 3

    def test_other_dates_are_a_conflict_for_those_concerned_and_land_for_the_others(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        mother, son = household.people.all()
        DocumentFactory(person=mother, issued_on=date(2021, 12, 7), valid_until=None)
        (answer,) = flush(client_of("reception"), steps(household, documented=FMM))
        assert (answer["status"], answer["url"]) == ("conflict", "/tablet/conflicts/")
        conflict = Conflict.objects.get()
        assert (conflict.person, conflict.fact) == (mother, Fact.DOCUMENTED)
        assert conflict.brought_value == FMM
        assert conflict.standing_value == {"kind": "fmm", "issued_on": "2021-12-07", "valid_until": None}
        assert son.documents.get().valid_until == date(2022, 4, 7)
        assert mother.documents.get().issued_on == date(2021, 12, 7)

    def test_what_the_tablet_knew_and_changed_is_no_conflict(
        self, client_of: Browser, household: Household, flush: Flush
    ) -> None:
        mother = household.people.all()[0]
        DocumentFactory(person=mother, issued_on=date(2021, 12, 1), valid_until=None)
        base = {str(mother.uid): {"documented": {"kind": "fmm", "issued_on": "2021-12-01", "valid_until": None}}}
        (answer,) = flush(client_of("reception"), steps(household, [mother], base, documented=FMM))
        assert answer["status"] == "received"
        assert mother.documents.count() == 2

    def test_another_result_is_never_overwritten(
        self, client_of: Browser, household: Household, officer: Actor, flush: Flush, now: datetime
    ) -> None:
        head = household.people.all()[0]
        test = CovidTestFactory(person=head)
        note_result(test=test, result=CovidTest.Result.NOT_DETECTED, actor=officer, at=now)
        for base in ({}, {str(head.uid): {"result": NEGATIVE}}):
            entry = steps(household, base=base, result={"person": str(head.uid), "result": POSITIVE})
            (answer,) = flush(client_of("reception"), entry)
            assert answer["status"] == "conflict"
        test.refresh_from_db()
        assert test.result == NEGATIVE
        assert {conflict.brought_value for conflict in Conflict.objects.all()} == {POSITIVE}
        same = steps(household, result={"person": str(head.uid), "result": NEGATIVE})
        assert flush(client_of("reception"), same)[0]["status"] == "received"

    def test_who_was_placed_meanwhile_is_not_isolated_unseen(
        self, client_of: Browser, household: Household, officer: Actor, flush: Flush, now: datetime
    ) -> None:
        take_step(household=household, step=Step.PLACED, actor=officer, at=now)
        (answer,) = flush(client_of("reception"), steps(household, isolated=True))
        assert answer["status"] == "conflict"
        assert {conflict.standing_value for conflict in Conflict.objects.all()} == {"placed"}
        assert not StepTaken.objects.filter(step=Step.ISOLATED).exists()
        (known,) = flush(client_of("reception"), steps(household, base={"placed": True}, isolated=True))
        assert known["status"] == "received"

    def test_what_a_tablet_gave_first_stands_when_the_office_gives_it_too(
        self, client_of: Browser, household: Household, officer: Actor, flush: Flush, now: datetime
    ) -> None:
        flush(client_of("reception"), steps(household, documented=FMM))
        give_documents(
            household=household,
            kind="fmm",
            issued_on=date(2021, 12, 8),
            valid_until=date(2022, 4, 7),
            actor=officer,
            at=now,
        )
        assert Document.objects.count() == 2


class TestMergedFiles:
    def test_a_step_for_a_file_that_was_merged_lands_in_the_one_that_was_kept(
        self, client_of: Browser, actor_in: Callable[..., Actor], flush: Flush, now: datetime
    ) -> None:
        (kept,), (other,) = (list(HouseholdFactory(people=1).people.all()) for _ in range(2))
        merge_people(pairs=[Same(kept=kept, other=other)], actor=actor_in("coordinator"), at=now)
        entry = steps(Household.with_merged.get(pk=other.household_id), [other], documented=FMM)
        (answer,) = flush(client_of("reception"), entry)
        assert (answer["status"], answer["household"]) == ("received", str(kept.household.uid))
        assert kept.documents.count() == 1


class TestVerdictOfIds:
    def test_an_unknown_household_is_missing(self, client_of: Browser, flush: Flush) -> None:
        content = {"household": str(uuid.uuid4()), "people": None, "facts": {"placed": True}, "base": {}}
        assert flush(client_of("reception"), tablets.item(content, kind="step"))[0]["reason"] == "missing"
