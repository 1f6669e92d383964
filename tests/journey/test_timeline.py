"""What has happened to a household, as sentences."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from accounts.roles import Role
from audit.models import Event, EventType
from cases.models import Household
from journey.families import family_of
from journey.happening_words import SENTENCES
from journey.timeline import SHOWN, UNTOLD, Timeline, days_until, timeline_of
from tests.factories.audit import EventFactory
from tests.factories.cases import HouseholdFactory
from tests.factories.shelters import StayFactory, UnitFactory

NOW = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
JUAREZ = "America/Ciudad_Juarez"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def household(db) -> Household:
    return HouseholdFactory(people=2)


def _tell(household: Household, actor: object, **options: object) -> Timeline:
    return timeline_of(family_of(household, now=NOW), actor=actor, now=NOW, **options)


def _texts(timeline: Timeline) -> list[str]:
    return [each.text for day in timeline.days for each in day.happenings]


class TestTimelineOf:
    def test_tells_the_newest_first_by_day_in_the_clock_of_the_site(self, household, actor_in):
        EventFactory(household=household.uid, occurred_at=NOW - timedelta(days=1), facts={"people": 2})
        EventFactory(
            household=household.uid, occurred_at=NOW, type=EventType.DOCUMENT_GIVEN, facts={"kind": "fmm", "people": 2}
        )
        timeline = _tell(household, actor_in(Role.RECEPTION))
        assert _texts(timeline) == ["FMM given to 2 people", "Received at the bridge: 2 people"]
        assert [day.title for day in timeline.days] == ["Today, 8 December", "Yesterday, 7 December"]
        assert timeline.days[0].happenings[0].meta == "11:00 · Maribel Ontiveros"

    def test_shows_the_newest_three_at_once_and_folds_the_others(self, household, actor_in):
        for days in range(5):
            EventFactory(
                household=household.uid, occurred_at=NOW - timedelta(days=days // 2), facts={"people": days + 1}
            )
        timeline = _tell(household, actor_in(Role.RECEPTION))
        assert [len(day.happenings) for day in timeline.latest] == [2, 1]
        assert [len(day.happenings) for day in timeline.earlier] == [1, 1]
        assert timeline.folded == 2

    def test_names_the_room_from_the_stay(self, household, actor_in):
        unit = UnitFactory(shelter__name="Casa Peregrina", name="cuarto 7")
        StayFactory(person=household.people.first(), unit=unit)
        facts = {"shelter": unit.shelter_id, "unit": unit.pk, "people": 2, "over": False}
        EventFactory(household=household.uid, type=EventType.STAY_BEGUN, facts=facts)
        assert _texts(_tell(household, actor_in(Role.COORDINATOR))) == ["Placed: Casa Peregrina, cuarto 7"]

    def test_says_only_what_they_answered_that_time(self, household, actor_in):
        for facts in ({"given": [], "refused": ["messages"]}, {"given": ["reception"], "refused": ["partners"]}):
            EventFactory(household=household.uid, type=EventType.CONSENT_RECORDED, facts=facts)
        assert set(_texts(_tell(household, actor_in(Role.RECEPTION)))) == {
            "They said no to: messages to the phone",
            "They agreed to: reception, shelter and hearings · They said no to: sharing with partner agencies",
        }

    def test_leaves_health_out_for_a_shelter_desk(self, household, actor_in):
        for kind, facts in (
            (EventType.TEST_TAKEN, {"kind": "94558-4", "people": 1}),
            (EventType.TEST_RESULTED, {}),
            (EventType.STEP_TAKEN, {"step": "isolated", "people": 1}),
            (EventType.STEP_TAKEN, {"step": "documented", "people": 2}),
        ):
            EventFactory(household=household.uid, type=kind, facts=facts)
        assert len(_texts(_tell(household, actor_in(Role.RECEPTION)))) == 4
        assert _texts(_tell(household, actor_in(Role.SHELTER))) == ["Documented"]

    def test_shows_the_first_and_says_how_many_there_are(self, household, actor_in, django_assert_num_queries):
        for number in range(60):
            EventFactory(household=household.uid, occurred_at=NOW - timedelta(minutes=number))
        actor, family = actor_in(Role.RECEPTION), family_of(household, now=NOW)
        with django_assert_num_queries(1):
            timeline = timeline_of(family, actor=actor, now=NOW)
        assert (timeline.shown, timeline.total, timeline.is_whole) == (SHOWN, 60, False)
        assert timeline_of(family, actor=actor, now=NOW, whole=True).is_whole

    def test_tells_the_same_deed_for_several_people_once(self, household, actor_in):
        EventFactory.create_batch(3, household=household.uid, type=EventType.TEST_RESULTED)
        (line,) = _tell(household, actor_in(Role.RECEPTION)).days[0].happenings
        assert (line.text, line.count) == ("Result of a test noted", 3)

    def test_does_not_tell_the_steps_that_follow_from_an_arrival_and_a_stay(self, household, actor_in):
        for step in ("received", "placed", "documented"):
            EventFactory(household=household.uid, type=EventType.STEP_TAKEN, facts={"step": step, "people": 2})
        assert _texts(_tell(household, actor_in(Role.RECEPTION))) == ["Documented"]

    def test_tells_of_nobody_else(self, household, actor_in):
        EventFactory()
        timeline = _tell(household, actor_in(Role.RECEPTION))
        assert (timeline.days, timeline.total) == ([], 0)

    def test_says_when_an_arrival_reached_us_later(self, household, actor_in):
        EventFactory(household=household.uid, recorded_at=NOW + timedelta(minutes=41))
        assert "received 11:41" in _tell(household, actor_in(Role.RECEPTION)).days[0].happenings[0].meta

    @pytest.mark.parametrize("kind", [kind for kind in SENTENCES])
    def test_has_a_sentence_even_where_an_event_holds_few_facts(self, household, actor_in, kind):
        EventFactory(household=household.uid, type=kind, facts={"step": "documented"})
        assert _texts(_tell(household, actor_in(Role.COORDINATOR)))[0].strip()

    def test_tells_by_its_name_what_nobody_worded(self, household, actor_in):
        EventFactory(household=household.uid, type=EventType.SHELTER_OPENED)
        assert _texts(_tell(household, actor_in(Role.COORDINATOR))) == ["Shelter opened"]

    def test_does_not_tell_what_follows_from_a_stay(self, household, actor_in):
        EventFactory(household=household.uid, type=UNTOLD[0])
        assert Event.objects.of_household(household.uid).exists()
        assert _texts(_tell(household, actor_in(Role.COORDINATOR))) == []


class TestDaysUntil:
    @pytest.mark.parametrize(
        ("hours", "words"),
        [
            (3, "today, in 3 h 00 min"),
            (17.5, "tomorrow, in 17 h 30 min"),
            (24 * 8, "in 8 days"),
            (-1, "on the way or back"),
        ],
    )
    def test_says_it_as_people_do(self, hours, words):
        assert days_until(NOW + timedelta(hours=hours), NOW, JUAREZ) == words
