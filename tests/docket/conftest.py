"""The officer for hearings of Ciudad Juárez."""

import pytest


@pytest.fixture
def officer(actor_in):
    return actor_in("hearings", "JZ")
