"""What the pages of the hearings office look like where a style decides it: on paper, on a phone, for those who search nobody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


class TestOnPaper:
    @pytest.mark.parametrize("path", ["hearings/", "hearings/not-reached/"])
    def test_a_list_says_what_it_is_and_has_nothing_to_press(
        self, product: Product, sign_in: Callable[..., Page], path: str
    ) -> None:
        page = sign_in("audiencias")
        page.goto(f"{product.address}{path}")
        page.emulate_media(media="print")
        expect(page.locator("h1")).to_be_visible()
        for control in page.locator("main :is(.btn, .x-chip, summary)").all():
            expect(control).to_be_hidden()


class TestOnAPhone:
    def test_the_addresses_of_calendars_stay_within_the_screen(
        self, product: Product, sign_in: Callable[..., Page]
    ) -> None:
        page = sign_in("audiencias", viewport=PHONE)
        page.goto(f"{product.address}hearings/calendar/")
        page.locator("main button.btn-primary[type=submit]").click()
        page.request.get(page.locator("#feed-address").input_value())  # a calendar asks: the row says when
        page.goto(f"{product.address}hearings/calendar/")
        expect(page.locator(".x-pairs .x-tag").first).to_contain_text("última consulta")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    def test_the_hour_leads_the_page_of_a_family(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("audiencias", viewport=PHONE)
        page.goto(f"{product.address}hearings/")
        page.locator(".x-dk .nm a").first.click()
        hour, light = page.locator(".x-when b").first, page.locator("#light")
        expect(hour).to_have_text(re.compile(r"\d\d:\d\d"))
        above, below = hour.bounding_box(), light.bounding_box()
        assert above
        assert below
        assert above["y"] < below["y"]
        page.set_viewport_size({"width": 1280, "height": 900})
        expect(page.locator(".x-when")).to_be_hidden()


class TestWithoutASearch:
    def test_the_account_stands_at_the_far_edge(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("administracion")
        expect(page.locator(".x-search")).to_have_count(0)
        box = page.locator(".x-user").bounding_box()
        assert box
        assert box["x"] > 1100
