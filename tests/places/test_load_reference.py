"""Loading the reference data."""

import shutil
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from audit.models import Event, EventType
from core.actors import Actor, ActorKind
from core.errors import NotAllowed
from places import sources, zones
from places.actions import load_reference
from places.models import (
    City,
    Court,
    CourtAddress,
    Crossing,
    HearingLocation,
    Load,
    Municipality,
    PortOfEntry,
    ReportRule,
    Site,
)
from places.sources import BadSource

pytestmark = pytest.mark.django_db
LOADER = Actor.system("loader")
AT = datetime(2021, 12, 8, 15, 0, tzinfo=UTC)
LATER = datetime(2021, 12, 9, 15, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reference files that a test may change."""
    return Path(shutil.copytree(sources.DATA, tmp_path / "data"))


def rewrite(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


class TestLoadReference:
    def test_loads_every_row_of_the_files(self, places_loaded: None) -> None:
        assert City.objects.count() == len(sources.lines("cities.csv"))
        assert Municipality.objects.count() == len(sources.lines("inegi_border_municipalities.csv"))
        assert PortOfEntry.objects.count() == len(sources.lines("poe.csv"))
        assert Crossing.objects.count() == len(sources.lines("crossings.csv"))
        assert HearingLocation.objects.count() == len(sources.lines("eoir_border_hearing_locations.csv"))
        assert CourtAddress.objects.count() == len(sources.lines("courts.csv"))
        assert Site.objects.field().count() == 9

    def test_changes_nothing_the_second_time_and_records_nothing(self) -> None:
        first = load_reference(actor=LOADER, at=AT)
        second = load_reference(actor=LOADER, at=LATER)
        assert (second.made, second.changed, second.same) == (0, 0, first.made)
        assert [event.facts for event in Event.objects.filter(type=EventType.PLACES_LOADED)] == [
            {"made": first.made, "changed": 0}
        ]
        assert Load.objects.latest().loaded_at == AT

    def test_corrects_what_a_newer_file_says_and_keeps_the_keys(self, folder: Path) -> None:
        load_reference(actor=LOADER, at=AT)
        before = Crossing.objects.get(name="Paso del Norte").pk
        rewrite(folder / "crossings.csv", "Puente Santa Fe", "Puente Santa Fe (PDN)")
        tally = load_reference(actor=LOADER, at=LATER, folder=folder)
        assert (tally.made, tally.changed) == (0, 1)
        assert Crossing.objects.get(pk=before).also_called == "Puente Santa Fe (PDN)"
        assert Load.objects.latest().digest == sources.digest(folder) != sources.digest()

    def test_ends_an_old_address_before_a_new_one_begins(self, folder: Path) -> None:
        load_reference(actor=LOADER, at=AT)
        rewrite(
            folder / "courts.csv",
            'ELP,El Paso,"700',
            'ELP,El Paso (from 3 Jan 2022),"1 New St, El Paso, TX 79901",America/Denver,ENP;PDN,press\n'
            'ELP,El Paso (to 2 Jan 2022),"700',
        )
        load_reference(actor=LOADER, at=LATER, folder=folder)
        addresses = CourtAddress.objects.filter(court__eoir_base="ELP")
        assert addresses.on(date(2022, 1, 2)).get().address.startswith("700 E San Antonio")
        assert addresses.on(date(2022, 1, 3)).get().address.startswith("1 New St")

    def test_loads_nothing_when_one_line_is_wrong(self, folder: Path) -> None:
        rewrite(folder / "crossings.csv", "08:30 court -> 04:30,press", "before sunrise,press")
        with pytest.raises(BadSource, match="before sunrise"):
            load_reference(actor=LOADER, at=AT, folder=folder)
        assert not City.objects.exists()

    def test_refuses_a_zone_that_does_not_load(self, folder: Path) -> None:
        rewrite(folder / "cities.csv", "America/Ciudad_Juarez", "America/Juarez")
        with pytest.raises(zones.UnknownZone):
            load_reference(actor=LOADER, at=AT, folder=folder)

    def test_refuses_files_that_disagree_about_a_zone(self, folder: Path) -> None:
        rewrite(folder / "poe.csv", "America/Denver,America/Ciudad_Juarez", "America/Denver,America/Ojinaga")
        with pytest.raises(BadSource, match="America/Ojinaga"):
            load_reference(actor=LOADER, at=AT, folder=folder)

    def test_refuses_an_actor_who_does_not_administer(self) -> None:
        reception = Actor(kind=ActorKind.STAFF, id="1", name="Reception")
        with pytest.raises(NotAllowed):
            load_reference(actor=reception, at=AT)


class TestCities:
    def test_meet_their_port_although_the_files_spell_them_differently(self, places_loaded: None) -> None:
        assert PortOfEntry.objects.get(code="2402").city.name == "Ciudad Juárez"
        assert PortOfEntry.objects.get(code="2608").city.name == "San Luis Río Colorado"
        assert PortOfEntry.objects.get(code="2302").city.name == "Ciudad Acuña"

    def test_meet_their_municipality_by_key_and_not_by_name(self, places_loaded: None) -> None:
        juarez = City.objects.get(name="Ciudad Juárez")
        assert (juarez.cvegeo, juarez.pcode) == ("08037", "MX08037")
        matamoros = City.objects.get(name="Matamoros").municipality
        assert matamoros is not None
        assert matamoros.state == "Tamaulipas"
        homonyms = Municipality.objects.filter(name=matamoros.name).exclude(pk=matamoros.pk)
        assert {other.state for other in homonyms} == {"Coahuila", "Chihuahua"}

    def test_keep_what_the_file_doubts_about_a_municipality(self, places_loaded: None) -> None:
        assert Municipality.objects.get(cvegeo="19039").note == "code from knowledge"

    def test_refuse_a_key_whose_leading_zero_got_lost(self, folder: Path) -> None:
        rewrite(folder / "cities.csv", "08037", "8037")
        with pytest.raises(BadSource, match="8037"):
            load_reference(actor=LOADER, at=AT, folder=folder)

    def test_all_have_a_zone_that_loads(self, places_loaded: None) -> None:
        for city in City.objects.all():
            assert zones.zone_named(city.zone)


class TestPorts:
    def test_stand_without_coordinates_where_none_are_known(self, places_loaded: None) -> None:
        tecate = PortOfEntry.objects.get(code="2505")
        assert (tecate.latitude, tecate.longitude) == (None, None)


class TestCrossings:
    def test_stand_by_city_with_both_their_names(self, places_loaded: None) -> None:
        crossings = list(Crossing.objects.by_city())
        assert [each.city.name for each in crossings] == sorted(each.city.name for each in crossings)
        here = [each.label for each in crossings if each.city.name == "Ciudad Juárez"]
        assert "Paso del Norte (Puente Santa Fe)" in here

    def test_keep_the_note_and_the_source(self, places_loaded: None) -> None:
        stanton = Crossing.objects.get(name="Stanton Street")
        assert stanton.note == "returns in December 2021 came here"
        assert stanton.source.startswith("estimate")
        assert not Crossing.objects.get(name="Juárez-Lincoln").on_foot


class TestReportRuleEstimate:
    @pytest.mark.parametrize(
        ("crossing", "court_wall", "court_zone", "report", "basis"),
        [
            ("Paso del Norte", "2021-12-16T08:30", "America/Denver", "2021-12-16T04:30", "press"),
            ("Paso del Norte", "2021-12-16T13:00", "America/Denver", "2021-12-16T09:00", "estimate"),
            ("San Ysidro PedEast", "2021-12-16T12:30", "America/Los_Angeles", "2021-12-16T09:00", "documented"),
            ("San Ysidro PedEast", "2021-12-16T08:00", "America/Los_Angeles", "2021-12-16T04:00", "documented"),
            ("DeConcini", "2019-08-15T08:30", "America/Denver", "2019-08-15T03:30", "estimate"),
            ("Gateway International", "2019-08-15T08:30", "America/Chicago", "2019-08-15T04:00", "documented"),
            ("Paso del Norte", "2022-11-15T08:30", "America/Denver", "2022-11-15T05:30", "press"),
        ],
    )
    def test_says_when_on_the_clock_of_the_bridge_and_on_what_basis(
        self, places_loaded: None, crossing: str, court_wall: str, court_zone: str, report: str, basis: str
    ) -> None:
        bridge = Crossing.objects.by_city().get(name=crossing)
        court_at = zones.wall_to_utc(datetime.fromisoformat(court_wall), court_zone)
        estimate = ReportRule.objects.estimate(crossing=bridge, court_at=court_at, court_zone=court_zone)
        assert estimate is not None
        assert zones.local(estimate.report_at, bridge.zone).replace(tzinfo=None) == datetime.fromisoformat(report)
        assert estimate.basis == basis

    def test_is_none_where_no_rule_is_known(self, places_loaded: None) -> None:
        bridge = Crossing.objects.by_city().get(name="Ysleta")
        ReportRule.objects.filter(crossing=bridge).delete()
        assert ReportRule.objects.estimate(crossing=bridge, court_at=AT, court_zone="America/Denver") is None

    def test_takes_the_rule_in_force_on_that_day(self, places_loaded: None) -> None:
        bridge = Crossing.objects.by_city().get(name="Ysleta")
        ReportRule.objects.create(
            crossing=bridge, minutes_before=180, basis="press", valid_from=date(2021, 12, 10), source="test"
        )
        hours = [
            estimate.report_at.hour
            for day in (9, 10)
            if (
                estimate := ReportRule.objects.estimate(
                    crossing=bridge, court_at=datetime(2021, 12, day, 15, tzinfo=UTC), court_zone="America/Denver"
                )
            )
        ]
        assert hours == [11, 12]


class TestCourts:
    def test_san_diego_is_one_court_with_two_dated_addresses(self, places_loaded: None) -> None:
        court = Court.objects.get(eoir_base="SND")
        assert court.name == "San Diego Immigration Court"
        assert court.addresses.count() == 2
        assert court.addresses.on(date(2020, 3, 27)).get().address.startswith("401 West A St")
        assert not court.addresses.on(date(2020, 3, 28)).exists()
        assert court.addresses.on(date(2020, 3, 30)).get().address.startswith("880 Front St")
        assert len({address.source for address in court.addresses.all()}) == 1

    def test_laredo_begins_when_it_opened(self, places_loaded: None) -> None:
        laredo = Court.objects.get(eoir_base="LRO")
        assert laredo.name == "Laredo"
        assert not laredo.addresses.on(date(2022, 2, 27)).exists()
        assert laredo.addresses.on(date(2022, 2, 28)).exists()

    def test_an_address_that_the_source_doubts_is_marked(self, places_loaded: None) -> None:
        assert [address.court.eoir_base for address in CourtAddress.objects.filter(verified=False)] == ["HLG"]

    def test_hear_where_the_file_says_with_its_reservations(self, places_loaded: None) -> None:
        laredo = HearingLocation.objects.get(code="MPL")
        assert dict(laredo.sittings.values_list("court__eoir_base", "note")) == {"LRO": "", "SNA": "by video 2019-21"}
        assert HearingLocation.objects.get(code="TUM").courts.get() == Court.objects.get(eoir_base="TUC")
        assert not HearingLocation.objects.get(code="BRO").courts.exists()


class TestHearingLocations:
    def test_leave_out_the_test_row_of_eoir(self, places_loaded: None) -> None:
        assert not HearingLocation.objects.get(code="MPP").is_real
        codes = " ".join(place.code for place in HearingLocation.objects.filter(is_mpp=True))
        assert codes == "CIX ENP MPB MPL OPP PDN POE SYP TUM"


class TestLoadPlaces:
    def test_says_what_it_did_and_that_a_second_run_had_nothing_to_do(self) -> None:
        said = StringIO()
        call_command("load_places", stdout=said)
        call_command("load_places", stdout=said)
        first, second = said.getvalue().splitlines()
        assert "rows new" in first
        assert second.endswith("nothing to change.")

    def test_says_in_one_line_what_is_wrong(self, folder: Path) -> None:
        rewrite(folder / "poe.csv", "Ciudad Juarez", "Paso del Sur")
        with pytest.raises(CommandError, match=r"nothing was changed.*Paso del Sur"):
            call_command("load_places", folder=folder)

    def test_says_that_a_folder_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="nothing was changed"):
            call_command("load_places", folder=tmp_path)
