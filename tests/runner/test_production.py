"""The production shape, as far as it can be seen without a container engine."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from mpp_tracker.runner.servers import Servers, make_keyring
from mpp_tracker.runner.state import CHECKOUT, any_free_port

from .conftest import Start, eventually

pytestmark = pytest.mark.xdist_group("servers")

GUNICORN = [sys.executable, "-m", "gunicorn", "mpp_tracker.wsgi:application", "--config", "deploy/gunicorn.conf.py"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text()))


class TestCompose:
    def test_has_every_part(self, compose: dict[str, Any]) -> None:
        assert set(compose["services"]) == {"postgres", "redis", "migrate", "web", "worker", "beat", "proxy"}

    def test_mounts_postgres_18_where_it_keeps_its_data(self, compose: dict[str, Any]) -> None:
        assert "database:/var/lib/postgresql" in compose["services"]["postgres"]["volumes"]

    def test_publishes_only_the_proxy(self, compose: dict[str, Any]) -> None:
        assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]

    def test_checks_the_health_of_what_runs_on(self, compose: dict[str, Any]) -> None:
        for name in ("postgres", "redis", "worker", "beat"):
            assert compose["services"][name]["healthcheck"]["test"]
        assert "HEALTHCHECK" in (CHECKOUT / "Dockerfile").read_text()

    def test_refuses_to_start_without_a_secret(self) -> None:
        text = (CHECKOUT / "docker-compose.yml").read_text()
        secrets = set(
            re.findall(r"\$\{((?:SECRET_KEY|\w*PASSWORD|KEYRING_PATH|SITE_HOST|MPP_OFFICE_PHONE))(?!\w)", text)
        ) - {"EMAIL_HOST_PASSWORD"}
        assert {"SECRET_KEY", "POSTGRES_PASSWORD", "MPP_DATABASE_PASSWORD", "REDIS_PASSWORD", "KEYRING_PATH"} <= secrets
        for name in secrets:
            assert not re.search(rf"\$\{{{name}(?!:\?)", text), name

    def test_names_every_variable_in_the_example(self) -> None:
        text = (CHECKOUT / "docker-compose.yml").read_text()
        example = (CHECKOUT / "deploy" / "example.env").read_text()
        for name in re.findall(r"(?<!\$)\$\{(\w+)", text):
            assert re.search(rf"^{name}=", example, re.MULTILINE), name


class TestEnvironment:
    def test_is_written_down_wherever_it_decides_what_production_does(self) -> None:
        code = "".join((CHECKOUT / "mpp_tracker" / name).read_text() for name in ("settings.py", "ways_out.py"))
        read = set(re.findall(r"""environ(?:ment)?(?:\.get)?[(\[]"([A-Z_]+)\"""", code))
        told = "".join(
            path.read_text()
            for path in [*(CHECKOUT / "docs").glob("*.md"), CHECKOUT / "docker-compose.yml", CHECKOUT / "Dockerfile"]
        )
        assert len(read) > 15
        assert {name for name in read if name not in told} == set()


def production(servers: Servers, folder: Path, **changes: str) -> dict[str, str]:
    """The environment of the production containers, on these servers."""
    environment = servers.environment() | {
        "MPP_ENV": "production",
        "SECRET_KEY": servers.state.secret("production_key"),
        "KEYRING_FILE": str(servers.state.folder / "keyring.json"),
        "ALLOWED_HOSTS": "mpp.example.org",
        "MPP_OFFICE_PHONE": "656 123 4567",
        "STATIC_ROOT": str(folder / "static"),
    }
    make_keyring(environment, log=servers.state.log("setup"))
    return environment | changes


class TestProduction:
    def test_serves_with_real_secrets_and_without_tls_only_its_health(self, start: Start, tmp_path: Path) -> None:
        servers, _ = start()
        port = any_free_port()
        environment = production(servers, tmp_path, BIND=f"127.0.0.1:{port}", WEB_WORKERS="1")
        (tmp_path / "static").mkdir()

        def get(path: str) -> tuple[int, str]:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "mpp.example.org"})
            opener = urllib.request.build_opener(NotFollowing)
            try:
                with opener.open(request, timeout=5) as answer:
                    return answer.status, ""
            except urllib.error.HTTPError as error:
                return error.code, error.headers.get("Location", "")
            except OSError:
                return 0, ""

        web = subprocess.Popen(GUNICORN, cwd=CHECKOUT, env=environment, stderr=subprocess.DEVNULL)
        try:
            eventually(lambda: get("/health/")[0] == 200)
            assert get("/account/login/") == (301, "https://mpp.example.org/account/login/")
        finally:
            web.terminate()
            web.wait(30)

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            (
                {"SECRET_KEY": "development-key-never-for-production"},
                "SECRET_KEY is missing, short or the development key",
            ),
            ({"SECRET_KEY": "short"}, "SECRET_KEY is missing, short or the development key"),
            ({"KEYRING_FILE": "/nowhere/keyring.json"}, "KEYRING_FILE names no file"),
            ({"ALLOWED_HOSTS": "mpp.example.org,*"}, "ALLOWED_HOSTS is missing"),
            ({"MPP_OFFICE_PHONE": ""}, "MPP_OFFICE_PHONE is missing"),
        ],
    )
    def test_refuses_to_start_half_configured(self, changes: dict[str, str], said: str, tmp_path: Path) -> None:
        environment = dict(os.environ) | {
            "MPP_ENV": "production",
            "ALLOWED_HOSTS": "mpp.example.org",
            "MPP_OFFICE_PHONE": "656 123 4567",
            "SECRET_KEY": "k" * 60,
            "KEYRING_FILE": "/dev/null",
            "BIND": f"127.0.0.1:{any_free_port()}",
        }
        done = subprocess.run(
            GUNICORN, cwd=CHECKOUT, env=environment | changes, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode != 0
        assert said in done.stderr

    def test_collects_static_files_of_which_none_is_missing(self, tmp_path: Path) -> None:
        environment = dict(os.environ) | {
            "MPP_ENV": "production",
            "ALLOWED_HOSTS": "mpp.example.org",
            "MPP_OFFICE_PHONE": "656 123 4567",
            "SECRET_KEY": "k" * 60,
            "KEYRING_FILE": "/dev/null",
            "STATIC_ROOT": str(tmp_path / "static"),
        }
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
        subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, timeout=60)
        assert (tmp_path / "static" / "staticfiles.json").exists()


class NotFollowing(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None
