"""An officer of the reception of Ciudad Juárez, at the moment of the story."""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from django.test import Client


@pytest.fixture
def officer(client_of: Callable[..., Client], now: datetime) -> object:
    with time_machine.travel(now, tick=False):
        yield client_of("reception")
