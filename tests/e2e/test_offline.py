"""The bridge without network: nothing that was written on a tablet is lost, read by a finder, or received twice.

Told in a real browser against what `make run` starts: the network cut, cut in mid-request, the browser killed, the session over.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Route, expect

from mpp_tracker.runner.servers import Servers
from mpp_tracker.runner.state import State
from tests.e2e.conftest import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

PIN = "27182845"
SURNAMES = "Zúñiga Quintanar"  # nobody of the demo is called so
SYNC = "**/tablet/sync/"
expect.set_options(timeout=15_000)  # a machine that runs the whole suite is slow


@pytest.fixture
def tablet(product: Product, sign_in: Callable[..., Page]) -> Page:
    """A phone of reception on the page at the bridge, its shift open and its PIN known."""
    page = sign_in("recepcion", viewport=PHONE)
    open_shift(page, product)
    to_the_bridge(page, product)
    return page


class TestNetworkCut:
    def test_keeps_the_family_and_sends_it_once_the_network_is_back(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}arrivals/new/")
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "waiting")
        expect(tablet.locator("[data-net-word]")).to_contain_text("1")
        expect(tablet.locator("#id_p1-given_names")).to_have_value("")
        assert not tablet.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert arrivals(product, uid) == []
        tablet.context.set_offline(False)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid)) == 1

    def test_shows_an_honest_page_where_people_would_stand(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}reception/")
        expect(tablet.locator("main a[href='/arrivals/new/']")).to_be_visible()
        tablet.goto(f"{product.address}tablet/")
        expect(tablet.locator("[data-outbox]")).to_be_visible()

    def test_lost_answer_makes_one_household(self, product: Product, tablet: Page) -> None:
        lost: list[int] = []

        def lose_the_answer(route: Route) -> None:
            lost.append(route.fetch().status)
            route.abort()

        tablet.context.route(SYNC, lose_the_answer, times=1)
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "waiting")
        assert (lost, len(arrivals(product, uid))) == ([200], 1)
        tablet.click("[data-try-now]")
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid)) == 1


class TestOnline:
    def test_says_received_with_the_code_when_the_server_has_it(self, product: Product, tablet: Page) -> None:
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        expect(tablet.locator("[data-arrival-note]")).to_contain_text("JZ-")
        assert len(arrivals(product, uid)) == 1

    def test_a_refusal_stands_at_its_fields_and_the_rest_is_kept(self, product: Product, tablet: Page) -> None:
        uid = log(tablet, brings_a_sheet=True, leaves=True)
        expect(tablet.locator("#id_court ~ [data-outbox-error]")).to_be_visible()
        expect(tablet.locator("#id_p1-surnames")).to_have_value(SURNAMES)
        choose(tablet, "has_sheet", "no")
        tablet.click(".x-dock button[type=submit]")
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid)) == 1

    def test_two_tabs_send_each_family_once(self, product: Product, tablet: Page) -> None:
        sent: list[str] = []
        tablet.context.on(
            "request", lambda asked: sent.extend(ids_in(asked.post_data)) if "sync" in asked.url else None
        )
        other = tablet.context.new_page()
        to_the_bridge(other, product)
        tablet.context.set_offline(True)
        uids = [log(tablet), log(other), log(tablet)]
        tablet.context.set_offline(False)
        for page in (tablet, other):
            page.evaluate("void outbox.flush()")
        for uid in uids:
            expect(row(other, uid)).to_have_attribute("data-status", "received")
        assert sorted(sent) == sorted(uids)
        assert len(arrivals(product, *uids)) == 3

    def test_a_wrong_clock_is_said_and_put_right(self, product: Product, tablet: Page) -> None:
        tablet.context.add_init_script(CLOCK_AHEAD)
        tablet.goto(f"{product.address}arrivals/new/")
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        expect(tablet.locator("#outbox [data-skewed]")).to_contain_text("180")
        (occurred_at,) = arrivals(product, uid)
        assert abs(occurred_at - datetime.now(UTC)) < timedelta(minutes=2)


class TestSession:
    def test_over_keeps_the_family_until_somebody_signs_in(self, product: Product, tablet: Page) -> None:
        tablet.context.clear_cookies(name="mpp_session")
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "waiting")
        expect(tablet.locator("#outbox [data-when-signed-out]")).to_be_visible()
        enter(tablet, product)
        to_the_bridge(tablet, product)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")

    def test_signing_out_with_unsent_families_warns_and_keeps_them(self, product: Product, tablet: Page) -> None:
        tablet.context.route(SYNC, lambda route: route.abort())
        uid = log(tablet)
        tablet.goto(f"{product.address}account/")
        expect(tablet.locator("form[data-sign-out][data-unsent='1']")).to_be_visible()
        tablet.click("form[data-sign-out] button")
        expect(tablet.locator("[data-unsent-warning]")).to_contain_text("1")
        tablet.click("main form[action*=logout] button[type=submit]")
        tablet.wait_for_url(re.compile("login"))
        tablet.context.unroute(SYNC)
        enter(tablet, product)
        to_the_bridge(tablet, product)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")


class TestSealed:
    def test_locked_device_tells_counts_and_times_only(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        uid = log(tablet)
        expect(row(tablet, uid)).to_be_visible()
        assert not tells(tablet.evaluate(DUMP))
        assert not tells(tablet.content())
        unlock(tablet, "13572468")
        expect(tablet.locator("#outbox [data-unlock] [data-error]")).not_to_be_empty()
        assert not tells(tablet.content())
        unlock(tablet, PIN)
        expect(row(tablet, uid)).to_contain_text(SURNAMES)
        tablet.click("#outbox [data-lock]")
        expect(row(tablet, uid)).not_to_contain_text(SURNAMES)

    def test_closes_by_itself_after_five_idle_minutes(self, product: Product, tablet: Page) -> None:
        tablet.clock.install()
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}arrivals/new/")
        uid = log(tablet)
        unlock(tablet, PIN)
        expect(row(tablet, uid)).to_contain_text(SURNAMES)
        tablet.clock.fast_forward("05:10")
        expect(row(tablet, uid)).not_to_contain_text(SURNAMES)

    def test_refused_family_is_kept_and_corrected_after_the_pin(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        uid = log(tablet, brings_a_sheet=True)
        tablet.context.set_offline(False)
        expect(row(tablet, uid)).to_have_attribute("data-status", "refused")
        tablet.goto(f"{product.address}tablet/")
        unlock(tablet, PIN)
        row(tablet, uid).locator("[data-correct]").click()
        unlock(tablet, PIN)
        expect(tablet.locator("#id_p1-surnames")).to_have_value(SURNAMES)
        expect(tablet.locator("#id_court ~ [data-outbox-error]")).to_be_visible()
        choose(tablet, "has_sheet", "no")
        tablet.click(".x-dock button[type=submit]")
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid)) == 1

    def test_correction_after_a_lost_answer_is_not_dropped_in_silence(self, product: Product, tablet: Page) -> None:
        tablet.context.route(SYNC, lambda route: (route.fetch(), route.abort()), times=1)
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "waiting")
        tablet.context.set_offline(True)
        unlock(tablet, PIN)
        row(tablet, uid).locator("[data-correct]").click()
        expect(tablet.locator("#id_p1-surnames")).to_have_value(SURNAMES)
        tablet.fill("#id_p1-given_names", "Rosario")
        tablet.click(".x-dock button[type=submit]")
        expect(row(tablet, uid)).to_contain_text("Rosario")
        tablet.context.set_offline(False)
        expect(row(tablet, uid)).to_have_attribute("data-status", "late")
        expect(row(tablet, uid)).to_contain_text("Rosario")
        assert len(arrivals(product, uid)) == 1

    def test_exported_outbox_lands_once_from_another_device(
        self, product: Product, tablet: Page, sign_in: Callable[..., Page], tmp_path: Path
    ) -> None:
        tablet.context.set_offline(True)
        uid = log(tablet)
        tablet.goto(f"{product.address}tablet/")
        with tablet.expect_download() as download:
            tablet.click("[data-export]")
        download.value.save_as(tmp_path / "outbox.json")
        assert not tells((tmp_path / "outbox.json").read_text())
        other = sign_in("coordinacion")
        other.goto(f"{product.address}tablet/")
        other.set_input_files("[data-import]", tmp_path / "outbox.json")
        expect(row(other, uid)).to_have_attribute("data-status", "received")
        tablet.context.set_offline(False)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        assert len(arrivals(product, uid)) == 1

    def test_shift_that_came_in_a_file_is_never_written_to(
        self, product: Product, tablet: Page, sign_in: Callable[..., Page], tmp_path: Path
    ) -> None:
        """Who made the file knows the PIN of its shift, whoever's it says it is and however new."""
        tablet.context.set_offline(True)
        uid = log(tablet)
        tablet.goto(f"{product.address}tablet/")
        with tablet.expect_download() as download:
            tablet.click("[data-export]")
        file = json.loads(Path(download.value.path()).read_text())
        other = sign_in("recepcion", viewport=PHONE)
        open_shift(other, product)
        own = other.evaluate("window.outbox.currentShift().then((shift) => shift.id)")
        forged = tmp_path / "outbox.json"
        forged.write_text(
            json.dumps(file | {"shifts": [each | {"opened_at": "2999-01-01"} for each in file["shifts"]]})
        )
        other.goto(f"{product.address}tablet/")
        other.context.route(SYNC, lambda route: route.abort())
        other.set_input_files("[data-import]", forged)
        expect(row(other, uid)).to_be_visible()
        assert other.evaluate("window.outbox.currentShift().then((shift) => shift.id)") == own
        unlock(other, PIN)
        expect(row(other, uid)).to_contain_text(SURNAMES)


