"""The roll call on a phone whose network comes and goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


@pytest.fixture
def phone(product: Product, sign_in: Callable[..., Page]) -> Page:
    """A phone of a shelter's desk on the roll of its house."""
    page = sign_in("albergue", viewport=PHONE)
    page.goto(f"{product.address}shelters/")
    page.locator(".x-shelter h3 a").first.click()
    page.locator("a[href$='/roll-call/']").click()
    return page


class TestRollCall:
    def test_sends_what_was_tapped_without_network_again_and_keeps_nothing_on_the_phone(self, phone: Page) -> None:
        who, state = phone.locator(".x-room[open] .who").first, phone.locator("[data-state]")
        left = int(phone.locator("[data-n=left]").text_content() or "")
        phone.context.set_offline(True)
        who.locator("label:has([value=missing])").click()
        expect(state).to_have_attribute("data-is", "waiting")
        name = phone.locator(".x-room[open] legend").first.text_content() or ""
        kept = phone.evaluate("JSON.stringify([localStorage, sessionStorage])")
        assert "seen-" not in kept
        assert name.split()[0] not in kept
        phone.context.set_offline(False)
        expect(state).to_have_attribute("data-is", "saved")
        expect(phone.locator("[data-n=left]")).to_have_text(str(left - 1))
        phone.reload()
        expect(who.locator("[value=missing]")).to_be_checked()

    def test_calls_a_whole_family_with_one_tap_and_ends_in_a_count(self, phone: Page) -> None:
        for room in phone.locator(".x-room").all():
            if room.get_attribute("open") is None:
                room.locator("summary").click()
            for whole in room.locator("button[name=here]").all():
                whole.click()
            for alone in room.locator("fieldset:not(:has(button)) label:has([value=here])").all():
                alone.click()
        expect(phone.locator("[data-state]")).to_have_attribute("data-is", "saved")
        expect(phone.locator("[data-n=left]")).to_have_text("0")
        phone.locator("[data-finish]").click()
        phone.locator("form:has([name=others]) button").click()
        expect(phone.locator(".x-messages, #messages")).to_contain_text("coincide")
