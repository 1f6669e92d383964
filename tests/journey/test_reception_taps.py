"""The board at work: ticks, undo, what is new, a whole day on it, and the worklists beside it."""

import gzip
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from audit.models import Read
from cases.actions.merging import Same, merge_people
from cases.actions.returns import record_return
from cases.actions.splitting import split_household
from cases.actions.steps import take_step
from cases.models import Arrival, CovidTest, Document, Household, Regrouping, Tap
from cases.states import Step
from core.actors import Actor
from journey.actions.reception import NothingLeftToDo, back_to_their_place
from journey.board import CARDS_PER_LANE, Lane, cards, lanes, version
from tests.factories.cases import CovidTestFactory, DocumentFactory, HouseholdFactory
from tests.factories.hearings import HearingFactory
from tests.factories.places import CrossingFactory, ShelterSiteFactory

NEGATIVE, POSITIVE = CovidTest.Result.NOT_DETECTED, CovidTest.Result.DETECTED


def advance(client: Client, household: Household, **sent: object) -> str:
    headers = {"HX-Request": "true"}
    return client.post(f"/households/{household.uid}/advance/", sent, headers=headers).content.decode()


@pytest.mark.django_db
class TestTicks:
    def test_note_it_for_those_ticked_alone(self, officer: Client) -> None:
        household = HouseholdFactory(people=3)
        first = household.people.first()
        answer = advance(officer, household, deed="documents", some="1", people=[first.pk])
        assert [paper.person for paper in Document.objects.all()] == [first]
        household.refresh_from_db()
        assert household.step == Step.RECEIVED
        assert "1 person" in answer

    def test_nobody_ticked_notes_nothing(self, officer: Client) -> None:
        household = HouseholdFactory(people=3)
        answer = advance(officer, household, deed="documents", some="1")
        assert "x-note warn" in answer
        assert not Document.objects.exists()

    def test_cannot_reach_into_another_family(self, officer: Client) -> None:
        household, other = HouseholdFactory(people=2), HouseholdFactory(people=1)
        advance(officer, household, deed="documents", some="1", people=[other.people.get().pk])
        assert not Document.objects.exists()

    def test_offer_those_who_need_it(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household = HouseholdFactory(people=3)
        DocumentFactory(person=household.people.first())
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert [(one.is_done, one.is_asked) for one in card.people] == [(True, True), (False, True), (False, True)]
        take_step(household=household, step=Step.DOCUMENTED, actor=actor_in("reception"), at=now)
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert [one.is_asked for one in card.people] == [True, False, False]

    def test_one_alone_is_not_asked(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        HouseholdFactory(people=1)
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert card.people == ()


@pytest.mark.django_db
class TestUndo:
    def test_is_offered_in_place_and_takes_the_tap_back(self, officer: Client) -> None:
        household = HouseholdFactory(people=2)
        answer = advance(officer, household, deed="documents", lane="received")
        url = f"/reception/taps/{Tap.objects.get().uid}/undo/"
        assert 'id="board"' in answer
        assert url in answer
        assert "<html" not in answer
        back = officer.post(url, {"next": "/reception/?lane=received"})
        assert back["Location"] == "/reception/?lane=received"
        assert not Document.objects.exists()

    def test_says_when_it_is_too_late(self, officer: Client, now: datetime) -> None:
        household = HouseholdFactory(people=2)
        advance(officer, household, deed="documents")
        Tap.objects.update(done_at=now - timedelta(minutes=11))
        answer = officer.post(f"/reception/taps/{Tap.objects.get().uid}/undo/", follow=True)
        assert "x-note warn" in answer.content.decode()
        assert Document.objects.count() == 2

    def test_looks_missing_elsewhere(self, officer: Client, client_of: Callable[..., Client]) -> None:
        advance(officer, HouseholdFactory(people=2), deed="documents")
        url = f"/reception/taps/{Tap.objects.get().uid}/undo/"
        assert client_of("reception", "TJ").post(url).status_code == 404

    def test_is_offered_after_a_form_too(self, officer: Client) -> None:
        household = HouseholdFactory(people=2)
        sent = {"step": "documented", "people": [household.people.first().pk]}
        answer = officer.post(f"/households/{household.uid}/steps/", sent, follow=True)
        assert f"/reception/taps/{Tap.objects.get().uid}/undo/" in answer.content.decode()


@pytest.mark.django_db
class TestParted:
    def test_are_still_back_from_court(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        household, actor = HouseholdFactory(people=2), actor_in("reception")
        returned, _is_new = record_return(
            uid=uuid.uuid4(), household=household, crossing=CrossingFactory(), occurred_at=now, actor=actor, at=now
        )
        _mother, son = household.people.all()
        reason = Regrouping.Reason.FAMILY
        own = split_household(household=household, people=[son], reason=reason, actor=actor, at=now)
        found = {card.household: card for card in cards(actor=actor, now=now)}
        assert found[own].is_from_court
        assert found[own].crossing == found[household].crossing == (returned.crossing.pk, returned.crossing.name)


@pytest.mark.django_db
class TestToday:
    def test_is_the_day_on_the_clocks_of_the_site(self, actor_in: Callable[..., Actor]) -> None:
        household = HouseholdFactory(people=1)
        household.people.update(birth_date=date(2003, 12, 9))
        evening = datetime(2021, 12, 9, 3, tzinfo=UTC)  # 20:00 of 8 December in Ciudad Juárez
        (card,) = cards(actor=actor_in("reception"), now=evening)
        assert (card.adults, card.minors) == (0, 1)
        (card,) = cards(actor=actor_in("reception"), now=evening + timedelta(hours=5))
        assert (card.adults, card.minors) == (1, 0)


@pytest.mark.django_db
class TestNews:
    def test_keeps_silent_until_something_happened(
        self, officer: Client, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        actor, household = actor_in("reception"), HouseholdFactory(people=1)
        seen = version(actor)
        assert officer.get(f"/reception/news/?seen={seen}").status_code == 204
        take_step(household=household, step=Step.DOCUMENTED, actor=actor, at=now)
        answer = officer.get(f"/reception/news/?seen={seen}&lane=documented")
        assert answer.status_code == 200
        assert "/reception/?lane=documented" in answer.content.decode()

    def test_tells_of_files_that_were_merged(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        kept, other = (HouseholdFactory(people=1).people.get() for _ in range(2))
        actor = actor_in("reception")
        seen = version(actor)
        merge_people(pairs=[Same(kept=kept, other=other)], actor=actor, at=now)
        assert version(actor) != seen

    def test_does_not_stir_for_another_site(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        tijuana = version(actor_in("reception", "TJ"))
        take_step(household=HouseholdFactory(people=1), step=Step.DOCUMENTED, actor=actor_in("reception"), at=now)
        assert version(actor_in("reception", "TJ")) == tijuana

    def test_costs_one_query_and_records_nobody(
        self, actor_in: Callable[..., Actor], django_assert_num_queries: Callable[..., object]
    ) -> None:
        actor = actor_in("reception")
        with django_assert_num_queries(1):
            version(actor)
        assert not Read.objects.exists()


@pytest.mark.django_db
class TestDayOf280:
    def test_stays_light_and_flat_with_true_counts(
        self, client_of: Callable[..., Client], django_assert_max_num_queries: Callable[..., object], now: datetime
    ) -> None:
        crossings = [CrossingFactory(name=name) for name in ("Paso del Norte", "Stanton")]
        for place in range(112):
            step = [Step.RECEIVED, Step.DOCUMENTED, Step.DOCUMENTED, Step.TESTED][place % 4]
            household = HouseholdFactory(people=1 + place % 4, step=step, step_at=now - timedelta(minutes=place))
            household.arrivals.update(crossing=crossings[place % 2])
            if place % 4 == 2:
                CovidTestFactory(person=household.people.first())
        client = client_of("reception")
        with django_assert_max_num_queries(10):
            page = client.get("/reception/?lane=received").content
        assert len(gzip.compress(page)) < 30_000
        text = page.decode()
        assert "<b>56</b>" in text
        assert text.count('class="x-fam"') == 28 * 4

    def test_the_rest_of_a_lane_is_a_page_on(self, client_of: Callable[..., Client], now: datetime) -> None:
        HouseholdFactory.create_batch(CARDS_PER_LANE + 2)
        text = client_of("reception").get(f"/reception/?lane=received&from={CARDS_PER_LANE}").content.decode()
        assert text.count('class="x-fam"') == 2

    def test_a_page_beyond_the_end_is_the_first(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        HouseholdFactory(people=1)
        actor = actor_in("reception")
        received = lanes(cards(actor=actor, now=now), actor=actor, current=Lane.RECEIVED, start=999)[0]
        assert (received.before, len(received.cards)) == (0, 1)

    def test_filters_by_crossing(self, officer: Client) -> None:
        one, two = CrossingFactory(name="Paso del Norte"), CrossingFactory(name="Stanton")
        for crossing in (one, two, two):
            HouseholdFactory(people=1).arrivals.update(crossing=crossing)
        assert officer.get(f"/reception/?over={one.pk}").content.decode().count('class="x-fam"') == 1
        assert officer.get("/reception/?over=x").status_code == 200


@pytest.mark.django_db
class TestReturn:
    def test_is_one_form_from_the_file_and_shows_at_the_bridge(
        self, officer: Client, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        site = ShelterSiteFactory()
        household = HouseholdFactory(people=2, step=Step.PRESENTED, guest_site=site)
        sent = {"uid": uuid.uuid4(), "crossing": "", "came_on": "2021-12-08", "came_time": "10:30"}
        for _ in range(2):
            officer.post(f"/households/{household.uid}/returns/new/", sent)
        assert household.arrivals.filter(kind=Arrival.Kind.COURT_RETURN).count() == 1
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert (card.lane, card.is_from_court) == (Lane.RECEIVED, True)

    def test_the_papers_of_the_first_time_count_with_one_tap(
        self, officer: Client, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=2)
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert card.deed == "documents"
        assert "x-note warn" in advance(officer, household, deed="papers")
        for person in household.people.all():
            DocumentFactory(person=person)
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert (card.deed, card.people) == ("papers", ())
        advance(officer, household, deed="papers")
        household.refresh_from_db()
        assert household.step == Step.DOCUMENTED

    def test_an_old_test_leaves_them_untested(self, actor_in: Callable[..., Actor], now: datetime) -> None:
        actor, household = actor_in("reception"), HouseholdFactory(people=1, step=Step.PRESENTED)
        CovidTestFactory(person=household.people.get(), result=NEGATIVE, resulted_at=now)
        record_return(uid=uuid.uuid4(), household=household, crossing=None, occurred_at=now, actor=actor, at=now)
        (card,) = cards(actor=actor, now=now)
        assert {"gavel", "test-pipe"} <= {tag.icon for tag in card.missing}

    def test_who_kept_the_bed_goes_back_to_it_with_one_tap(
        self, officer: Client, actor_in: Callable[..., Actor], now: datetime
    ) -> None:
        household = HouseholdFactory(people=2, step=Step.TESTED, guest_site=ShelterSiteFactory())
        (card,) = cards(actor=actor_in("reception"), now=now)
        assert card.keeps_its_place
        advance(officer, household, deed="placed")
        household.refresh_from_db()
        assert household.step == Step.PLACED
        with pytest.raises(NothingLeftToDo):
            back_to_their_place(household=household, actor=actor_in("reception"), at=now)


@pytest.mark.django_db
class TestExpiring:
    URL = "/documents/expiring/"

    def test_lists_by_window_the_next_first_with_the_hearing_after_it(self, officer: Client) -> None:
        for days in (0, 1, 6, 29, 31):
            person = HouseholdFactory(people=1).people.get()
            DocumentFactory(person=person, valid_until=date(2021, 12, 8) + timedelta(days=days))
        for window, count in ((1, 2), (7, 3), (30, 4)):
            text = officer.get(f"{self.URL}?days={window}").content.decode()
            assert text.count('<tr><th scope="row">') == count
        HearingFactory(household=Household.objects.earliest("pk"))
        assert "gavel" in officer.get(f"{self.URL}?days=1").content.decode()

    def test_leaves_out_who_holds_something_longer_and_who_is_gone(self, officer: Client) -> None:
        person = HouseholdFactory(people=1).people.get()
        DocumentFactory(person=person, valid_until=date(2021, 12, 9))
        DocumentFactory(person=person, valid_until=date(2022, 12, 9))
        gone = HouseholdFactory(people=1, step=Step.LEFT)
        DocumentFactory(person=gone.people.get(), valid_until=date(2021, 12, 9))
        assert '<tr><th scope="row">' not in officer.get(self.URL).content.decode()

    def test_two_that_end_on_one_day_are_one_line(self, officer: Client) -> None:
        person = HouseholdFactory(people=1).people.get()
        for kind in ("fmm", "tvrh"):
            DocumentFactory(person=person, kind=kind, valid_until=date(2021, 12, 9))
        assert officer.get(self.URL).content.decode().count('<tr><th scope="row">') == 1

    def test_is_flat_light_and_pages_on(
        self, officer: Client, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        for place in range(60):
            person = HouseholdFactory(people=1).people.get()
            DocumentFactory(person=person, valid_until=date(2021, 12, 9) + timedelta(days=place % 5))
        with django_assert_max_num_queries(10):
            first = officer.get(self.URL).content
        assert len(gzip.compress(first)) < 30_000
        assert first.decode().count('<tr><th scope="row">') == 50
        more = first.decode().split("after=")[1].split('"')[0]
        rest = officer.get(f"{self.URL}?after={more}").content.decode()
        assert rest.count('<tr><th scope="row">') == 10
        assert len(Read.objects.filter(page="expiring").earliest("pk").households) == 50

    @pytest.mark.parametrize("query", ["?days=2", "?after=x", "?after=2021-12-09.", "?days=30&after=0.0"])
    def test_an_address_made_up_still_answers(self, officer: Client, query: str) -> None:
        assert officer.get(f"{self.URL}{query}").status_code == 200


@pytest.mark.django_db
class TestGiveDocument:
    def give(self, client: Client, household: Household, **sent: object) -> None:
        form = {"issued_on": "2021-12-08", "people": [household.people.first().pk], **sent}
        client.post(f"/households/{household.uid}/documents/new/", form)

    def test_another_paper_gets_its_own_usual_days(self, officer: Client) -> None:
        self.give(officer, HouseholdFactory(people=1), kind="tvrh", valid_until="2022-04-07")
        assert Document.objects.get().valid_until == date(2022, 12, 8)

    def test_a_day_that_was_typed_stands(self, officer: Client) -> None:
        self.give(officer, HouseholdFactory(people=1), kind="tvrh", valid_until="2022-05-01")
        assert Document.objects.get().valid_until == date(2022, 5, 1)

    def test_the_number_is_kept_and_encrypted(self, officer: Client) -> None:
        household = HouseholdFactory(people=1)
        self.give(officer, household, kind="fmm", valid_until="", **{f"number-{household.people.get().pk}": "AB 12"})
        paper = Document.objects.get()
        assert (paper.number, paper.valid_until) == ("AB 12", None)

    def test_a_kind_that_nobody_knows_is_refused(self, officer: Client) -> None:
        self.give(officer, HouseholdFactory(people=1), kind="<b>", valid_until="")
        assert not Document.objects.exists()
