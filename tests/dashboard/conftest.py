"""A coordinator, for whom Today stands open."""

import pytest

from accounts.roles import Role


@pytest.fixture
def coordinator(actor_in):
    return actor_in(Role.COORDINATOR)