class TestStepsAtReception:
    def test_noted_without_network_reach_every_member_once(self, product: Product, tablet: Page) -> None:
        uid = log(tablet)
        expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        tablet.goto(f"{product.address}tablet/")
        unlock(tablet, PIN)
        code = code_of(tablet, uid)
        tablet.fill("#board-find", code)
        card = tablet.locator("#board .x-fam").filter(has_text=code)
        expect(card).to_contain_text(SURNAMES)
        tablet.context.set_offline(True)
        assert not tells(tablet.evaluate(DUMP))
        card.locator("[data-taps] button").first.click()
        step = tablet.locator("#outbox li").filter(has_text=SURNAMES)
        expect(step).to_have_attribute("data-status", "waiting")
        tablet.context.set_offline(False)
        expect(tablet.locator("#outbox li[data-status=received]")).to_have_count(2)
        assert documents(product, uid) == 2

    def test_of_a_family_logged_here_follow_it_over_the_bridge(self, product: Product, tablet: Page) -> None:
        tablet.goto(f"{product.address}tablet/")
        tablet.wait_for_function("async () => Boolean(await outbox.kept('board'))")
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}arrivals/new/")
        uid = log(tablet)
        tablet.goto(f"{product.address}tablet/")
        unlock(tablet, PIN)
        tablet.locator(f"#board [data-household='{uid}'] [data-taps] button").first.click()
        expect(tablet.locator("#outbox li[data-status=waiting]")).to_have_count(2)
        tablet.context.set_offline(False)
        expect(tablet.locator("#outbox li[data-status=received]")).to_have_count(2)
        assert (len(arrivals(product, uid)), documents(product, uid)) == (1, 2)


