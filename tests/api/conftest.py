"""Partners for the tests of the API: the day is that of the story, and each partner calls with its own token."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from api.models import PartnerClient
from api.scopes import Scope
from api.throttling import counts
from places.models import Site
from tests.factories.api import AccessTokenFactory, PartnerClientFactory
from tests.factories.places import SiteFactory


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[time_machine.Traveller]:
    """It is the moment of the story, and time stands still."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def clean_counts() -> None:
    """The requests of one test do not count in the next."""
    counts.clear()


@pytest.fixture
def jz(db: None) -> Site:
    """The field site of Ciudad Juárez."""
    return SiteFactory(code="JZ")


class Partner:
    """A partner's system: calls with its bearer token and sends JSON."""

    def __init__(self, client: PartnerClient, token: str) -> None:
        self.client = client
        self.authorization = f"Bearer {token}"
        self.http = Client(headers={"Authorization": self.authorization})

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.http.get(path, **kwargs)

    def post(self, path: str, body: Any, **kwargs: Any) -> Any:
        return self.http.post(path, body, content_type="application/json", **kwargs)


@pytest.fixture
def partner_at(jz: Site) -> Callable[..., Partner]:
    """`partner_at(*sites, scopes=all)`: a partner of its own with a token for these sites (JZ unless told)."""

    def open_partner(*sites: Site, scopes: list[Scope] | None = None) -> Partner:
        client = PartnerClientFactory(sites=sites or [jz], **({"scopes": [str(s) for s in scopes]} if scopes else {}))
        AccessTokenFactory(client=client, raw=f"token-{client.pk}")
        return Partner(client, f"token-{client.pk}")

    return open_partner


@pytest.fixture
def partner(partner_at: Callable[..., Partner]) -> Partner:
    """A partner at Ciudad Juárez with every scope."""
    return partner_at()
