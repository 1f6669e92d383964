"""What lies on a tablet is sealed: it tells a finder counts and times, its officer everything, another device nothing but itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bridge import DUMP, PIN, SURNAMES, SYNC, arrivals, choose, log, open_shift, row, tells, unlock
from tests.e2e.product import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


class TestPageOfTheTablet:
    def test_has_one_thing_to_do_first(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("recepcion", viewport=PHONE)
        first = page.locator("main .btn-primary:visible")
        page.goto(f"{product.address}tablet/")
        expect(first).to_have_count(1)
        expect(first).to_have_attribute("data-first", "without-shift")
        open_shift(page, product)
        page.click("details:has([data-open-shift]) > summary")
        expect(first).to_have_count(1)
        expect(first).to_have_attribute("data-first", "with-shift")


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
