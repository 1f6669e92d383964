"""8 December 2021, Ciudad Juárez: the first two people of MPP 2 come over the bridge.

Grupo Beta receives them, gives papers, tests them, they go to a shelter, and a reminder of their appointment in El Paso leaves in
time. Told in a real browser, against what `make run` starts. The day is today, so that their appointment lies ahead.
"""

import base64
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.bridge import choose, tell_phone_and_sheet
from tests.e2e.product import PHONE, Product

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

BRIDGE = "Paso del Norte (Puente Santa Fe)"
WORDS = {
    "es": {"bridge": "En el puente", "log": "Registrar llegada"},
    "en": {"bridge": "At the bridge", "log": "Log arrival"},
}


@pytest.mark.parametrize("language", ["es", "en"])
class TestStoryOfTheFirstTwo:
    def test_from_the_bridge_to_the_reminder(
        self, product: Product, sign_in: Callable[..., Page], language: str
    ) -> None:
        words = WORDS[language]
        officer = sign_in("recepcion", language=language, viewport=PHONE)
        household = log_two_people(officer, product, words["log"])

        give_papers_and_tests(officer, product, household)

        coordinator = sign_in("coordinacion", language=language)
        place_once(coordinator, product, household)

        both_clocks_stand(officer, product, household, words["bridge"])
        a_reminder_leaves(officer, product, household)

        a_partner_reads_it(product, household, agency="iom", name=f"Registry {language}")
        everything_is_on_the_audit_page(sign_in("datos", language=language), product, household)
        nobody_at_another_site_sees_it(sign_in("coordinacion.tj", language=language), product, household)


class TestBoard:
    def test_goes_on_in_its_lane_after_a_tap(self, product: Product, sign_in: Callable[..., Page]) -> None:
        """Whoever works with the keyboard gives papers to one family after another, without going back to the top."""
        page = sign_in("recepcion")
        page.goto(f"{product.address}reception/")
        lane = page.locator("#board .x-col").filter(has=page.locator("button[value=documents]"))
        done = lane.locator(".x-fam").first.locator("h3 a").get_attribute("href")
        lane.locator("button[value=documents]").first.focus()
        page.keyboard.press("Enter")
        expect(lane.locator(f"h3 a[href='{done}']")).to_have_count(0)
        expect(lane.locator(".x-fam h3 a").first).to_be_focused()
        page.keyboard.press("Tab")
        expect(lane.locator("button[value=documents]").first).to_be_focused()

    def test_keeps_the_way_back_in_sight_on_a_phone(self, product: Product, sign_in: Callable[..., Page]) -> None:
        page = sign_in("recepcion", viewport={"width": 390, "height": 500})
        page.goto(f"{product.address}reception/?lane=documented")
        page.locator("#board .cur button[value=tests]").last.click()
        undo = page.locator("#messages .x-toast button")
        expect(undo).to_be_attached()
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(undo).to_be_in_viewport()
        undo.click()
        expect(page.locator("#messages .x-toast")).to_have_count(0)


def log_two_people(page: Page, product: Product, heading: str) -> str:
    """Consent, two brothers, and the sheet that sends them to El Paso; returns the household's uid."""
    page.goto(f"{product.address}arrivals/new/")
    expect(page.locator("h1")).to_have_text(heading)
    choose(page, "size", "2")
    page.fill("#id_p1-given_names", "Ricardo Antonio")
    page.fill("#id_p1-surnames", "Zelaya Pineda")
    choose(page, "p1-band", "exact")
    page.fill("#id_p1-age", "34")
    choose(page, "p1-sex", "M")
    page.fill("#id_p2-given_names", "Wilmer José")
    choose(page, "p2-band", "exact")
    page.fill("#id_p2-age", "12/05/1999")
    choose(page, "p2-sex", "M")
    page.select_option("#id_p2-relation", "sibling")
    page.select_option("#id_crossing", label=BRIDGE)
    choose(page, "nationality", "NI")
    page.check("#id_notice_read")
    tell_phone_and_sheet(page, "656 555 0142", in_days=26)
    page.select_option("#id_report_crossing", label=BRIDGE)
    page.fill("#id_report_time", "0430")
    choose(page, "agree_messages", "yes")
    choose(page, "agree_partners", "yes")
    fits_the_screen(page)
    page.click(".x-dock button[type=submit]")
    page.wait_for_url(re.compile(r"/households/[0-9a-f-]{36}/$"))
    expect(page.locator("h1")).to_contain_text("Zelaya Pineda")
    fits_the_screen(page)
    return page.url.rstrip("/").rsplit("/", 1)[1]


