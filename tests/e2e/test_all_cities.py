"""Who answers for the whole border sees all its cities on one screen, and on the map."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import DESK, PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


class TestEveryCity:
    @pytest.mark.parametrize("viewport", [DESK, PHONE])
    def test_stands_on_one_board_and_leads_to_each(
        self, product: Product, sign_in: Callable[..., Page], viewport: dict[str, int]
    ) -> None:
        page = sign_in("frontera", language="en", viewport=viewport)
        page.goto(f"{product.address}shelters/?city=all")
        expect(page.locator("h1")).to_have_text("Shelters along the border")
        cities = page.locator("#figures .x-shelter h3 a")
        names = cities.all_text_contents()
        assert len(names) == len(set(names)) > 2
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        cities.first.click()
        expect(page.locator("h1")).to_contain_text(names[0])

    def test_stands_on_the_map_which_asks_again(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("frontera", language="en")
        page.goto(f"{product.address}shelters/?city=all")
        free = page.locator("#lead").text_content()
        with page.expect_response(lambda answer: "/shelters/map/live/" in answer.url, timeout=40_000) as again:
            page.goto(f"{product.address}shelters/map/")
            expect(page.locator("#lead")).to_have_text(free or "")
        assert again.value.status in (200, 304)
