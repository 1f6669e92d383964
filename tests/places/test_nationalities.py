"""EOIR's country codes and the names of countries."""

import pycountry
import pytest

from places import nationalities as n


class TestFromEoir:
    @pytest.mark.parametrize(
        ("eoir", "alpha2"),
        [
            ("ES", "SV"),
            ("HO", "HN"),
            ("NU", "NI"),
            ("NI", "NG"),
            ("SP", "ES"),
            ("GT", "GT"),
            ("CG", "CD"),
            ("CF", "CG"),
        ],
    )
    def test_knows_that_eoir_is_not_iso(self, eoir: str, alpha2: str) -> None:
        assert n.from_eoir(eoir) == alpha2

    def test_settles_all_251_codes_of_eoir(self) -> None:
        settled = {code: n.from_eoir(code) for code in n.eoir_codes()}
        assert len(settled) == 251
        assert {code for code, alpha2 in settled.items() if alpha2 is None} == n.UNMAPPED
        assert all(n.is_known(alpha2) for alpha2 in settled.values() if alpha2)

    def test_never_reads_one_of_the_81_codes_that_are_another_country_in_iso_as_iso(self) -> None:
        iso = {country.alpha_2 for country in pycountry.countries}
        assert sum(code in iso and n.from_eoir(code) != code for code in n.eoir_codes()) == 81

    def test_holds_no_exception_for_a_code_that_eoir_does_not_have(self) -> None:
        assert set(n.EXCEPTIONS) | n.UNMAPPED <= set(n.eoir_codes())
        assert not set(n.EXCEPTIONS) & n.UNMAPPED

    def test_reads_the_nan_of_the_file_as_na(self) -> None:
        assert n.eoir_codes()["NA"] == "NETHERLANDS ANTILLES"
        assert n.from_eoir("NA") is None

    def test_forgives_case_and_blanks_and_refuses_what_is_not_there(self) -> None:
        assert n.from_eoir(" ho ") == "HN"
        with pytest.raises(n.UnknownNationality):
            n.from_eoir("QQ")


class TestNameOf:
    def test_speaks_spanish_and_english(self) -> None:
        assert (n.name_of("HT", "es"), n.name_of("HT", "en")) == ("Haití", "Haiti")
        assert n.name_of("VE", "en") == "Venezuela"
        assert n.name_of("BR", "es-mx") == "Brasil"

    def test_refuses_an_unknown_code(self) -> None:
        with pytest.raises(n.UnknownNationality):
            n.name_of("XX", "es")


class TestChoices:
    def test_offers_the_frequent_first_and_every_country_once(self) -> None:
        codes = [code for code, _ in n.choices("es")]
        assert codes[:2] == ["HN", "GT"]
        assert len(codes) == len(set(codes)) == len(pycountry.countries)

    def test_sorts_the_rest_without_regard_to_accents(self) -> None:
        names = [name for _, name in n.choices("es")]
        assert names.index("Afganistán") < names.index("Albania") < names.index("Brasil")
