"""Texts that no spreadsheet takes for a formula."""

import csv
from io import StringIO

import pytest

from core.spreadsheets import guarded, unguarded

SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]


class TestGuarded:
    @pytest.mark.parametrize("sign", SIGNS)
    def test_makes_no_text_a_formula_and_comes_back(self, sign: str) -> None:
        text = f"{sign}HYPERLINK(1)"
        assert guarded(text) == f"'{text}"
        assert unguarded(guarded(text)) == text

    @pytest.mark.parametrize("text", ["", "Casa Peregrina", "O'Neill", "'tis", "5-7", "Calle 4; 2.º piso", "one\ntwo"])
    def test_leaves_the_rest(self, text: str) -> None:
        assert guarded(text) == unguarded(text) == text

    @pytest.mark.parametrize("text", ["María;=1+1", "María; =1", 'x;"=1', "one\n=2", "one\r\n-2"])
    def test_lets_no_text_begin_a_cell_where_columns_are_parted_at_semicolons(self, text: str) -> None:
        written = StringIO()
        csv.writer(written).writerow(["before", guarded(text)])
        cells = [cell for row in csv.reader(StringIO(written.getvalue()), delimiter=";") for cell in row]
        assert not [cell for cell in cells if cell.strip(' "')[:1] in SIGNS]
        assert unguarded(guarded(text)) == text
