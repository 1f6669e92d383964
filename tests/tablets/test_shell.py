"""What a tablet keeps so that the bridge opens without network: a worker, a manifest, three pages without people, and words."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tablets import version
from tablets.words import chip_words, outbox_words
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db

SHELL = ["journey:log_arrival", "tablets:outbox", "tablets:offline"]
SCRIPTS = sorted((settings.BASE_DIR / "static" / "outbox").glob("*.js"))


def told_by(script: str) -> dict[str, Any]:
    found = re.match(r"const SHELL = (\{.*\});\n", script)
    assert found is not None
    return dict(json.loads(found[1]))


class TestWorker:
    def test_is_open_at_the_root_and_asked_for_anew_each_time(self, client: Client) -> None:
        answer = client.get("/sw.js")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Cache-Control"] == "no-cache"

    def test_is_told_the_pages_that_open_without_network(self, client: Client) -> None:
        shell = told_by(client.get("/sw.js").content.decode())
        assert shell["pages"] == [reverse(name) for name in SHELL]
        assert shell["offline"] in shell["pages"]

    def test_changes_with_anything_that_the_shell_is_made_of(
        self, client: Client, tmp_path: Path, settings: Any
    ) -> None:
        settings.BASE_DIR = tmp_path
        seen = set()
        for folder, name in (("static", "app.js"), ("templates", "base.html"), ("locale", "django.mo")):
            (tmp_path / folder).mkdir()
            (tmp_path / folder / name).write_text(name)
            version.shell_version.cache_clear()
            seen.add(version.shell_version())
        version.shell_version.cache_clear()
        assert len(seen) == 3


class TestManifest:
    def test_starts_at_the_bridge_with_icons_that_are_there(self, client: Client) -> None:
        told = client.get("/manifest.webmanifest").json()
        assert told["start_url"] == reverse("journey:log_arrival")
        assert told["display"] == "standalone"
        names = [icon["src"].removeprefix("/static/") for icon in told["icons"]]
        assert all((settings.BASE_DIR / "static" / name).is_file() for name in names)
        assert "any" in {icon["purpose"] for icon in told["icons"]}
        assert "maskable" in {icon["purpose"] for icon in told["icons"]}


@pytest.mark.parametrize("name", SHELL)
class TestPageOfTheShell:
    def test_tells_of_nobody(self, name: str, client_of: Callable[..., Client], reference_data: None) -> None:
        household = HouseholdFactory(site=SiteFactory(code="JZ"))
        PersonFactory(household=household, given_names="Dayanara", surnames="Funes Amador")
        page = client_of("reception").get(reverse(name), headers={"x-shell": "1"}).content.decode()
        assert "data-shell" in page
        assert not re.search(rf"Dayanara|Funes|{household.code}", page)

    def test_leaves_what_is_to_be_said_for_the_page_that_is_read(
        self, name: str, client_of: Callable[..., Client], reference_data: None
    ) -> None:
        browser = client_of("reception")
        session = browser.session
        session["_messages"] = json.dumps([["__json_message", 0, 25, "JZ-4182", ""]])
        session.save()
        assert "JZ-4182" not in browser.get(reverse(name), headers={"x-shell": "1"}).content.decode()
        assert "JZ-4182" in browser.get(reverse("dashboard:today")).content.decode()

    def test_weighs_under_30_kb_and_asks_little(
        self, name: str, client_of: Callable[..., Client], reference_data: None, django_assert_max_num_queries: Any
    ) -> None:
        browser = client_of("reception")
        cache.clear()
        with django_assert_max_num_queries(10):
            page = browser.get(reverse(name))
        assert len(gzip.compress(page.content)) < 30_000


class TestWords:
    def test_are_there_for_all_that_the_scripts_say_and_for_nothing_else(self) -> None:
        text = "".join(path.read_text() for path in SCRIPTS)
        said = set(re.findall(r"""say\(\s*(?:skew > 0 \? )?'(\w+)'""", text))
        asked = set(re.findall(r"'(\w+)'", text)) | {
            f"{stem}_{word}" for stem in re.findall(r"say\(`(\w+)_\$", text) for word in re.findall(r"'?(\w+)'?", text)
        }
        assert said <= set(outbox_words())
        assert set(outbox_words()) <= asked

    def test_of_the_chip_are_few(self) -> None:
        assert len(gzip.compress(json.dumps(chip_words()).encode())) < 900

    @pytest.mark.parametrize("language", ["es", "en"])
    def test_keep_their_blanks_in_every_language(self, language: str) -> None:
        blanks = re.compile(r"%\((\w+)\)s")
        with translation.override("en"):
            here = {name: blanks.findall(str(words)) for name, words in outbox_words().items()}
        with translation.override(language):
            there = {name: blanks.findall(str(words)) for name, words in outbox_words().items()}
        assert {name: set(found) for name, found in there.items()} == {name: set(found) for name, found in here.items()}


class TestScripts:
    def test_with_all_that_a_page_loads_stay_under_120_kb(self) -> None:
        static = settings.BASE_DIR / "static"
        names = [
            "vendor/tabler.min.css",
            "mpp.css",
            "vendor/htmx.min.js",
            "app.js",
            "arrival.js",
            "icons.svg",
            "mark.svg",
        ]
        files = [*(static / name for name in names), static / "vendor" / "dexie.min.js", *SCRIPTS]
        assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 120_000
