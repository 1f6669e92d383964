"""What `make run` starts, in a folder of its own, and browsers that sign in to it as its demo staff."""

import os
import re
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from mpp_tracker.runner.servers import Servers
from mpp_tracker.runner.state import State
from tests.runner.running import Run, copy_of_checkout

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Product(Run):
    """The running product, and the one thing that a test may do to its clock."""

    def password(self) -> str:
        """The password of the demo staff, as `make run` prints it."""
        sheet = (self.checkout / ".local" / "sign-ins.txt").read_text()
        return re.search(r"^password: (\S+)$", sheet, re.MULTILINE)[1]  # type: ignore[index]

    def let_it_be_due(self, household: str, rung: str) -> None:
        """Bring the planned moment of a household's reminder to now, as the weeks until then would."""
        url = Servers(State(self.checkout / ".local"), given={}).cluster.url
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE messaging_message SET due_at = now() WHERE subject = %s AND rung = %s AND status = 'planned'",
                [household, rung],
            )
            assert cursor.rowcount == 1
        connection.close()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all browser tests: PostgreSQL, Valkey, web, worker and beat, with the demo's people and staff."""
    checkout = copy_of_checkout(tmp_path_factory.mktemp("product") / "checkout")
    running = Product(checkout, port=8000, MPP_SWEEP_SECONDS="1")
    try:
        yield running
    finally:
        running.interrupt()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, found by `make test`. Gone with its module: its event loop would stand in the way of other tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["MPP_CHROMIUM"], args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(product: Product, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`sign_in("recepcion", language="es", viewport=PHONE)`: a fresh browser in which that member of staff is signed in.

    Any answer of 500, script error or refusal by the content policy fails the test.
    """
    broken: list[str] = []

    def enter(who: str, *, language: str = "es", viewport: dict[str, int] = DESK) -> Page:
        context = chromium.new_context(viewport=viewport, locale="es-MX")  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("response", lambda answer: broken.append(answer.url) if answer.status >= 500 else None)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda line: broken.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(product.address)
        page.fill("input[name=login]", f"{who}@demo.example")
        page.fill("input[name=password]", product.password())
        page.click("main form[action*=login] button[type=submit], form:has(input[name=password]) button[type=submit]")
        page.wait_for_url(product.address)
        page.goto(f"{product.address}account/")
        page.click(f"button[name=language][value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        return page

    yield enter
    assert not broken
