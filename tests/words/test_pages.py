import gzip

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories.words import TemplateFactory
from words.book import book
from words.models import Template

pytestmark = pytest.mark.django_db
SPANISH = ["spa", "ahead", "written"]
HAITIAN = ["hat", "ahead", "written"]
GOOD = "Cita: {weekday} {date}, {time}, donde dice su papel. Dudas: {office_phone}"


@pytest.fixture
def browser(client_of):
    browser = client_of("hearings", "JZ")
    User.objects.update(language="en")
    return browser


def body(response):
    return response.content.decode()


class TestList:
    def test_says_plainly_which_languages_are_drafts(self, browser):
        page = body(browser.get(reverse("words:texts")))
        assert page.count("draft, no native speaker has signed it") == 3
        assert "donde dice su papel" in page

    def test_says_how_many_texts_of_a_language_somebody_has_signed(self, browser):
        browser.post(reverse("words:sign", args=HAITIAN), {"version": "0", "speaks": "on"})
        page = body(browser.get(reverse("words:texts")))
        assert page.count("draft, no native speaker has signed it") == 2
        assert "1 of 7 signed" in page

    def test_shows_the_ladder_and_the_quiet_hours(self, browser):
        page = body(browser.get(reverse("words:texts")))
        for words in ("10 days before", "7 days before", "1 day before", "when they leave", "from 21:00 to 08:00"):
            assert words in page

    def test_stays_small_and_quick(self, browser, django_assert_max_num_queries):
        for purpose in ("ahead", "tomorrow", "tonight"):
            for version in range(1, 10):
                TemplateFactory(purpose=purpose, version=version)
        with django_assert_max_num_queries(10):
            response = browser.get(reverse("words:texts"))
        assert len(gzip.compress(response.content)) < 30_000

    def test_has_the_spoken_texts_too(self, browser):
        page = body(browser.get(reverse("words:texts") + "?way=spoken"))
        assert reverse("words:text", args=["spa", "ahead", "spoken"]) in page
        assert "GSM-7" not in page


class TestText:
    def test_shows_the_count_for_the_longest_day_and_how_it_arrives(self, browser):
        page = body(browser.get(reverse("words:text", args=SPANISH)))
        assert "jueves 16 de diciembre, 04:30 hora local" in page
        assert "GSM-7" in page

    def test_keeps_a_new_version(self, browser):
        answer = browser.post(
            reverse("words:text", args=SPANISH), {"text": GOOD, "in_plain_letters": "on", "after": "0"}
        )
        assert answer.status_code == 302
        assert Template.objects.get().text == GOOD

    def test_keeps_what_was_typed_when_it_is_refused(self, browser):
        answer = browser.post(
            reverse("words:text", args=SPANISH), {"text": "Vaya a la corte {date} {time} {office_phone}", "after": "0"}
        )
        assert answer.status_code == 422
        assert "corte" in body(answer)
        assert not Template.objects.exists()

    def test_survives_braces_that_nothing_fills(self, browser):
        answer = browser.post(reverse("words:text", args=SPANISH), {"text": "{0} {x[1]} {", "after": "0"})
        assert answer.status_code == 422

    @pytest.mark.parametrize("args", [["xxx", "ahead", "written"], ["spa", "x", "written"], ["spa", "ahead", "sung"]])
    def test_is_missing_where_there_is_no_such_text(self, browser, args):
        assert browser.get(reverse("words:text", args=args)).status_code == 404


class TestPreview:
    def ask(self, browser, text, **facts):
        return body(browser.post(reverse("words:preview", args=SPANISH), {"text": text, "after": "0", **facts}))

    def test_counts_what_is_being_written(self, browser):
        text = "¿Sabía? {weekday} {date}, {time}. {office_phone}"
        assert "UCS-2" in self.ask(browser, text)
        assert "GSM-7" in self.ask(browser, text, in_plain_letters="on")

    def test_says_what_forbids_it(self, browser):
        assert "corte" in self.ask(browser, "corte {date} {time} {office_phone}")

    def test_says_so_when_nothing_is_written(self, browser):
        assert "Nothing written yet." in self.ask(browser, " ")


class TestSign:
    def test_takes_the_word_of_a_native_speaker(self, browser):
        browser.post(reverse("words:sign", args=HAITIAN), {"version": "0", "speaks": "on"})
        assert book()["ahead", "hat", "written"].is_signed

    def test_takes_nothing_without_it(self, browser):
        answer = browser.post(reverse("words:sign", args=HAITIAN), {"version": "0"})
        assert answer.status_code == 422
        assert not Template.objects.exists()

    def test_is_offered_for_drafts_only(self, browser):
        assert "Sign as a native speaker" in body(browser.get(reverse("words:text", args=HAITIAN)))
        assert "Sign as a native speaker" not in body(browser.get(reverse("words:text", args=SPANISH)))
