"""The form at the bridge as a hand meets it: how many taps, how far the keyboard alone goes, and what the page says meanwhile."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.product import DESK, PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

# A practised hand on a phone: a second a tap with finding the place, 43 words a minute, a breath before each person.
TAP_SECONDS, KEY_SECONDS, BREATH_SECONDS = 1.0, 0.28, 1.2
RECEIVED = re.compile(r"/households/[0-9a-f-]{36}/$")


class Hand:
    """Counts what a person would do."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.keys, self.breaths = page, 0, 0, 0

    def tap(self, place: str) -> None:
        self.page.locator(place).first.click()
        self.taps += 1

    def choose(self, name: str, value: str) -> None:
        self.tap(f'label:has(input[name="{name}"][value="{value}"])')

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    @property
    def seconds(self) -> float:
        return self.taps * TAP_SECONDS + self.keys * KEY_SECONDS + self.breaths * BREATH_SECONDS


def open_form(sign_in: Callable[..., Page], product: Product, viewport: dict[str, int]) -> Page:
    page = sign_in("recepcion", viewport=viewport)
    page.goto(f"{product.address}arrivals/new/")
    return page


def relation_shown(page: Page, position: int) -> str:
    return str(page.eval_on_selector(f"#id_p{position}-relation", "each => each.selectedOptions[0].textContent"))


class TestLogArrival:
    def test_takes_a_family_of_four_in_under_a_minute_on_a_phone(
        self, product: Product, sign_in: Callable[..., Page]
    ) -> None:
        page = open_form(sign_in, product, PHONE)
        hand = Hand(page)
        hand.choose("size", "4")
        hand.tap("#id_p1-given_names")
        hand.type("Dayanara Lizeth")
        hand.press("Enter")
        hand.type("Funes Amador")
        hand.choose("p1-sex", "F")
        hand.choose("p1-band", "18-59")
        hand.choose("nationality", "HN")
        for position, name, band, sex in (
            (2, "Josue Daniel", "18-59", "M"),
            (3, "Kimberly", "6-11", "F"),
            (4, "Kevin", "0-5", "M"),
        ):
            hand.breaths += 1
            hand.tap(f"#id_p{position}-given_names")
            hand.type(name)
            hand.choose(f"p{position}-band", band)
            hand.choose(f"p{position}-sex", sex)
        shown = [relation_shown(page, position) for position in (2, 3, 4)]
        assert shown == ["Pareja", "Hija o hijo", "Hija o hijo"]
        expect(page.locator("[data-save]")).to_have_text("Guardar familia de 4")
        hand.tap("label:has(#id_notice_read)")
        hand.tap(".x-dock button[type=submit]")
        page.wait_for_url(RECEIVED)
        assert hand.taps <= 16
        assert hand.seconds < 45
        expect(page.locator("h1")).to_contain_text("Funes Amador")
        stored = page.locator("section:has(#tests) tbody th .x-meta").all_inner_texts()
        assert [stored[place] for place in (1, 2, 3)] == shown

    def test_goes_on_with_the_keyboard_alone(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = open_form(sign_in, product, DESK)
        page.locator("input[name=size][value='1']").focus()
        hand = Hand(page)
        hand.press("ArrowRight")  # two people
        hand.press("Enter")
        hand.type("Ana")
        hand.press("Enter")
        hand.type("Teclas Solo")
        hand.press("Enter")
        hand.press("Space")  # the first sex
        hand.press("Enter")
        hand.type("34")  # digits on the ages write an exact one
        expect(page.locator("#id_p1-age")).to_have_value("34")
        hand.press("Enter")
        assert self.focused(page) == "nationality"
        hand.press("Enter")
        assert self.focused(page) == "p2-relation"
        for _ in range(30):
            if self.focused(page) == "":
                break
            hand.press("Enter")
        expect(page.locator(".x-dock button[type=submit]")).to_be_focused()
        hand.press("Enter")
        page.wait_for_url(RECEIVED)
        expect(page.locator("h1")).to_contain_text("Teclas Solo")

    def focused(self, page: Page) -> str:
        return str(page.evaluate("document.activeElement.name || ''"))

    def test_says_what_it_took_over_until_it_is_changed(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page, said = open_form(sign_in, product, PHONE), "#id_nationality_helptext"
        taken_over = page.locator("input[name=nationality]:checked").get_attribute("value")
        expect(page.locator(said)).not_to_be_empty()
        Hand(page).choose("nationality", "" if taken_over else "CU")
        expect(page.locator(said)).to_be_empty()
        Hand(page).choose("nationality", str(taken_over))
        expect(page.locator(said)).not_to_be_empty()

    def test_says_how_many_digits_an_a_number_has_and_writes_it_as_papers_do(
        self, product: Product, sign_in: Callable[..., Page]
    ) -> None:
        page = open_form(sign_in, product, PHONE)
        page.locator('[data-person="1"] summary').click()
        number, says = page.locator("#id_p1-a_number"), page.locator('[data-person="1"] .x-says')
        number.press_sequentially("12345")
        expect(says).to_contain_text("5")
        number.press_sequentially("678")
        expect(says).to_be_empty()
        number.blur()
        expect(number).to_have_value("A 012-345-678")
        page.locator("label:has(#id_p1-no_a_number)").click()
        expect(number).to_have_value("")

    def test_shows_what_was_chosen_and_hides_what_does_not_apply(
        self, product: Product, sign_in: Callable[..., Page]
    ) -> None:
        page = open_form(sign_in, product, PHONE)

        def seen(place: str) -> Locator:
            return page.locator(place)

        expect(seen("#id_p2-given_names")).to_be_hidden()
        expect(seen("#id_p1-age")).to_be_hidden()
        expect(seen("#id_nationality_other")).to_be_hidden()
        Hand(page).choose("nationality", "other")
        expect(seen("#id_nationality_other")).to_be_visible()
        page.select_option("#id_nationality_other", "HT")
        expect(seen("#id_language")).to_have_value("hat")
        seen(".x-notice summary").click()
        expect(seen('[data-notice="hat"]')).to_be_visible()
        expect(seen('[data-notice="spa"]')).to_be_hidden()
