"""A shelter, and a reader of English at the pages of shelters."""

import pytest

from accounts.models import User
from tests.factories.shelters import ShelterFactory


@pytest.fixture
def english(client_of):
    def open_browser(role="coordinator", site=None):
        client = client_of(role, site)
        User.objects.update(language="en")
        return client

    return open_browser


@pytest.fixture
def shelter():
    return ShelterFactory()
