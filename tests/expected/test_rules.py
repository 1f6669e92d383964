"""How sure one can be that two families are one."""

from datetime import date

import pytest

from expected.rules import LIKELY, Face, Likeness, Reason, likeness, settled, worth_asking

BORN = date(1990, 3, 5)


def face(name: str = "Dayanara Lizeth Funes Amador", **facts: object) -> Face:
    return Face(**{"name": name, "born": BORN, **facts})  # type: ignore[arg-type]


class TestLikeness:
    def test_is_settled_by_a_shared_a_number_whatever_the_names(self) -> None:
        alike = likeness([face("X", a_number="012345678")], [face(a_number="012345678")])
        assert (alike.reason, alike.is_sure) == (Reason.A_NUMBER, True)

    @pytest.mark.parametrize("name", ["FUNES AMADOR DAYANARA LIZETH", "Dayanara Liseth Funez Amador"])
    def test_is_sure_of_the_same_names_and_birth_date(self, name: str) -> None:
        assert likeness([face(name)], [face()]).is_sure

    def test_is_not_sure_where_nobody_knows_a_birth_date(self) -> None:
        alike = likeness([face(born=None)], [face(born=None)])
        assert not alike.is_sure
        assert alike.score >= LIKELY

    def test_is_not_sure_of_an_estimated_date(self) -> None:
        alike = likeness([face(born=date(1991, 7, 1), is_estimated=True)], [face()])
        assert not alike.is_sure
        assert alike.score >= LIKELY

    def test_is_not_sure_where_the_a_numbers_differ(self) -> None:
        alike = likeness([face(a_number="012345678")], [face(a_number="012345687")])
        assert not alike.is_sure
        assert alike.score >= LIKELY

    def test_falls_where_the_a_number_is_quite_another(self) -> None:
        near, far = (likeness([face(a_number="012345678")], [face(a_number=a)]) for a in ("012345679", "219876543"))
        assert near.score > far.score

    def test_reads_a_date_with_day_and_month_swapped_as_possible(self) -> None:
        swapped = likeness([face(born=date(1990, 5, 3))], [face()])
        other = likeness([face(born=date(1971, 1, 9))], [face()])
        assert not swapped.is_sure
        assert swapped.score > other.score

    def test_is_not_sure_of_a_family_of_another_size(self) -> None:
        child = face("Ángel Funes", born=date(2015, 1, 1))
        assert not likeness([face()], [face(), child]).is_sure
        assert not likeness([face()], [face()], size=3).is_sure
        assert likeness([face(), child], [child, face()]).is_sure

    def test_is_low_for_strangers(self) -> None:
        assert likeness([face()], [face("Osmany Leyva Ricardo", born=date(1984, 1, 2))]).score < LIKELY


class TestSettled:
    def sure(self, reason: Reason = Reason.NAME_DATE) -> Likeness:
        return Likeness(99, reason, is_sure=True)

    def test_is_nobody_where_two_are_sure(self) -> None:
        assert settled({1: self.sure(), 2: self.sure()}) is None
        assert settled({1: self.sure(), 2: Likeness(98, Reason.LIKENESS, is_sure=False)}) == 1

    def test_believes_an_a_number_before_names(self) -> None:
        assert settled({1: self.sure(), 2: self.sure(Reason.A_NUMBER)}) == 2


class TestWorthAsking:
    def test_offers_the_likest_three_and_nobody_unlike(self) -> None:
        found = {key: Likeness(score, Reason.LIKENESS, is_sure=False) for key, score in enumerate((73, 90, 80, 75, 40))}
        assert worth_asking(found) == [1, 2, 3]
