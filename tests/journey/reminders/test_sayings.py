"""What a reminder says on the day it is sent."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from audit.actions import dispatch_pending
from cases.models import PhoneOwner
from core.actors import Actor
from hearings.actions import cancel_hearing, change_hearing
from hearings.models import Hearing
from journey.reminder_words import GIVES_AWAY, purpose_of
from messaging.composing import Skip
from messaging.models import Message
from tests.factories.words import TemplateFactory
from tests.journey.wording import compose
from words.models import Purpose

THURSDAY = datetime.combine(date(2021, 12, 16), time(4, 30))


class TestPurpose:
    """What a rung says on the clock of who reads it."""

    def test_says_tomorrow_only_the_day_before(self):
        eve = THURSDAY - timedelta(hours=10)
        assert purpose_of("night_before", wall=THURSDAY, now=eve) == Purpose.TONIGHT
        assert purpose_of("days_1", wall=THURSDAY, now=eve) == Purpose.TOMORROW

    def test_names_the_day_alone_when_a_late_sweep_or_a_night_moved_it(self):
        for now in (THURSDAY - timedelta(hours=2), THURSDAY - timedelta(days=2)):
            assert purpose_of("night_before", wall=THURSDAY, now=now) == Purpose.AHEAD

    def test_keeps_news_and_the_departure_as_they_are(self):
        assert purpose_of("changed", wall=THURSDAY, now=THURSDAY) == Purpose.CHANGED
        assert purpose_of("departure", wall=THURSDAY, now=THURSDAY) == Purpose.LEAVING


@pytest.mark.django_db
class TestTwoHearings:
    """A family with two hearings ahead is reminded of each apart, with its own day."""

    @pytest.fixture
    def both(self, note):
        return note(), note(court_on=date(2021, 12, 20), court_time=time(13, 0), report_time=time(9, 0))

    def step(self, hearing, rung):
        return Message.objects.get(plan_key__startswith=f"hearing:{hearing.uid}:1:{rung}:")

    def test_plans_the_steps_of_both(self, both):
        for hearing in both:
            planned = Message.objects.filter(plan_key__startswith=f"hearing:{hearing.uid}:1:")
            assert {"days_7", "days_3", "days_1"} <= set(planned.values_list("rung", flat=True))

    def test_says_in_each_the_day_and_hour_of_its_own(self, both):
        for hearing, said in zip(both, (("16", "04:30"), ("20", "09:00")), strict=True):
            message = self.step(hearing, "days_3")
            draft = compose(message, Actor.system("messages"), message.due_at)
            assert all(part in draft.body for part in said)

    def test_lets_no_step_of_the_one_overtake_a_step_of_the_other(self, both):
        first, second = both
        late = self.step(second, "days_3").due_at  # the day before the first
        assert self.step(first, "days_1").due_at <= late
        Message.objects.filter(plan_key__contains=f"{first.uid}:1:days_3").update(status="sent", sent_at=late)
        for message in (self.step(first, "days_1"), self.step(second, "days_3")):
            assert not isinstance(compose(message, Actor.system("messages"), late), Skip)

    def test_goes_on_about_the_other_when_one_is_cancelled(self, both, officer, now):
        first, second = both
        cancel_hearing(hearing=first, source="notice", actor=officer, at=now)
        dispatch_pending(at=now)
        waiting = Message.objects.filter(status="planned")
        assert waiting.filter(plan_key__startswith=f"hearing:{second.uid}:").exists()
        assert not waiting.filter(plan_key__startswith=f"hearing:{first.uid}:").exists()


@pytest.mark.django_db
class TestNews:
    """Whoever had been told of a date hears that it no longer holds."""

    @pytest.fixture
    def told(self, note, now):
        hearing = note()
        Message.objects.filter(rung="days_7").update(status="sent", sent_at=now)
        return hearing

    def news(self):
        return Message.objects.filter(rung__in=["changed", "cancelled"])

    def test_tells_the_new_date_at_once_by_day(self, told, change, now, household):
        change(told, now, court_on=date(2022, 1, 20))
        message = self.news().get()
        assert (message.rung, message.due_at) == ("changed", now)
        draft = compose(message, Actor.system("messages"), now)
        assert "jueves 20 de enero, confirme la hora" in draft.body
        assert "La fecha de antes ya no vale." in draft.body

    def test_says_no_more_than_that_the_date_is_off_when_it_is_cancelled(self, told, officer, now):
        cancel_hearing(hearing=told, source="notice", actor=officer, at=now)
        dispatch_pending(at=now)
        draft = compose(self.news().get(), Actor.system("messages"), now)
        assert draft.body.startswith("La fecha de su cita ya no vale.")

    def test_wakes_nobody_for_a_date_that_is_far(self, told, change):
        night = datetime(2021, 12, 10, 9, 0, tzinfo=UTC)  # 02:00 in Ciudad Juárez
        change(told, night, court_on=date(2022, 1, 20))
        assert self.news().get().due_at == datetime(2021, 12, 10, 15, 0, tzinfo=UTC)

    def test_wakes_people_before_they_leave_for_a_date_that_is_off(self, told, change):
        night = datetime(2021, 12, 16, 9, 0, tzinfo=UTC)  # 02:00, two and a half hours before
        change(told, night, court_on=date(2022, 1, 20))
        assert self.news().get().due_at == night

    def test_tells_nobody_who_had_not_been_told(self, note, change, now):
        change(note(), now, court_on=date(2022, 1, 20))
        assert not self.news().exists()

    def test_tells_nobody_without_consent(self, told, change, now, household):
        household.consents.all().delete()
        change(told, now, court_on=date(2022, 1, 20))
        assert not self.news().exists()

    def test_speaks_only_of_the_last_change(self, told, change, now):
        change(told, now, court_on=date(2022, 1, 20))
        first = self.news().get()
        change(told, now + timedelta(minutes=5), court_on=date(2022, 1, 27))
        first.refresh_from_db()
        assert first.status == "withdrawn"
        assert compose(first, Actor.system("messages"), now) == Skip("superseded")
        assert self.news().exclude(pk=first.pk).get().status == "planned"


@pytest.mark.django_db
class TestCompose:
    ACTOR = Actor.system("messages")

    @pytest.fixture
    def message(self, note):
        note()
        return Message.objects.get(rung="days_7")

    def test_words_the_reminder_for_the_phone_of_today(self, message, household):
        household.people.update(phone_owner=PhoneOwner.OWN)
        draft = compose(message, self.ACTOR, message.due_at)
        assert (draft.channel, draft.address, draft.language) == ("sms", "+526561230001", "spa")
        assert "jueves 16 de diciembre, 04:30 hora local" in draft.body

    @pytest.mark.parametrize("owner", [PhoneOwner.SHARED, PhoneOwner.OTHER, ""])
    def test_says_nothing_on_a_phone_that_others_read(self, message, household, owner):
        household.people.update(phone_owner=owner)
        assert "16" not in compose(message, self.ACTOR, message.due_at).body

    def test_writes_by_mail_where_there_is_no_phone(self, message, household):
        person = household.people.get()
        person.phone, person.email = "", "reyna@correo.example"
        person.save()
        draft = compose(message, self.ACTOR, message.due_at)
        assert (draft.channel, draft.address, draft.title) == ("email", "reyna@correo.example", "Recordatorio")

    def test_skips_an_earlier_version(self, message, officer, now):
        change_hearing(
            hearing=Hearing.objects.get(),
            source="notice",
            said_on=date(2021, 12, 9),
            court_on=date(2022, 1, 20),
            actor=officer,
            at=now,
        )
        assert compose(message, self.ACTOR, message.due_at) == Skip("superseded")

    def test_skips_a_rung_that_a_later_one_has_overtaken(self, message):
        days_3 = Message.objects.get(rung="days_3")
        assert compose(message, self.ACTOR, days_3.due_at) == Skip("overtaken")
        assert compose(days_3, self.ACTOR, days_3.due_at) != Skip("overtaken")

    def test_skips_a_further_try_once_a_later_rung_went_out(self, message, now):
        days_3 = Message.objects.get(rung="days_3")
        Message.objects.filter(pk=days_3.pk).update(status="sent", sent_at=days_3.due_at)
        assert compose(message, self.ACTOR, days_3.due_at + timedelta(minutes=5)) == Skip("overtaken")

    def test_skips_when_the_consent_is_gone(self, message, household):
        household.consents.all().delete()
        assert compose(message, self.ACTOR, message.due_at) == Skip("no_consent")

    def test_skips_when_the_phone_is_gone(self, message, household):
        person = household.people.get()
        person.phone = ""
        person.save()
        assert compose(message, self.ACTOR, message.due_at) == Skip("no_address")

    def test_leaves_out_what_would_name_somebody_of_the_family(self, message, household):
        person = household.people.get()
        person.given_names, person.phone_owner = "Xóchitl", PhoneOwner.OWN
        person.save()
        TemplateFactory(text="Xóchitl, su cita: {date}, {time}. {office_phone}")
        assert compose(message, self.ACTOR, message.due_at) == Skip(GIVES_AWAY)

    def test_says_what_staff_wrote_and_a_speaker_signed(self, message):
        TemplateFactory(text="Nos vemos {weekday} {date}, {time}. {office_phone}")
        assert compose(message, self.ACTOR, message.due_at).body.startswith("Nos vemos jueves 16 de diciembre, 04:30")

    def test_never_names_anyone(self, message, household):
        person, draft = household.people.get(), compose(message, self.ACTOR, message.due_at)
        for name in f"{person.full_name} {household.code}".split():
            assert name not in draft.body
