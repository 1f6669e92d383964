"""The order in which decrypted people are shown."""

from privacy.ranking import ranked, score


class TestScore:
    def test_is_full_for_the_same_name_in_any_order(self) -> None:
        assert score("munoz cruz, jose angel", "José Ángel Muñoz de la Cruz") == 100

    def test_is_high_for_a_name_that_sounds_the_same(self) -> None:
        assert score("Yesenia Vasques", "Jesenia Vázquez") >= 95

    def test_is_nothing_without_a_name(self) -> None:
        assert score("", "Ana Paz") == score("Ana Paz", "") == score("de", "") == 0

    def test_is_low_for_somebody_else(self) -> None:
        assert score("Ana Paz", "Wilmer Orellana") < 50


class TestRanked:
    def test_puts_the_likest_first(self) -> None:
        people = ["Rosa Paz Erazo", "Ana Paz Euceda", "Ana Iris Pas", "Ana Paz", "Wilmer Caal"]
        found = [name for _, name in ranked("ana paz", [(name, name) for name in people])]
        assert found == ["Ana Paz", "Ana Paz Euceda", "Ana Iris Pas", "Rosa Paz Erazo", "Wilmer Caal"]

    def test_keeps_the_order_of_equals(self) -> None:
        assert [key for _, key in ranked("ana", [(2, "Ana"), (1, "Ana")])] == [2, 1]