class TestNothingCanBeKept:
    def test_blocked_storage_is_said_and_the_form_posts_as_any_form(self, product: Product, tablet: Page) -> None:
        tablet.context.add_init_script(
            "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
        )
        tablet.goto(f"{product.address}arrivals/new/")
        expect(tablet.locator("#outbox [data-trouble] p")).not_to_be_empty()
        log(tablet, leaves=True)
        tablet.wait_for_url(re.compile(r"/households/[0-9a-f-]{36}/$"))

    def test_full_storage_is_said_and_what_was_typed_stays(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        tablet.goto(f"{product.address}arrivals/new/")
        tablet.evaluate(STORAGE_FULL)
        log(tablet, leaves=True)
        expect(tablet.locator("[data-arrival-note].stop p")).not_to_be_empty()
        expect(tablet.locator("#id_p1-surnames")).to_have_value(SURNAMES)


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


# A browser without any network, not one that is told so: also the worker and a first page have none.
NO_NETWORK = ("--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>")

CLOCK_AHEAD = """
    const Right = Date, ahead = 3 * 3600e3;
    Date = class extends Right {
      constructor(...given) { if (given.length) super(...given); else super(Right.now() + ahead); }
      static now() { return Right.now() + ahead; }
    };
"""
STORAGE_FULL = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
DUMP = "async () => JSON.stringify(await Promise.all(outbox.db.tables.map((table) => table.toArray())))"


class Chromium:
    """A browser of its own with a profile on the disk, so that it can be killed and started again."""

    def __init__(self, kind: BrowserType, profile: Path, *arguments: str) -> None:
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
        page.set_default_timeout(15_000)
        return page

    def kill(self) -> None:
        """As when the battery ends."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def enter(page: Page, product: Product) -> None:
    page.goto(product.address)
    page.fill("input[name=login]", "recepcion@demo.example")
    page.fill("input[name=password]", product.password())
    page.click("form:has(input[name=password]) button[type=submit]")
    page.wait_for_url(product.address)


def open_shift(page: Page, product: Product) -> None:
    page.goto(f"{product.address}tablet/")
    page.fill("#pin-1", PIN)
    page.fill("#pin-2", PIN)
    page.click("[data-open-shift] button[type=submit]")
    expect(page.locator("#outbox [data-lock]")).to_be_visible()


def to_the_bridge(page: Page, product: Product) -> None:
    """Open the page at the bridge, and wait until the device could open it alone."""
    page.goto(f"{product.address}arrivals/new/")
    page.wait_for_function("async () => Boolean(await caches.match('/-/shell'))")


def log(page: Page, *, brings_a_sheet: bool = False, leaves: bool = False) -> str:
    """Log a mother and her daughter; returns the uid that the page made. With `leaves` the page makes no room for the next."""
    page.bring_to_front()
    page.evaluate("async () => { await outbox.usable }")
    uid = str(page.input_value("[name=uid]"))
    choose(page, "size", "2")
    page.fill("#id_p1-given_names", "María Fernanda")
    page.fill("#id_p1-surnames", SURNAMES)
    choose(page, "p1-sex", "F")
    choose(page, "p1-band", "18-59")
    page.fill("#id_p2-given_names", "Itzel")
    choose(page, "p2-band", "6-11")
    page.check("#id_notice_read")
    if brings_a_sheet:
        page.click("details.x-rest > summary")
        choose(page, "has_sheet", "yes")
    page.click(".x-dock button[type=submit]")
    if not leaves:
        expect(page.locator("[name=uid]")).not_to_have_value(uid)
    return uid


def choose(page: Page, name: str, value: str) -> None:
    """Touch one of the big buttons, whose radio or checkbox lies underneath."""
    page.locator(f"label:has(> input[name='{name}'][value='{value}'])").click()


def unlock(page: Page, pin: str) -> None:
    page.fill("#outbox [data-unlock] input", pin)
    page.click("#outbox [data-unlock] button")


def row(page: Page, uid: str) -> Any:
    """The entry's line in the list on the device."""
    return page.locator(f"#outbox li[data-entry='{uid}']")


def code_of(page: Page, uid: str) -> str:
    """The case code that a received entry shows."""
    found = re.search(r"[A-Z]{2}-[0-9]{4}", row(page, uid).inner_text())
    assert found is not None
    return found[0]


def tells(text: str | bytes) -> bool:
    """Whether somebody who finds this learns a name."""
    sought = [name.encode(code) for name in ("Quintanar", "Fernanda", "Itzel") for code in ("utf-8", "utf-16-le")]
    found = text.encode() if isinstance(text, str) else text
    return any(name in found for name in sought)


def ids_in(body: str | None) -> list[str]:
    return [item["id"] for item in json.loads(body or "{}").get("items", [])]


def arrivals(product: Product, *uids: str) -> list[datetime]:
    """When the arrivals of these ids happened, as the database has it; one row for each."""
    return ask(product, "SELECT occurred_at FROM cases_arrival WHERE uid = ANY(%s::uuid[])", list(uids))


def documents(product: Product, uid: str) -> int:
    """How many papers the people of this arrival hold."""
    sql = """
        SELECT count(*) FROM cases_document
          JOIN cases_person ON cases_person.id = person_id
          JOIN cases_arrival USING (household_id)
         WHERE cases_arrival.uid = %s::uuid
    """
    return int(ask(product, sql, uid)[0])


def ask(product: Product, sql: str, value: object) -> list[Any]:
    """The first column of what the product's database answers."""
    url = Servers(State(product.checkout / ".local"), given={}).cluster.url
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql, [value])
        found = [first for (first,) in cursor.fetchall()]
    connection.close()
    return found


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
