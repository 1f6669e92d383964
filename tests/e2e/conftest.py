"""What `make run` starts, in a folder of its own, and browsers that sign in to it as its demo staff."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.bridge import open_shift, to_the_bridge
from tests.e2e.product import DESK, PHONE, Product
from tests.runner.running import copy_of_checkout

expect.set_options(timeout=45_000)  # a machine that runs the whole suite is slow


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all browser tests: PostgreSQL, Valkey, web, worker and beat, with the demo's people and staff."""
    checkout = copy_of_checkout(tmp_path_factory.mktemp("product") / "checkout")
    running = Product(checkout, port=8000, MPP_SWEEP_SECONDS="1")
    try:
        yield running
    finally:
        running.interrupt()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, found by `make test`. Gone with these tests: its event loop would stand in the way of other tests."""
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
    contexts: list[BrowserContext] = []

    def enter(who: str, *, language: str = "es", viewport: dict[str, int] = DESK) -> Page:
        context = chromium.new_context(viewport=viewport, locale="es-MX")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45_000)
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
    for context in contexts:
        context.close()  # what it still holds is never sent into the next test
    assert not broken


@pytest.fixture
def tablet(product: Product, sign_in: Callable[..., Page]) -> Page:
    """A phone of reception on the page at the bridge, its shift open and its PIN known."""
    page = sign_in("recepcion", viewport=PHONE)
    open_shift(page, product)
    to_the_bridge(page, product)
    return page
