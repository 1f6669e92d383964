"""Where an import stands: the pill, the counts, how far a worker is."""

import pytest
from django.urls import reverse

from sheets.standing import Counts, percent_of, pill_of
from tests.factories.places import SiteFactory
from tests.factories.sheets import FamilyFactory, ImportFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def sheet_with(*fates, **told):
    sheet = ImportFactory(site=SiteFactory(code="JZ"), **told)
    for number, fate in enumerate(fates, start=1):
        FamilyFactory(sheet=sheet, number=number, first_row=number, fate=fate)
    return sheet


class TestPill:
    @pytest.mark.parametrize(
        ("fates", "tone", "words"),
        [
            (["good", "bad", "already"], "warn", "Checked, not in yet"),
            (["on_file"], "warn", "Checked, not in yet"),
            (["bad", "already"], "warn", "With mistakes"),
            (["already", "already"], "calm", "In already by another sheet"),
        ],
    )
    def test_of_a_checked_sheet_says_what_is_left_to_do(self, fates, tone, words):
        sheet = sheet_with(*fates)
        pill = pill_of(sheet, Counts.of(sheet))
        assert (pill.tone, str(pill.text)) == (tone, words)

    @pytest.mark.parametrize(
        ("state", "trouble", "words"),
        [
            ("checking", "", "Being checked"),
            ("going_in", "", "Going in"),
            ("in", "", "In"),
            ("undone", "", "Undone"),
            ("discarded", "", "Discarded"),
            ("checking", "gave_up", "Stopped"),
            ("in", "not_allowed", "Stopped"),
        ],
    )
    def test_of_others_names_their_state(self, state, trouble, words):
        sheet = sheet_with("in", state=state, trouble=trouble)
        assert str(pill_of(sheet, Counts.of(sheet)).text) == words


class TestPercent:
    def test_counts_none_that_stays_out(self):
        sheet = sheet_with("in", "good", "good", "good", "bad", "bad", "on_file", "already", state="going_in")
        assert percent_of(sheet, Counts.of(sheet)) == 25
        sheet.with_known = True
        assert percent_of(sheet, Counts.of(sheet)) == 20

    def test_of_an_undo_counts_those_who_stay_as_done(self):
        sheet = sheet_with("in", "taken_back", "moved_on", "bad", state="undoing")
        assert percent_of(sheet, Counts.of(sheet)) == 66

    def test_of_a_check_begins_at_nothing(self):
        sheet = sheet_with("unchecked", state="checking")
        assert percent_of(sheet, Counts.of(sheet)) == 0


class TestListOfImports:
    def test_says_of_each_what_became_of_its_families_at_the_cost_of_one(
        self, client_of, django_assert_max_num_queries
    ):
        browser = client_of("coordinator")
        browser.post(reverse("set_language"), {"language": "en", "next": "/"})
        sheet_with("in", "in", "bad", state="in")
        for _each in range(15):
            sheet_with("already")
        with django_assert_max_num_queries(10):
            page = browser.get(reverse("sheets:imports")).content.decode()
        assert page.count("In already by another sheet") == 15
        assert "Checked, not in yet" not in page
        assert "3 families · In: 2 · With mistakes: 1" in page
