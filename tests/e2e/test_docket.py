"""Working the docket in a browser: crossing, filter, any day with the keyboard, the list on paper, whom nobody told."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.bridge import choose, tell_phone_and_sheet
from tests.e2e.product import PHONE, Product

SURNAMES = "Ordóñez Ituarte"  # nobody of the demo is called so
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


@pytest.fixture
def docket(product: Product, sign_in: Callable[..., Page]) -> Page:
    """The docket before an officer of the hearings office."""
    page = sign_in("audiencias")
    page.goto(f"{product.address}hearings/")
    return page


@pytest.fixture
def unreached(product: Product, sign_in: Callable[..., Page]) -> str:
    """Surnames of somebody who came over the bridge with a phone, must appear in two days, and wants no messages."""
    page = sign_in("recepcion")
    page.goto(f"{product.address}arrivals/new/")
    choose(page, "size", "1")
    page.fill("#id_p1-given_names", "Yahaira")
    page.fill("#id_p1-surnames", SURNAMES)
    choose(page, "p1-sex", "F")
    choose(page, "p1-band", "18-59")
    page.check("#id_notice_read")
    tell_phone_and_sheet(page, "656 555 0187", in_days=2)
    choose(page, "agree_messages", "no")
    page.click(".x-dock button[type=submit]")
    page.wait_for_url(re.compile(r"/households/[0-9a-f-]{36}/$"))
    return SURNAMES


def row_of(page: Page, surnames: str) -> Locator:
    """The line of somebody on the list, wherever it begins."""
    found = page.locator(".x-untold > li").filter(has=page.get_by_role("link", name=re.compile(surnames))).first
    while found.count() == 0:
        page.locator("footer a[href*='after=']").click()
    return found


class TestDocket:
    def test_is_filtered_and_keeps_the_filter_on_another_day(self, docket: Page) -> None:
        everyone = docket.locator(".x-dk > li").count()
        chip = docket.locator("[role=group] .x-chip").nth(1)
        shown = int(chip.locator("b").text_content() or "")
        chip.click()
        expect(docket).to_have_url(re.compile("only=not_ready"))
        expect(docket.locator(".x-dk > li")).to_have_count(min(shown, 50))
        assert shown <= everyone or everyone == 50
        docket.locator(".x-dayline nav .x-chip").nth(1).click()
        expect(docket).to_have_url(re.compile("only=not_ready"))

    def test_reaches_any_day_with_the_keyboard_alone(self, docket: Page) -> None:
        pick = docket.locator("[data-month] > summary")
        pick.focus()
        docket.keyboard.press("Enter")
        day = docket.locator("[data-month] td a:focus")
        expect(day).to_have_count(1)
        before = day.get_attribute("href")
        docket.keyboard.press("ArrowDown" if "-0" in (before or "")[:16] else "ArrowUp")
        assert docket.locator("[data-month] td a:focus").get_attribute("href") != before
        docket.keyboard.press("PageDown")
        expect(docket).to_have_url(re.compile("month="))
        wanted = docket.locator("[data-month] td a:focus")
        expect(wanted).to_have_count(1)
        chosen = re.search(r"day=(\d{4}-\d\d-\d\d)", wanted.get_attribute("href") or "")
        docket.keyboard.press("Enter")
        assert chosen
        expect(docket).to_have_url(re.compile(f"day={chosen[1]}"))

    def test_closes_the_calendar_with_escape(self, docket: Page) -> None:
        pick = docket.locator("[data-month]")
        pick.locator("summary").click()
        expect(pick.locator("table")).to_be_visible()
        docket.keyboard.press("Escape")
        expect(pick.locator("table")).to_be_hidden()

    def test_prints_a_list_without_what_is_only_for_the_screen(self, docket: Page) -> None:
        docket.locator(".x-actions a[href*='/hearings/day/']").click()
        expect(docket.locator("article.x-run")).not_to_have_count(0)
        docket.emulate_media(media="print")
        expect(docket.locator(".x-nav")).to_be_hidden()
        expect(docket.locator("article.x-run").first).to_be_visible()
        docket.emulate_media(media="screen")
        with docket.expect_download() as download:
            docket.locator("a[href*='/hearings/day.pdf']").last.click()
        assert download.value.suggested_filename.endswith(".pdf")

    def test_fits_a_phone(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("audiencias", viewport=PHONE)
        for path in ("hearings/", "hearings/not-reached/", "hearings/day/"):
            page.goto(f"{product.address}{path}")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


class TestNotReached:
    @pytest.mark.usefixtures("unreached")
    def test_empties_as_people_are_told_and_fills_again_when_it_is_undone(self, docket: Page) -> None:
        docket.locator(".x-worklists a[href='/hearings/not-reached/']").click()
        rows = docket.locator(".x-untold > li")
        waiting = rows.count()
        assert waiting
        rows.first.locator("button[value=person]").click()
        expect(rows).to_have_count(waiting - 1)
        docket.locator(".x-toast button").click()
        expect(rows).to_have_count(waiting)

    def test_shows_phones_on_a_page_of_its_own(self, docket: Page, unreached: str) -> None:
        docket.locator(".x-worklists a[href='/hearings/not-reached/']").click()
        row_of(docket, unreached).locator("form[action$='/phones/'] button").click()
        expect(docket.locator("h1")).to_contain_text(unreached)
        expect(docket.locator(".x-phones a[href='tel:+526565550187']")).to_have_count(1)
