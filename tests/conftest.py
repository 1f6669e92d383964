"""What every test may ask for: the moment of the story, actors of any role, signed-in browsers, the reference data."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from accounts.actors import actor_of
from accounts.models import User
from accounts.roles import Role
from core.actors import Actor
from places.models import Site
from privacy import keyring
from shelters.live import FIGURES
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.places import SiteFactory, places_loaded

__all__ = ["places_loaded"]

OVERSEERS = {Role.DPO, Role.ADMINISTRATOR}


@pytest.fixture
def now() -> datetime:
    """8 December 2021, 18:00 UTC, which is 11:00 in Ciudad Juárez: the day of the story."""
    return datetime(2021, 12, 8, 18, 0, tzinfo=UTC)


@pytest.fixture
def reference_data(places_loaded: None) -> None:
    """All cities, ports, crossings, courts and field sites, from the files that production loads."""


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Each test begins in the house's own language, whatever a request of the one before was answered in."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test begins with no answers kept: what it writes without a deed would not be noticed."""
    FIGURES.forget()


@pytest.fixture
def keyring_file(tmp_path: Path, settings: Settings) -> Path:
    """A keyring of the test's own, with one key: whoever changes keys may not change those of the whole run."""
    path = tmp_path / "secret" / "keyring.json"
    settings.KEYRING_FILE = path
    keyring.create(path)
    return path


@pytest.fixture
def staff_in(db: None) -> Callable[..., User]:
    """`staff_in(role, site=None)`: the one account of that role at that site (a Site or its code; JZ unless told).

    Overseers (data protection, administration) work everywhere unless a site is named.
    """

    def find(role: str, site: Site | str | None = None) -> User:
        role = Role(role)
        if site is None and role not in OVERSEERS:
            site = "JZ"
        if isinstance(site, str):
            site = Site.objects.filter(code=site).first() or SiteFactory(code=site)
        user = UserFactory(email=f"{role}-{site.code.lower() if site else 'everywhere'}@staff.example")
        MembershipFactory(user=user, role=role, site=site)
        return user

    return find


@pytest.fixture
def actor_in(staff_in: Callable[..., User]) -> Callable[..., Actor]:
    """`actor_in(role, site=None)`: the actor behind the account of `staff_in`."""
    return lambda role, site=None: actor_of(staff_in(role, site))


@pytest.fixture
def client_of(staff_in: Callable[..., User]) -> Callable[..., Client]:
    """`client_of(role, site=None)`: a browser in which the account of `staff_in` is signed in."""

    def open_browser(role: str, site: Site | str | None = None) -> Client:
        client = Client()
        client.force_login(staff_in(role, site))
        return client

    return open_browser
