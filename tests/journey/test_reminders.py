from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest

from audit.actions import dispatch_pending
from audit.models import Event, EventType
from cases.actions.consent import note_consent
from cases.models import Consent, PhoneOwner
from core.actors import Actor
from hearings.actions import cancel_hearing, change_hearing, note_hearing
from hearings.models import Hearing
from journey.handlers import follow_hearing
from journey.reminder_words import TONGUES, Surety, Wording, is_draft_for, reminder
from journey.reminders import LADDER, RUNGS, compose, due_moment, recipients
from messaging.composing import Skip
from messaging.models import Message
from messaging.policies import give_away
from places.zones import local
from tests.factories.cases import ConsentFactory, HouseholdFactory, PersonFactory
from tests.factories.places import CityFactory, CourtFactory, CrossingFactory, SiteFactory
from tests.messaging.segments import outside_gsm7, segments_of

JUAREZ, TIJUANA, HERMOSILLO, NEW_YORK = (
    "America/Ciudad_Juarez",
    "America/Tijuana",
    "America/Hermosillo",
    "America/New_York",
)
PHONE = "+52 656 000 0000"
# 2022 holds every weekday-month pair; the longest Spanish day is "miércoles 28 de septiembre".
DAYS = [datetime.combine(date(2022, 1, 1), time(4, 30)) + timedelta(days=n) for n in range(365)]
THURSDAY = datetime.combine(date(2021, 12, 16), time(4, 30))


class TestWords:
    @pytest.mark.parametrize(("wording", "surety"), list(product(Wording, Surety)))
    def test_spanish_fits_one_part_on_every_day_of_the_year(self, wording, surety):
        for wall in DAYS:
            words = reminder(wording=wording, language="spa", wall=wall, surety=surety, phone=PHONE)
            found = segments_of(words.body)
            assert (found.encoding, found.count) == ("GSM-7", 1), (outside_gsm7(words.body), found.units, words.body)

    @pytest.mark.parametrize(("language", "wording", "surety"), list(product(TONGUES, Wording, Surety)))
    def test_never_gives_its_reader_away(self, language, wording, surety):
        for wall in DAYS:
            words = reminder(wording=wording, language=language, wall=wall, surety=surety, phone=PHONE)
            assert not give_away(f"{words.title} {words.body}")

    def test_name_weekday_date_and_hour(self):
        words = reminder(wording=Wording.AHEAD, language="spa", wall=THURSDAY, surety=Surety.SURE, phone=PHONE)
        assert words.body.startswith("Su cita: jueves 16 de diciembre, 04:30 hora local, donde dice su papel.")
        assert PHONE in words.body

    def test_mark_an_estimated_hour_and_leave_out_an_unknown_one(self):
        sure, estimated, unknown = (
            reminder(wording=Wording.TONIGHT, language="spa", wall=THURSDAY, surety=surety, phone=PHONE).body
            for surety in Surety
        )
        assert "04:30 hora local" in sure
        assert "04:30 aprox: confirme la hora" in estimated
        assert "04:30" not in unknown

    def test_say_nothing_on_a_shared_phone(self):
        for language in TONGUES:
            body = reminder(
                wording=Wording.SHARED, language=language, wall=DAYS[0], surety=Surety.SURE, phone=PHONE
            ).body
            assert PHONE in body
            assert not {"04:30", "2022", "enero", "January"} & set(body.split())

    def test_are_drafts_beyond_spanish_and_english(self):
        assert [language for language in TONGUES if not is_draft_for(language)] == ["spa", "eng"]

    def test_fall_back_to_spanish_and_say_that_it_is_a_draft(self):
        words = reminder(wording=Wording.AHEAD, language="kek", wall=DAYS[0], surety=Surety.SURE, phone=PHONE)
        assert (words.language, words.is_draft) == ("spa", True)


PRESENT_AT = datetime(2021, 12, 16, 11, 30, tzinfo=UTC)  # 04:30 in Ciudad Juárez


class TestDueMoment:
    @pytest.mark.parametrize(
        ("rung", "wall"),
        [
            ("days_7", datetime(2021, 12, 9, 10, tzinfo=UTC)),
            ("days_3", datetime(2021, 12, 13, 10, tzinfo=UTC)),
            ("days_1", datetime(2021, 12, 15, 10, tzinfo=UTC)),
            ("night_before", datetime(2021, 12, 15, 18, tzinfo=UTC)),
        ],
    )
    def test_counts_days_and_hours_on_the_clock_of_the_bridge(self, rung, wall):
        due_at = due_moment(rung=RUNGS[rung], present_at=PRESENT_AT, zone=JUAREZ, sleeps_zone=JUAREZ)
        assert due_at == wall + timedelta(hours=7)

    def test_keeps_its_wall_time_across_a_change_of_clocks(self):
        # El Paso and Juárez went to summer time on 13 March 2022
        present_at = datetime(2022, 3, 16, 10, 30, tzinfo=UTC)
        due_at = due_moment(rung=RUNGS["days_7"], present_at=present_at, zone=JUAREZ, sleeps_zone=JUAREZ)
        assert due_at == datetime(2022, 3, 9, 17, 0, tzinfo=UTC)

    def test_moves_out_of_the_night_of_who_sleeps_elsewhere(self):
        # 18:00 in Tijuana is 21:00 in New York, where the night has begun: 20:59 there is the last permitted minute
        present_at = datetime(2021, 12, 16, 12, 0, tzinfo=UTC)
        due_at = due_moment(rung=RUNGS["night_before"], present_at=present_at, zone=TIJUANA, sleeps_zone=NEW_YORK)
        assert due_at == datetime(2021, 12, 16, 1, 59, tzinfo=UTC)

    def test_moves_an_early_hour_to_the_evening_before(self):
        # 10:00 in New York is 07:00 in Tijuana
        present_at = datetime(2021, 12, 16, 12, 0, tzinfo=UTC)
        due_at = due_moment(rung=RUNGS["days_3"], present_at=present_at, zone=NEW_YORK, sleeps_zone=TIJUANA)
        assert due_at == datetime(2021, 12, 13, 4, 59, tzinfo=UTC)

    def test_never_falls_into_quiet_hours_or_after_its_own_moment(self):
        for rung, sleeps in product(LADDER, (JUAREZ, TIJUANA, HERMOSILLO, NEW_YORK, "Europe/Madrid", "Asia/Tokyo")):
            for day in range(0, 365, 7):
                present_at = datetime(2022, 1, 1, 11, 30, tzinfo=UTC) + timedelta(days=day)
                due_at = due_moment(rung=rung, present_at=present_at, zone=JUAREZ, sleeps_zone=sleeps)
                plain = due_moment(rung=rung, present_at=present_at, zone=JUAREZ, sleeps_zone=JUAREZ)
                assert time(8) <= local(due_at, sleeps).time() < time(21)
                assert due_at <= plain


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


