"""The dirt in the reference files, each kind of it."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from places import sources
from places.rules import folded
from places.sources import BadSource, CourtName, ReportRuleLine


class TestFolded:
    def test_reads_names_alike_with_and_without_accents(self) -> None:
        for plain, accented in [
            ("Ciudad Juarez", "Ciudad Juárez"),
            ("San Luis Rio Colorado", "San Luis Río Colorado"),
            ("Ciudad Acuna", "Ciudad Acuña"),
            ("Ciudad Miguel Aleman", "Ciudad Miguel Alemán"),
        ]:
            assert folded(plain) == folded(accented)

    def test_keeps_names_apart_that_differ_in_letters(self) -> None:
        assert folded("Nogales") != folded("Nuevo Progreso")


class TestLines:
    def test_keeps_leading_zeros_of_inegi_keys(self) -> None:
        keys = {line["inegi_cvegeo"] for line in sources.lines("cities.csv")}
        assert {"02004", "08037", "05025"} <= keys

    def test_reads_a_file_that_a_spreadsheet_saved_with_a_byte_order_mark(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes("\ufeffname,city\r\n Juárez ,x\r\n".encode())
        assert sources.lines("a.csv", tmp_path) == [{"name": "Juárez", "city": "x"}]


class TestCoordinate:
    def test_is_none_where_the_file_has_none(self) -> None:
        assert sources.coordinate("") is None

    def test_keeps_six_digits(self) -> None:
        assert sources.coordinate("31.747743") == Decimal("31.747743")


class TestReportRules:
    def test_reads_clock_times_for_court_times(self) -> None:
        assert sources.report_rules("08:00 court -> 04:00; 12:30 -> 09:00") == [
            ReportRuleLine(time(8), time(4), None),
            ReportRuleLine(time(12, 30), time(9), None),
        ]

    def test_reads_hours_before_and_keeps_what_the_bracket_adds(self) -> None:
        assert sources.report_rules("4 h before (court in El Paso: travel first)") == [
            ReportRuleLine(None, None, 240, "court in El Paso: travel first")
        ]

    def test_refuses_what_it_does_not_understand(self) -> None:
        with pytest.raises(BadSource, match="at dawn"):
            sources.report_rules("at dawn")


class TestBasisOf:
    @pytest.mark.parametrize(
        ("source", "basis", "note"),
        [
            ("documented (BIA decision J.J. Rodriguez; legal-aid leaflet)", "documented", ""),
            ("documented for the port", "documented", ""),
            ("press", "press", ""),
            ("estimate", "estimate", ""),
            ("estimate; returns in December 2021 came here", "estimate", "returns in December 2021 came here"),
        ],
    )
    def test_says_how_sure_a_rule_is(self, source: str, basis: str, note: str) -> None:
        assert sources.basis_of(source) == (basis, note)

    def test_refuses_a_source_that_does_not_say(self) -> None:
        with pytest.raises(BadSource):
            sources.basis_of("somebody said")


class TestCourtName:
    def test_frees_the_name_of_the_last_day_and_ends_the_span_after_it(self) -> None:
        assert sources.court_name("San Diego Immigration Court (to 27 Mar 2020)") == CourtName(
            "San Diego Immigration Court", None, date(2020, 3, 28)
        )

    def test_frees_the_name_of_the_first_day(self) -> None:
        assert sources.court_name("San Diego Immigration Court (from 30 Mar 2020)") == CourtName(
            "San Diego Immigration Court", date(2020, 3, 30), None
        )
        assert sources.court_name("Laredo (opened 28 Feb 2022)") == CourtName("Laredo", date(2022, 2, 28), None)

    def test_leaves_a_plain_name_alone(self) -> None:
        assert sources.court_name("El Paso") == CourtName("El Paso", None, None)

    def test_refuses_another_bracket(self) -> None:
        with pytest.raises(BadSource):
            sources.court_name("El Paso (annex)")


class TestCourtAddress:
    def test_takes_the_doubt_out_of_the_address_and_keeps_it(self) -> None:
        assert sources.court_address("2009 W Jefferson Ave, Harlingen, TX (unverified)") == (
            "2009 W Jefferson Ave, Harlingen, TX",
            "Harlingen",
            "TX",
            False,
        )

    def test_finds_the_city_before_state_and_postal_code(self) -> None:
        assert sources.court_address("401 West A St, Suite 800, San Diego, CA 92101")[1:] == ("San Diego", "CA", True)


class TestSittings:
    def test_reads_codes_with_what_the_source_holds_back(self) -> None:
        assert sources.sittings("SYP;OPP;CIX") == {"SYP": "", "OPP": "", "CIX": ""}
        assert sources.sittings("TUM (presumed)") == {"TUM": "presumed"}
        assert sources.sittings("MPL (by video 2019-21)") == {"MPL": "by video 2019-21"}
        assert sources.sittings("") == {}


class TestWithSourcesSpeltOut:
    def test_replaces_same_by_the_source_above(self) -> None:
        assert [line["source"] for line in sources.with_sources_spelt_out([{"source": "a"}, {"source": "same"}])] == [
            "a",
            "a",
        ]


class TestLocationDescription:
    def test_knows_the_test_row_of_eoir(self) -> None:
        assert sources.location_description("TEST HEARING LOC - ECAS MPP") == (
            "TEST HEARING LOC - ECAS MPP",
            False,
            False,
        )

    def test_joins_blanks_and_sees_mpp(self) -> None:
        assert sources.location_description("EL PASO  - ASYLUM RULE DOCKET - ARD") == (
            "EL PASO - ASYLUM RULE DOCKET - ARD",
            False,
            True,
        )
        assert sources.location_description("MPP- TUM") == ("MPP- TUM", True, True)
