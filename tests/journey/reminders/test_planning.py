"""Who is written to, and when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.consent import note_consent
from cases.models import Consent, PhoneOwner
from core.actors import Actor
from hearings.actions import cancel_hearing
from hearings.models import Hearing
from journey.handlers import follow_hearings
from journey.reminders import many_with_planning, plan_many, recipients
from messaging.composing import Draft, Later
from messaging.models import Message
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.places import CityFactory, SiteFactory
from tests.journey.wording import compose


class TestRecipients:
    def person(self, **facts):
        return PersonFactory.build(household=None, **facts)

    def test_writes_once_to_a_family_with_one_phone(self):
        people = [self.person(phone="+526561230001"), self.person(phone="+526561230001", phone_owner=PhoneOwner.OWN)]
        assert recipients(people) == people[:1]

    def test_writes_besides_to_those_with_a_phone_of_their_own(self):
        head, child, partner = (
            self.person(phone="+526561230001"),
            self.person(phone="+526561230002", phone_owner=PhoneOwner.SHARED),
            self.person(phone="+526561230003", phone_owner=PhoneOwner.OWN),
        )
        assert recipients([head, child, partner]) == [head, partner]

    def test_takes_the_first_who_can_be_reached_when_the_head_cannot(self):
        head, partner = self.person(), self.person(email="reyna@correo.example")
        assert recipients([head, partner]) == [partner]

    def test_finds_nobody_without_phone_or_mail(self):
        assert recipients([self.person()]) == []


@pytest.mark.django_db
class TestPlanning:
    def waiting(self):
        return [(m.rung, m.due_at) for m in Message.objects.waiting()]

    def test_plans_each_rung_when_a_hearing_is_noted(self, note, household):
        hearing = note()
        assert [rung for rung, due in self.waiting()] == ["days_7", "days_3", "days_1", "night_before", "departure"]
        message = Message.objects.first()
        assert (message.subject, message.expires_at) == (household.uid, hearing.report_at)
        assert (message.address, message.body) == ("", "")

    def test_leaves_out_the_rungs_that_are_past(self, note):
        note(court_on=date(2021, 12, 10))
        assert [rung for rung, due in self.waiting()] == ["days_1", "night_before", "departure"]

    def test_plans_nothing_twice(self, note, now):
        note()
        event = Event.objects.get(type=EventType.HEARING_NOTED)
        follow_hearings([event])
        assert Message.objects.count() == 5

    def test_plans_nothing_for_a_double_whose_file_was_merged_before(self, note, household):
        note()
        Message.objects.all().delete()
        kept = HouseholdFactory(people=1, site=household.site)
        type(household).objects.filter(pk=household.pk).update(merged_into=kept)
        follow_hearings([Event.objects.get(type=EventType.HEARING_NOTED)])
        assert not Message.objects.exists()

    def test_plans_nothing_without_consent(self, note, household):
        household.consents.all().delete()
        note()
        assert not self.waiting()

    def test_plans_when_consent_comes_later_and_withdraws_when_it_goes(self, note, household, officer, now):
        household.consents.all().delete()
        note()
        for is_given, expected in ((True, 5), (False, 0), (True, 5)):
            note_consent(
                household=household, answers={Consent.Purpose.MESSAGES: is_given}, language="spa", actor=officer, at=now
            )
            dispatch_pending(at=now)
            assert len(self.waiting()) == expected

    def test_withdraws_the_old_date_and_plans_the_new(self, note, change):
        hearing = note()
        change(hearing, court_on=date(2022, 1, 20))
        assert Message.objects.filter(status="withdrawn").count() == 5
        assert {due.date() for rung, due in self.waiting()} == {
            date(2022, 1, 13),
            date(2022, 1, 17),
            date(2022, 1, 19),
            date(2022, 1, 20),
        }

    def test_withdraws_all_when_the_hearing_is_cancelled(self, note, officer, now):
        cancel_hearing(hearing=note(), source="notice", actor=officer, at=now)
        dispatch_pending(at=now)
        assert not self.waiting()

    def test_keeps_the_night_of_the_bed_not_of_the_bridge(self, note, household):
        far = SiteFactory(
            code="SH-1", city=CityFactory(name="Madrid", iso3166_2="ES-MD", country="ES", zone="Europe/Madrid")
        )
        household.guest_site = far
        household.save()
        note()
        # 18:00 in Juárez is 02:00 in Madrid: the evening before, 20:59 there
        assert dict(self.waiting())["night_before"] == datetime(2021, 12, 15, 19, 59, tzinfo=UTC)

    def test_reminds_ten_days_ahead_and_not_of_leaving_whoever_sleeps_in_another_city(self, note, household):
        household.guest_site = SiteFactory(code="SH-1", city=CityFactory(name="Monterrey", zone="America/Monterrey"))
        household.save()
        note(court_on=date(2022, 1, 20))
        assert [rung for rung, due in self.waiting()] == ["days_10", "days_7", "days_3", "days_1", "night_before"]

    def test_moves_a_departure_in_the_night_to_the_evening(self, note):
        note()  # at the bridge at 04:30, so out of the house at 03:30: 20:59 the evening before
        assert dict(self.waiting())["departure"] == datetime(2021, 12, 16, 3, 59, tzinfo=UTC)

    def test_reminds_of_a_departure_by_day_when_it_is_time(self, note):
        note(report_time=time(11), court_time=time(13))
        assert dict(self.waiting())["departure"] == datetime(2021, 12, 16, 17, 0, tzinfo=UTC)


@pytest.mark.django_db
class TestALateRunInTheNight:
    """Nobody is woken for what can wait until the morning."""

    ACTOR = Actor.system("messages")
    NIGHT = datetime(2021, 12, 14, 9, 0, tzinfo=UTC)  # 02:00 in Ciudad Juárez, two nights before
    MORNING = datetime(2021, 12, 14, 15, 0, tzinfo=UTC)

    def test_waits_for_the_morning(self, note):
        note()
        assert compose(Message.objects.get(rung="days_3"), self.ACTOR, self.NIGHT) == Later(self.MORNING, "quiet_hours")

    def test_speaks_at_once_where_people_leave_before_the_morning(self, note):
        note()
        last_night = datetime(2021, 12, 16, 6, 0, tzinfo=UTC)  # 23:00, to be woken at 02:45
        assert isinstance(compose(Message.objects.get(rung="departure"), self.ACTOR, last_night), Draft)

    def test_waits_where_the_morning_is_early_enough_and_not_where_they_would_be_on_their_way(self, note):
        late = datetime(2021, 12, 16, 6, 0, tzinfo=UTC)
        for report, court, waits in ((time(11), time(13), True), (time(9), time(13), False)):
            hearing = note(report_time=report, court_time=court)
            Message.objects.exclude(rung="days_1").delete()
            found = compose(Message.objects.get(), self.ACTOR, late)
            assert isinstance(found, Later) is waits
            Message.objects.all().delete()
            hearing.claims.all().delete()
            hearing.summonses.all().delete()
            hearing.delete()

    def test_goes_by_the_clock_where_they_sleep(self, note, household):
        household.guest_site = SiteFactory(code="SH-1", city=CityFactory(name="Madrid", zone="Europe/Madrid"))
        household.save()
        note()
        by_day_in_madrid = datetime(2021, 12, 14, 9, 0, tzinfo=UTC)
        assert isinstance(compose(Message.objects.get(rung="days_3"), self.ACTOR, by_day_in_madrid), Draft)

    def test_sends_what_is_only_some_minutes_late(self, note):
        note()
        departure = Message.objects.get(rung="departure")  # 20:59
        assert isinstance(compose(departure, self.ACTOR, departure.due_at + timedelta(minutes=14)), Draft)

    def test_wakes_people_for_the_earlier_date_though_the_new_one_is_far(self, note, change, now):
        hearing = note()
        Message.objects.filter(rung="days_7").update(status="sent", sent_at=now)
        day = datetime(2021, 12, 15, 20, 0, tzinfo=UTC)
        change(hearing, day, court_on=date(2022, 1, 20))
        news = Message.objects.get(rung="changed")
        assert isinstance(compose(news, self.ACTOR, datetime(2021, 12, 16, 7, 0, tzinfo=UTC)), Draft)

    def test_lets_them_sleep_where_the_earlier_date_is_far_as_well(self, note, change, now):
        hearing = note(court_on=date(2022, 1, 13))
        Message.objects.filter(rung="days_7").update(status="sent", sent_at=now)
        change(hearing, court_on=date(2022, 1, 20))
        news = Message.objects.get(rung="changed")
        assert compose(news, self.ACTOR, self.NIGHT) == Later(self.MORNING, "quiet_hours")


@pytest.mark.django_db
class TestPlanMany:
    def test_plans_what_planning_one_by_one_plans(self, note, household, now):
        note()
        other = HouseholdFactory(site=household.site)
        PersonFactory(household=other, phone="+526561230002", phone_owner=PhoneOwner.OWN)
        PersonFactory(household=other, position=2, relation="partner", email="reyna@correo.example", phone_owner="own")
        ConsentFactory(household=other)
        silent = HouseholdFactory(site=household.site, people=1)
        for each in (other, silent):
            note(household=each, court_on=date(2021, 12, 20))
        rows = lambda: sorted(Message.objects.values_list("plan_key", "due_at", "expires_at", "subject", "recipient"))  # noqa: E731
        one_by_one = rows()
        Message.objects.all().delete()
        assert plan_many(many_with_planning(Hearing.objects.all()), at=now) == len(one_by_one) == 15
        assert rows() == one_by_one

    def test_takes_as_many_queries_for_many_as_for_one(self, note, household, now, django_assert_num_queries):
        for day in range(14, 20):
            note(court_on=date(2021, 12, day))
        Message.objects.all().delete()
        with django_assert_num_queries(8):
            plan_many(many_with_planning(Hearing.objects.all()), at=now)
