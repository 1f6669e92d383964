"""What a test does at the bridge: log a family on a device, open its shift, look at its outbox and at what the database has."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.product import Product

PIN = "27182845"
SURNAMES = "Zúñiga Quintanar"  # nobody of the demo is called so
SYNC = "**/tablet/sync/"
DUMP = "async () => JSON.stringify(await Promise.all(outbox.db.tables.map((table) => table.toArray())))"


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


def tell_phone_and_sheet(page: Page, phone: str, *, in_days: int) -> None:
    """Open what can wait, and fill in a phone of their own and a hearing at El Paso in so many days at half past eight."""
    page.click("details.x-rest > summary")
    choose(page, "phone_owner", "own")
    page.fill("#id_phone", phone)
    choose(page, "has_sheet", "yes")
    page.select_option("#id_court", label="El Paso")
    page.fill("#id_court_on", (datetime.now(UTC) + timedelta(days=in_days)).date().isoformat())
    page.fill("#id_court_time", "08:30")


def unlock(page: Page, pin: str) -> None:
    page.fill("#outbox [data-unlock] input", pin)
    page.click("#outbox [data-unlock] button")


def row(page: Page, uid: str) -> Any:
    """The entry's line in the list on the device."""
    return page.locator(f"#outbox li[data-entry='{uid}']")


def tells(text: str | bytes) -> bool:
    """Whether somebody who finds this learns a name."""
    sought = [name.encode(code) for name in ("Quintanar", "Fernanda", "Itzel") for code in ("utf-8", "utf-16-le")]
    found = text.encode() if isinstance(text, str) else text
    return any(name in found for name in sought)


def arrivals(product: Product, *uids: str) -> list[datetime]:
    """When the arrivals of these ids happened, as the database has it; one row for each."""
    return product.ask("SELECT occurred_at FROM cases_arrival WHERE uid = ANY(%s::uuid[])", list(uids))
