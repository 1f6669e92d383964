"""Newer zone tables: a hearing whose moment the present tables contradict is found, moved and listed, once."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command

from audit.models import Event, EventType
from core.actors import Actor
from core.errors import NotAllowed
from hearings.actions import ZONES, cancel_hearing, recheck_zones, see_shift
from hearings.models import Hearing, ZoneShift
from hearings.tasks import recheck_zones as task
from places import zones
from places.models import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def recheck(now):
    return lambda: recheck_zones(actor=ZONES, at=now)


@pytest.fixture
def old(note):
    """Noted when the tables still said that El Paso is an hour earlier and Juárez as well."""

    def make(hearing=None, *, court=1, report=1, edition="2018.9"):
        hearing = hearing or note()
        Hearing.objects.filter(pk=hearing.pk).update(
            court_at=hearing.court_at - timedelta(hours=court),
            report_at=hearing.report_at - timedelta(hours=report),
            present_at=hearing.report_at - timedelta(hours=report),
            zone_data=edition,
        )
        return Hearing.objects.get(pk=hearing.pk)

    return make


class TestRecheckZones:
    def test_finds_nothing_where_the_tables_agree(self, note, recheck):
        note()
        assert recheck() == 0
        assert not ZoneShift.objects.exists()

    def test_keeps_the_wall_times_and_moves_the_moments(self, old, recheck):
        before = old()
        assert recheck() == 1
        after = Hearing.objects.get(pk=before.pk)
        assert (after.court_on, after.court_time, after.report_time) == (date(2021, 12, 16), time(8, 30), time(4, 30))
        assert after.court_at == before.court_at + timedelta(hours=1)
        assert after.present_at == after.report_at == before.report_at + timedelta(hours=1)
        assert after.zone_data == zones.edition()

    def test_is_a_change_with_a_new_version_and_its_event(self, old, recheck):
        hearing = old()
        recheck()
        assert Hearing.objects.get(pk=hearing.pk).version == 2
        event = Event.objects.get(type=EventType.HEARING_CHANGED)
        assert (event.facts["cause"], event.household) == ("zones", hearing.household.uid)

    def test_lists_before_and_after_with_both_editions(self, old, recheck):
        before = old()
        recheck()
        shift = ZoneShift.objects.get()
        assert (shift.edition_before, shift.edition_after) == ("2018.9", zones.edition())
        assert (shift.court_before, shift.court_after) == (before.court_at, before.court_at + timedelta(hours=1))
        assert shift.report_after - shift.report_before == timedelta(hours=1)

    def test_finds_a_bridge_whose_clock_alone_changed(self, old, recheck):
        old(court=0)
        assert recheck() == 1
        assert ZoneShift.objects.get().court_before == ZoneShift.objects.get().court_after

    def test_follows_a_city_whose_zone_was_put_right(self, note, recheck):
        hearing = note(court_on=date(2022, 7, 14))
        City.objects.filter(name="Ciudad Juárez").update(zone="America/Hermosillo")
        assert recheck() == 1
        after = Hearing.objects.get(pk=hearing.pk)
        assert (after.report_time, after.report_zone) == (time(4, 30), "America/Hermosillo")
        assert after.report_at == hearing.report_at + timedelta(hours=1)

    def test_done_twice_changes_nothing(self, old, recheck):
        old()
        assert (recheck(), recheck()) == (1, 0)
        assert ZoneShift.objects.count() == 1

    def test_leaves_what_is_over_or_does_not_stand(self, old, note, officer, now, recheck):
        hearing = old()
        cancel_hearing(hearing=hearing, source="notice", actor=officer, at=now)
        old(note(court_on=now.date() - timedelta(days=30), said_on=date(2021, 10, 1)))
        assert recheck() == 0

    def test_moves_nothing_where_the_clocks_skip_the_time_now_and_says_so(self, note, recheck):
        hearing = note(court_on=date(2022, 3, 14), court_time=time(2, 30), report_time=time(1, 0))
        # By rules that were announced, 13 March was no day of change: the paper's 02:30 existed.
        Hearing.objects.filter(pk=hearing.pk).update(court_on=date(2022, 3, 13), zone_data="2018.9")
        assert not zones.exists(datetime.combine(date(2022, 3, 13), time(2, 30)), "America/Denver")
        hearing.claims.filter(fact="court_time")._raw_delete("default")
        assert recheck() == 1
        assert recheck() == 0
        shift = ZoneShift.objects.get()
        assert (shift.court_before, shift.court_after) == (hearing.court_at, None)
        assert Hearing.objects.get(pk=hearing.pk).version == 1

    def test_works_out_what_was_never_worked_out_without_telling_anybody(self, note, recheck):
        hearing = note()
        Hearing.objects.filter(pk=hearing.pk).update(zone_data="", conflicts=["court_time"])
        assert recheck() == 0
        after = Hearing.objects.get(pk=hearing.pk)
        assert (after.zone_data, after.conflicts, after.version) == (zones.edition(), [], 1)

    def test_weighs_anew_what_rested_on_hearsay_beside_a_paper(self, note, change, recheck):
        hearing = change(note(), source="returnee", court_on=date(2022, 1, 20))
        # As it stood when the newest word counted, whoever said it; the migration leaves it so.
        later = {"court_on": date(2022, 1, 20), "court_at": hearing.court_at + timedelta(days=35)}
        Hearing.objects.filter(pk=hearing.pk).update(zone_data="", conflicts=[], contended_at=None, **later)
        assert recheck() == 0
        after = Hearing.objects.get(pk=hearing.pk)
        assert (after.court_on, after.conflicts, after.version) == (date(2021, 12, 16), ["court_time"], 2)
        assert after.contended_at is not None
        assert Event.objects.get(type=EventType.HEARING_CHANGED).facts["cause"] == "weighed"
        assert not ZoneShift.objects.exists()

    def test_weighs_anew_what_is_over_only_by_hearsay(self, note, change, recheck, now):
        hearing = note(court_on=date(2022, 1, 20))
        past = {
            "court_on": date(2021, 12, 1),
            "court_at": now - timedelta(days=8),
            "report_at": now - timedelta(days=8),
        }
        Hearing.objects.filter(pk=hearing.pk).update(zone_data="", present_at=past["report_at"], **past)
        recheck()
        assert Hearing.objects.get(pk=hearing.pk).court_on == date(2022, 1, 20)

    def test_is_run_by_command_and_by_the_beat(self, old, note, capsys):
        old(note(court_on=date(2030, 12, 16)))
        call_command("recheck_zones")
        assert "1" in capsys.readouterr().out
        assert task() == 0

    def test_refuses_those_who_do_not_administer(self, officer, now):
        with pytest.raises(NotAllowed):
            recheck_zones(actor=officer, at=now)
        assert recheck_zones(actor=Actor.system("anything"), at=now) == 0


class TestSeeShift:
    @pytest.fixture
    def shift(self, old, recheck):
        old()
        recheck()
        return ZoneShift.objects.get()

    def test_takes_it_off_the_list(self, shift, officer, now):
        assert ZoneShift.objects.visible_to(officer).unseen_at(now).exists()
        see_shift(shift=shift, actor=officer, at=now)
        assert not ZoneShift.objects.visible_to(officer).unseen_at(now).exists()

    def test_twice_is_noted_once(self, shift, officer, now):
        for at in (now, now + timedelta(minutes=1)):
            assert see_shift(shift=shift, actor=officer, at=at).seen_at == now
        assert Event.objects.filter(type=EventType.HEARING_ZONES_SEEN).count() == 1

    def test_is_for_those_who_may_change_the_hearing(self, shift, actor_in, now):
        assert not ZoneShift.objects.visible_to(actor_in("hearings", "TJ")).exists()
        for actor in (actor_in("hearings", "TJ"), actor_in("reception", "JZ")):
            with pytest.raises(NotAllowed):
                see_shift(shift=shift, actor=actor, at=now)
