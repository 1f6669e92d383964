"""Names as the field spells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.names import sound_of, words_of_name


class TestWordsOfName:
    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("José Ángel Muñoz de la Cruz", ["jose", "angel", "munoz", "cruz"]),
            ("MUÑOZ CRUZ, JOSÉ  ÁNGEL", ["munoz", "cruz", "jose", "angel"]),
            ("García-López", ["garcia", "lopez"]),
            ("Q'eqchi’ D´Angelo O`Neill", ["qeqchi", "dangelo", "oneill"]),
            ("Ma. Gpe. Hdez.", ["maria", "guadalupe", "hernandez"]),
            ("João da Conceição e Souza", ["joao", "conceicao", "souza"]),
            ("García García", ["garcia"]),
            ("Van Das", ["van", "das"]),
            ("Łukasz Đorđe Straße", ["lukasz", "dorde", "strasse"]),
            ("Jose 2", ["jose"]),
            (" ,. ", []),
        ],
    )
    def test_brings_spellings_together(self, written: str, words: list[str]) -> None:
        assert words_of_name(written) == words

    def test_takes_a_name_in_parts(self) -> None:
        assert words_of_name("José Ángel", "Muñoz") == words_of_name("José Ángel Muñoz")

    def test_decomposed_letters_are_the_same_letters(self) -> None:
        assert words_of_name("Jose\u0301 Mun\u0303oz") == words_of_name("José Muñoz")

    @given(st.text(max_size=60))
    def test_changes_nothing_when_done_twice(self, text: str) -> None:
        once = words_of_name(text)
        assert set(words_of_name(" ".join(once))) <= set(once)


class TestSoundOf:
    @pytest.mark.parametrize(
        "spellings",
        [
            "vazquez basques vasquez bazquez",
            "hernandez ernandes hernandes",
            "yesenia jesenia llesenia gesenia",
            "ximena jimena gimena",
            "munoz munioz munos",
            "guadalupe huadalupe wadalupe",
            "enriquez henrriquez enrikes",
            "felix feliz felis",
            "alexis alecsis aleksis",
            "campos canpos",
            "zuniga suniga zunniga",
            "bolanos volanios bolanoz",
            "souza sousa",
            "philippe filipe",
            "louis luis",
        ],
    )
    def test_is_the_same_for_spellings_of_one_name(self, spellings: str) -> None:
        assert len({sound_of(word) for word in spellings.split()}) == 1

    def test_tells_other_names_apart(self) -> None:
        assert (
            len({sound_of(word) for word in words_of_name("garcia garza gracia lopez lupe perez parra mejia medina")})
            == 9
        )

    def test_is_empty_for_other_scripts(self) -> None:
        assert sound_of("иван") == ""
