"""Copying what a paper or a person states about a hearing: few fields first, doubts asked before saving and shown afterwards."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse

from hearings.models import Hearing
from journey.reminders import ACTOR, plan_for, with_planning
from messaging.models import Message
from places.models import Court, CourtAddress, Crossing
from tests.factories.cases import ConsentFactory, HouseholdFactory
from tests.journey.wording import compose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data")]
NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


@pytest.fixture
def household(client_of):
    client_of("hearings")  # the site of the account is there
    return HouseholdFactory(people=3)


@pytest.fixture
def browser(client_of):
    with time_machine.travel(NOW, tick=False):
        yield client_of("hearings")


@pytest.fixture
def sheet():
    return {
        "court": Court.objects.get(eoir_base="ELP").pk,
        "court_on": "2022-01-04",
        "court_time": "08:30",
        "crossing": Crossing.objects.get(name="Paso del Norte").pk,
        "report_time": "04:30",
        "source": "sheet",
        "said_on": "2021-12-08",
    }


@pytest.fixture
def note(browser, household, sheet):
    return lambda **facts: browser.post(reverse("journey:note_hearing", args=[household.uid]), {**sheet, **facts})


@pytest.fixture
def say(browser, household, note):
    """What another source says of a hearing that was noted from the sheet."""

    def act(**facts):
        if not Hearing.objects.exists():
            note()
        url = reverse("journey:change_hearing", args=[household.uid, Hearing.objects.get().uid])
        return browser.post(url, {"source": "lawyer", "said_on": "2021-12-08", **facts})

    return act


def asked(response):
    """Whether the form came back and asks whether it is right."""
    return response.status_code == 422 and 'type="checkbox" name="is_right"' in response.content.decode()


class TestDoubts:
    @pytest.mark.parametrize(
        "facts",
        [
            {"court_on": "2022-01-08"},  # a Saturday
            {"court_on": "2022-01-17"},  # Martin Luther King Jr. Day
            {"court_on": "2021-12-07"},  # yesterday
            {"report_on": "2022-01-02"},  # two nights before
            {"report_time": "08:30"},
            {
                "court_on": "2022-11-06",
                "court_time": "01:30",
                "report_time": "",
                "crossing": "",
            },  # shown twice that night
        ],
    )
    def test_are_asked_before_saving_and_forbid_nothing(self, note, facts):
        assert asked(note(**facts))
        assert not Hearing.objects.exists()
        assert note(**facts, is_right="on").status_code == 302
        assert Hearing.objects.exists()

    def test_name_the_holiday(self, note):
        assert "Martin Luther King Jr." in note(court_on="2022-01-17").content.decode()

    def test_are_asked_of_another_source_too(self, say):
        assert asked(say(court_on="2022-01-08"))
        assert say(court_on="2022-01-08", is_right="on").status_code == 302

    def test_stay_visible_on_the_page(self, note, browser, household):
        note(court_on="2022-01-17", is_right="on")
        page = browser.get(reverse("journey:household", args=[household.uid])).content.decode()
        assert "x-doubt" in page
        assert "Martin Luther King Jr." in page

    def test_are_not_shown_of_an_ordinary_hearing(self, note, browser, household):
        note()
        assert "x-doubt" not in browser.get(reverse("journey:household", args=[household.uid])).content.decode()


class TestCrossings:
    def test_are_offered_by_both_their_names(self, browser, household):
        page = browser.get(reverse("journey:note_hearing", args=[household.uid])).content.decode()
        assert ">Paso del Norte (Puente Santa Fe)</option>" in page


class TestRefusals:
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"court_on": "2022-03-13", "court_time": "02:30", "report_time": ""}, "court_time"),
            ({"court_on": "2022-03-13", "report_time": "02:30"}, "report_time"),
            ({"report_time": "09:00"}, "report_time"),
        ],
    )
    def test_of_what_cannot_be_stand_at_their_field(self, note, facts, field):
        response = note(**facts, is_right="on")
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]

    def test_of_another_source_stand_at_their_field(self, say):
        response = say(report_time="09:00")
        assert list(response.context["form"].errors) == ["report_time"]
        response = say(court_on="2022-03-13", court_time="02:30")
        assert list(response.context["form"].errors) == ["court_time"]


class TestMoreFromThePaper:
    def test_is_folded_away_until_it_is_needed(self, browser, household, note):
        page = browser.get(reverse("journey:note_hearing", args=[household.uid])).content.decode()
        assert '<details class="x-sheet x-rest"><summary>' in page
        assert '<details class="x-sheet x-rest" open>' in note(judge="J" * 81).content.decode()

    def test_is_kept_with_its_source(self, note, household):
        head = household.people.order_by("position").first()
        assert note(kind="individual", judge="Hon. Example", interpreter="mam", people=[head.pk]).status_code == 302
        hearing = Hearing.objects.get()
        assert (hearing.kind, hearing.judge, hearing.interpreter) == ("individual", "Hon. Example", "mam")
        assert [each.person for each in hearing.summonses.all()] == [head]

    def test_quotes_nobody_for_summoning_everybody(self, note, household):
        note(people=[person.pk for person in household.people.all()])
        assert not Hearing.objects.get().claims.filter(fact="people").exists()
        assert Hearing.objects.get().summonses.count() == 3

    def test_of_another_source_changes_the_court_and_keeps_its_wall_time(self, say):
        assert say(source="notice", court=Court.objects.get(eoir_base="SND").pk).status_code == 302
        hearing = Hearing.objects.get()
        assert (hearing.court_time, hearing.court_zone) == (time(8, 30), "America/Los_Angeles")
        assert hearing.court_at == datetime(2022, 1, 4, 16, 30, tzinfo=UTC)

    def test_begins_with_the_line_where_the_worklist_asks_for_it(self, browser, household, note):
        note()
        url = reverse("journey:change_hearing", args=[household.uid, Hearing.objects.get().uid])
        assert '<option value="eoir" selected>' in browser.get(url, {"source": "eoir"}).content.decode()


class TestTheAddressOfTheCourt:
    def line(self, browser, household):
        """The line of the page about where the court sits."""
        page = browser.get(reverse("journey:household", args=[household.uid]))
        line = page.context["hearing_facts"].lines[0]
        assert line.words in page.content.decode()
        return line

    def test_is_that_of_the_day_of_the_hearing(self, note, browser, household):
        court = Court.objects.get(eoir_base="ELP")
        CourtAddress.objects.filter(court=court).update(valid_to=date(2022, 1, 1))
        CourtAddress.objects.create(
            court=court, address="1 New Street", valid_from=date(2022, 1, 1), source="a notice", verified=False
        )
        note()
        line = self.line(browser, household)
        assert (line.words, line.pill.tone) == ("1 New Street", "warn")

    def test_is_shown_without_a_doubt_where_it_was_verified(self, note, browser, household):
        CourtAddress.objects.update(verified=True)
        note()
        assert self.line(browser, household).pill is None

    def test_is_said_to_be_unknown_where_nobody_knows_it(self, note, browser, household):
        CourtAddress.objects.all().delete()
        note()
        assert self.line(browser, household).pill is None
        assert not any(char.isdigit() for char in self.line(browser, household).words)

    def test_is_never_part_of_a_message(self, note, household):
        CourtAddress.objects.update(address="1 New Street")
        ConsentFactory(household=household, purpose="messages")
        head = household.people.order_by("position").first()
        type(head).objects.filter(pk=head.pk).update(phone="+526561230000", phone_owner="own")
        note()
        hearing = with_planning(Hearing.objects.all()).get()
        plan_for([hearing], household=hearing.household, at=NOW)
        messages = list(Message.objects.all())
        drafts = [compose(message, ACTOR, message.due_at) for message in messages]
        assert messages
        assert all("New Street" not in f"{draft}" and "El Paso" not in f"{draft}" for draft in drafts)
