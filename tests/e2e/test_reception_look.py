"""What the lists of reception look like on screens between a phone and a desk: a tablet held upright, a desk that enlarges twofold."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll(".x-scroll")]
    .filter((part) => part.scrollWidth > part.clientWidth + 1).length"""
ENLARGED = {"width": 640, "height": 450}


class TestBetweenAPhoneAndADesk:
    @pytest.mark.parametrize("path", ["people/", "people/incomplete/", "report/"])
    def test_nothing_scrolls_sideways(self, product: Product, sign_in: Callable[..., Page], path: str) -> None:
        page = sign_in("recepcion", viewport=ENLARGED)
        for width in (375, 640, 820, 1000):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{product.address}{path}")
            assert (width, page.evaluate(SIDEWAYS)) == (width, 0)

    def test_a_shelter_of_the_report_keeps_the_word_of_each_figure(
        self, product: Product, sign_in: Callable[..., Page]
    ) -> None:
        page = sign_in("recepcion", viewport=ENLARGED)
        page.goto(f"{product.address}report/")
        figures = page.locator(".x-houses tbody tr").first.locator("td.n")
        expect(figures.first).to_have_attribute("data-l", "Dentro")
        said = figures.first.evaluate("(figure) => getComputedStyle(figure, '::after').content")
        assert "Dentro" in said


class TestOnAPhone:
    def test_who_came_is_opened_by_a_thumb(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("recepcion", viewport=PHONE)
        page.goto(f"{product.address}expected/?show=came")
        links = page.locator(".x-same p > a, .x-listed a").all()
        assert links
        for link in links:
            box = link.bounding_box()
            assert box
            assert box["height"] >= 40