def give_papers_and_tests(page: Page, product: Product, household: str) -> None:
    """One tap each on the board, then both results at once."""
    card = page.locator(".x-fam").filter(has=page.locator(f"a[href$='/households/{household}/']"))
    for lane, deed in (("received", "documents"), ("documented", "tests")):
        page.goto(f"{product.address}reception/?lane={lane}")
        fits_the_screen(page)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            card.locator(f"button[value={deed}]").click()
    page.goto(f"{product.address}households/{household}/results/new/")
    for answer in page.locator("input[name^=result-][value='260415000']").all():
        answer.check(force=True)
    page.click("form.x-narrow button[type=submit]")
    page.wait_for_url(f"{product.address}households/{household}/")
    page.goto(f"{product.address}reception/?lane=to_place")
    expect(card).to_be_visible()


def place_once(page: Page, product: Product, household: str) -> None:
    """The coordinator sees ranked places and gives one; a page that was opened before cannot give a second."""
    url = f"{product.address}shelters/place/{household}/"
    late = page.context.new_page()
    late.goto(url)
    page.goto(url)
    page.locator(".x-rank button[name=unit]:not([formaction])").first.click()
    page.wait_for_url(lambda there: there != url)
    late.locator(".x-rank button[name=unit]:not([formaction])").first.click()
    expect(late.locator(".x-note").first).to_be_visible()
    page.goto(f"{product.address}households/{household}/")
    expect(page.locator(".x-tag .i use[href*='#bed']").first).to_be_attached()


def both_clocks_stand(page: Page, product: Product, household: str, bridge: str) -> None:
    """04:30 at the bridge, 08:30 at the court, each with its place."""
    page.goto(f"{product.address}households/{household}/")
    clocks = page.locator(".x-clocks")
    expect(clocks).to_contain_text(bridge)
    expect(clocks).to_contain_text("04:30")
    expect(clocks).to_contain_text("Paso del Norte")
    expect(clocks).to_contain_text("08:30")
    expect(clocks).to_contain_text("El Paso")


def a_reminder_leaves(page: Page, product: Product, household: str) -> None:
    """Five rows are planned by the worker; when the first is due the worker sends it, and the page shows it."""
    url = f"{product.address}households/{household}/"
    reminders = page.locator("section[aria-labelledby=messages-sent]")
    eventually(page, url, lambda: reminders.locator(".x-pill").count() == 5)
    product.let_it_be_due(household, "days_7")
    eventually(page, url, lambda: reminders.locator(".x-pill.ok").count() == 1)
    assert reminders.locator(".x-pill").count() == 5


def a_partner_reads_it(product: Product, household: str, *, agency: str, name: str) -> None:
    """With its own credentials a partner reads capacity and the arrival, of its sites only; the document describes it."""
    said = product.manage(
        *("partner_client", "register", "--agency", agency, "--name", name, "--site", "JZ"),
        *("--scope", "shelters:read", "--scope", "households:read"),
    )
    secret = dict(re.findall(r"client (id|secret):\s+(\S+)", said))
    pair = base64.b64encode(f"{secret['id']}:{secret['secret']}".encode()).decode()
    token = call(product, "api/token/", {"grant_type": "client_credentials"}, authorization=f"Basic {pair}")
    bearer = f"Bearer {token['access_token']}"
    family = call(product, f"api/v1/households/{household}/", authorization=bearer)
    assert family["size"] == 2
    assert family["nationalities"] == ["NI"]
    assert family["arrivals"][0]["crossing"]
    assert "Zelaya" not in json.dumps(family)
    shelters = call(product, "api/v1/shelters/", authorization=bearer)["results"]
    assert shelters
    document = call(product, "api/v1/schema/?format=json", authorization=bearer)
    assert "/api/v1/households/{uid}/" in document["paths"]


def everything_is_on_the_audit_page(page: Page, product: Product, household: str) -> None:
    """Every deed and every read, without a name."""
    page.goto(f"{product.address}audit/households/{household}/")
    text = page.locator("main").inner_text()
    assert page.locator("main tbody tr, main ol > li, main ul > li").count() >= 10
    assert "Rosa Almanza" in text
    assert "Maribel Ontiveros" in text
    assert "Zelaya" not in page.content()


def nobody_at_another_site_sees_it(page: Page, product: Product, household: str) -> None:
    """For Tijuana it looks like something that never was."""
    answer = page.goto(f"{product.address}households/{household}/")
    assert answer is not None
    assert answer.status == 404


def fits_the_screen(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def eventually(page: Page, url: str, question: Callable[[], bool]) -> None:
    """Load the page until it shows what the worker does, for at most 30 seconds."""
    for _ in range(60):
        page.goto(url)
        if question():
            return
        page.wait_for_timeout(500)
    raise AssertionError(page.locator("main").inner_text())


def call(product: Product, path: str, form: dict[str, str] | None = None, *, authorization: str) -> dict:  # type: ignore[type-arg]
    """A partner's request; its JSON."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(f"{product.address}{path}", data=body, headers={"Authorization": authorization})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())
