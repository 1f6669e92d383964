"""The bridge without network: nothing that was written on a tablet is lost or received twice.

Told in a real browser against what `make run` starts: the network cut, cut in mid-request, two tabs, the session over.
"""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.bridge import DUMP, PIN, SURNAMES, SYNC, arrivals, choose, enter, log, row, tells, to_the_bridge, unlock
from tests.e2e.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

CLOCK_AHEAD = """
    const Right = Date, ahead = 3 * 3600e3;
    Date = class extends Right {
      constructor(...given) { if (given.length) super(...given); else super(Right.now() + ahead); }
      static now() { return Right.now() + ahead; }
    };
"""
STORAGE_FULL = "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }; }"


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

    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (
                "(entry) => { let deep = []; for (let n = 0; n < 1500; n += 1) deep = [deep]; entry.author = deep; }",
                "unreadable",
            ),
            ("(entry) => { entry.sealed.data = 'A'.repeat(1200000); }", "too_large"),
        ],
    )
    def test_one_that_cannot_be_taken_is_refused_with_why_and_holds_up_no_other(
        self, product: Product, tablet: Page, spoil: str, why: str
    ) -> None:
        tablet.context.set_offline(True)
        first, spoilt, last = [log(tablet) for _ in range(3)]
        tablet.evaluate(f"(id) => outbox.db.entries.where({{ id }}).modify({spoil})", spoilt)
        tablet.context.set_offline(False)
        for uid in (first, last):
            expect(row(tablet, uid)).to_have_attribute("data-status", "received")
        expect(row(tablet, spoilt)).to_have_attribute("data-status", "refused")
        expect(row(tablet, spoilt)).to_contain_text(str(tablet.evaluate("(why) => outbox.say(why)", why)))
        expect(tablet.locator("[data-net='outbox']")).not_to_have_class(re.compile("away"))
        assert len(arrivals(product, first, spoilt, last)) == 2

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

    def test_a_second_tap_on_save_logs_nobody(self, product: Product, tablet: Page) -> None:
        tablet.context.set_offline(True)
        uid = log(tablet)
        tablet.click(".x-dock button[type=submit]")
        expect(tablet.locator("#id_p1-given_names[aria-invalid=true]")).to_be_visible()
        expect(tablet.locator("#outbox li[data-entry]")).to_have_count(1)
        expect(row(tablet, uid)).to_have_attribute("data-status", "waiting")

    def test_takes_nothing_that_is_typed_while_a_family_is_on_its_way(self, product: Product, tablet: Page) -> None:
        """The fields are emptied once it has gone: what came into them meanwhile would be lost without a word."""
        tablet.context.route(SYNC, lambda route: None, times=1)  # no answer, ever
        log(tablet, leaves=True)
        expect(tablet.locator("form.x-arrival[inert]")).to_be_visible()
        tablet.focus("#id_p1-given_names")
        tablet.keyboard.type("Rosalba")
        expect(tablet.locator("#id_p1-given_names")).to_have_value("María Fernanda")
        expect(tablet.locator("form.x-arrival[inert]")).to_have_count(0)
        expect(tablet.locator("#id_p1-given_names")).to_have_value("")


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


def ids_in(body: str | None) -> list[str]:
    return [item["id"] for item in json.loads(body or "{}").get("items", [])]


def code_of(page: Page, uid: str) -> str:
    """The case code that a received entry shows."""
    found = re.search(r"[A-Z]{2}-[0-9]{4}", row(page, uid).inner_text())
    assert found is not None
    return found[0]


def documents(product: Product, uid: str) -> int:
    """How many papers the people of this arrival hold."""
    sql = """
        SELECT count(*) FROM cases_document
          JOIN cases_person ON cases_person.id = person_id
          JOIN cases_arrival USING (household_id)
         WHERE cases_arrival.uid = %s::uuid
    """
    return int(product.ask(sql, uid)[0])
