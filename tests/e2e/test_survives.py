"""What was written on a tablet outlives the browser, its battery, and the server that it was written for."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from tests.e2e.bridge import arrivals, enter, log, open_shift, row, tells, to_the_bridge
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

# A browser without any network, not one that is told so: also the worker and a first page have none.
NO_NETWORK = ("--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>")


class TestServerDeployedInBetween:
    def test_takes_what_the_old_page_wrote_and_brings_the_new_shell(self, product: Product, tablet: Page) -> None:
        before = version(tablet)
        tablet.context.set_offline(True)
        uid = log(tablet)
        deploy_something_new(product)
        tablet.context.set_offline(False)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received", timeout=30_000)
        to_the_bridge(tablet, product)
        tablet.wait_for_function(
            "async (before) => (await (await caches.match('/-/shell')).json()).version !== before", arg=before
        )
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}arrivals/new/")
        later = log(tablet)
        expect(row(tablet, later)).to_have_attribute("data-status", "waiting")


class TestBrowserKilled:
    def test_opens_from_cold_without_network_and_sends_the_rest_later(
        self, product: Product, chromium: Browser, tmp_path: Path
    ) -> None:
        with Chromium(chromium.browser_type, tmp_path) as browser:
            page = browser.page()
            enter(page, product)
            open_shift(page, product)
            to_the_bridge(page, product)
            page.context.set_offline(True)
            uid = log(page)
            expect(row(page, uid)).to_have_attribute("data-status", "waiting")
            browser.kill()
        assert not any(tells(path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())
        with Chromium(chromium.browser_type, tmp_path, *NO_NETWORK) as browser:
            page = browser.page()
            page.goto(f"{product.address}arrivals/new/")
            expect(row(page, uid)).to_have_attribute("data-status", "waiting")
            second = log(page)
            expect(row(page, second)).to_have_attribute("data-status", "waiting")
            browser.kill()
        with Chromium(chromium.browser_type, tmp_path) as browser:
            page = browser.page()
            enter(page, product)
            to_the_bridge(page, product)
            for each in (uid, second):
                expect(row(page, each)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid, second)) == 2


class TestFirstVisit:
    def test_opens_although_the_page_before_was_left_while_it_made_the_database(
        self, product: Product, chromium: Browser, tmp_path: Path
    ) -> None:
        # Without the lock in store.js four of ten such visits waited for ever.
        for visit in range(6):
            with Chromium(chromium.browser_type, tmp_path / str(visit)) as browser:
                page = browser.page()
                enter(page, product)
                page.goto(f"{product.address}tablet/")
                expect(page.locator("#pin-1")).to_be_visible(timeout=20_000)

    def test_says_that_another_page_holds_the_device_and_goes_on_when_it_lets_go(
        self, product: Product, tablet: Page
    ) -> None:
        other = tablet.context.new_page()
        other.goto(f"{product.address}tablet/")
        other.evaluate(
            "new Promise((held) => navigator.locks.request('mpp-outbox-opens', () => new Promise((go) => { window.letGo = go; held(); })))"
        )
        tablet.goto(f"{product.address}tablet/")
        expect(tablet.locator("[data-trouble]")).to_be_visible(timeout=20_000)
        other.evaluate("window.letGo()")
        expect(tablet.locator("[data-trouble]")).to_be_hidden()
        expect(tablet.locator("[data-with-shift]").first).to_be_visible()


class Chromium:
    """A browser of its own with a profile on the disk, so that it can be killed and started again."""

    def __init__(self, kind: BrowserType, profile: Path, *arguments: str) -> None:
        profile.mkdir(exist_ok=True)
        port_file = profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                os.environ["MPP_CHROMIUM"],
                *("--headless=new", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0"),
                *(f"--user-data-dir={profile}", "--window-size=390,844", *arguments, "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not (port_file.exists() and port_file.read_text().strip()):
            assert self.process.poll() is None
            time.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        self.browser = kind.connect_over_cdp(f"http://127.0.0.1:{port}")

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def page(self) -> Page:
        context: BrowserContext = self.browser.contexts[0]
        page = context.pages[0]
        page.set_default_timeout(45_000)
        return page

    def kill(self) -> None:
        """As when the battery ends."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def version(page: Page) -> str:
    """Of the shell that the device keeps."""
    return str(page.evaluate("async () => (await (await caches.match('/-/shell')).json()).version"))


def deploy_something_new(product: Product) -> None:
    """Change what the shell is made of, and let the web processes start anew."""
    with (product.checkout / "static" / "app.js").open("a") as file:
        file.write("/* a newer version */\n")
    pid, _ = product.record("web")
    os.kill(pid, signal.SIGTERM)
    for _ in range(200):
        time.sleep(0.1)
        with suppress(ValueError):  # the supervisor is writing it just now
            if product.record("web")[0] != pid and product.answers():
                return
    raise AssertionError("the web process did not come back")
