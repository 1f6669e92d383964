"""Writing a text of a message: what it will be, and in how many parts, is seen while it is written."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


@pytest.fixture
def editor(product: Product, sign_in: Callable[..., Page]) -> Page:
    """The text that speaks of a date ahead, in Spanish, before an officer of the hearings office."""
    page = sign_in("audiencias")
    page.goto(f"{product.address}messages/words/")
    page.locator("a[href*='/spa/ahead/written']").first.click()
    return page


class TestCounter:
    def test_follows_what_is_typed_without_a_click(self, editor: Page) -> None:
        used = editor.locator("#preview b.x-num")
        before = int(used.text_content() or "")
        editor.locator("#id_text").press("Control+End")
        editor.locator("#id_text").press_sequentially(" ok", delay=20)
        expect(used).to_have_text(str(before + 3))
        expect(editor.locator("#preview .x-bubble")).to_contain_text("ok")

    def test_turns_to_the_long_alphabet_and_says_which_letter_did_it(self, editor: Page) -> None:
        expect(editor.locator("#preview")).to_contain_text("GSM-7")
        editor.locator("#id_text").press("Control+End")
        editor.locator("#id_text").press_sequentially(" mamá")
        plain = editor.locator("[name=in_plain_letters]")
        if plain.count() and plain.is_checked():
            editor.locator("label:has([name=in_plain_letters])").click()
        expect(editor.locator("#preview")).to_contain_text("UCS-2")
        expect(editor.locator("#preview")).to_contain_text("á")

    def test_counts_another_part_once_one_is_full(self, editor: Page) -> None:
        editor.locator("#id_text").press("Control+End")
        editor.locator("#id_text").press_sequentially(" " + "a" * 90)
        expect(editor.locator("#preview .x-pill").first).to_have_text(re.compile(r"^\s*[2-9]"))

    def test_refuses_a_word_that_gives_people_away_as_it_is_typed(self, editor: Page) -> None:
        editor.locator("#id_text").press("Control+End")
        editor.locator("#id_text").press_sequentially(" asilo")
        expect(editor.locator("#preview .x-note.stop")).to_be_visible()