@pytest.fixture
def officer(actor_in):
    return actor_in("coordinator", "JZ")


@pytest.fixture
def household(officer):
    household = HouseholdFactory(site_id=min(officer.site_ids))
    PersonFactory(household=household, phone="+526561230001", phone_owner=PhoneOwner.OWN)
    ConsentFactory(household=household)
    return household


@pytest.fixture
def note(household, officer, now):
    def act(**facts):
        given = {
            "household": household,
            "court": CourtFactory(),
            "court_on": date(2021, 12, 16),
            "court_time": time(8, 30),
            "crossing": CrossingFactory(),
            "report_time": time(4, 30),
            "source": "sheet",
            "said_on": date(2021, 12, 8),
        }
        hearing = note_hearing(**(given | facts), actor=officer, at=facts.pop("at", now))
        dispatch_pending(at=now)
        return hearing

    return act


@pytest.mark.django_db
class TestPlanning:
    def waiting(self):
        return [(m.rung, m.due_at) for m in Message.objects.waiting()]

    def test_plans_each_rung_when_a_hearing_is_noted(self, note, household):
        hearing = note()
        assert [rung for rung, due in self.waiting()] == ["days_7", "days_3", "days_1", "night_before"]
        message = Message.objects.first()
        assert (message.subject, message.expires_at) == (household.uid, hearing.report_at)
        assert (message.address, message.body) == ("", "")

    def test_leaves_out_the_rungs_that_are_past(self, note):
        note(court_on=date(2021, 12, 10))
        assert [rung for rung, due in self.waiting()] == ["days_1", "night_before"]

    def test_plans_nothing_twice(self, note, now):
        note()
        event = Event.objects.get(type=EventType.HEARING_NOTED)
        follow_hearing(event)
        assert Message.objects.count() == 4

    def test_plans_nothing_for_a_double_whose_file_was_merged_before(self, note, household):
        note()
        Message.objects.all().delete()
        kept = HouseholdFactory(people=1, site=household.site)
        type(household).objects.filter(pk=household.pk).update(merged_into=kept)
        follow_hearing(Event.objects.get(type=EventType.HEARING_NOTED))
        assert not Message.objects.exists()

    def test_plans_nothing_without_consent(self, note, household):
        household.consents.all().delete()
        note()
        assert not self.waiting()

    def test_plans_when_consent_comes_later_and_withdraws_when_it_goes(self, note, household, officer, now):
        household.consents.all().delete()
        note()
        for is_given, expected in ((True, 4), (False, 0), (True, 4)):
            note_consent(
                household=household, answers={Consent.Purpose.MESSAGES: is_given}, language="spa", actor=officer, at=now
            )
            dispatch_pending(at=now)
            assert len(self.waiting()) == expected

    def test_withdraws_the_old_date_and_plans_the_new(self, note, officer, now):
        hearing = note()
        change_hearing(
            hearing=hearing,
            source="notice",
            said_on=date(2021, 12, 9),
            court_on=date(2022, 1, 20),
            actor=officer,
            at=now,
        )
        dispatch_pending(at=now)
        assert Message.objects.filter(status="withdrawn").count() == 4
        assert {due.date() for rung, due in self.waiting()} == {
            date(2022, 1, 13),
            date(2022, 1, 17),
            date(2022, 1, 19),
            date(2022, 1, 20),
        }

    def test_withdraws_all_when_the_hearing_is_cancelled(self, note, officer, now):
        cancel_hearing(hearing=note(), actor=officer, at=now)
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

    def test_skips_when_the_consent_is_gone(self, message, household):
        household.consents.all().delete()
        assert compose(message, self.ACTOR, message.due_at) == Skip("no_consent")

    def test_skips_when_the_phone_is_gone(self, message, household):
        person = household.people.get()
        person.phone = ""
        person.save()
        assert compose(message, self.ACTOR, message.due_at) == Skip("no_address")

    def test_never_names_anyone(self, message, household):
        person, draft = household.people.get(), compose(message, self.ACTOR, message.due_at)
        for name in f"{person.full_name} {household.code}".split():
            assert name not in draft.body
