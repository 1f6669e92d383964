from datetime import timedelta

import pytest

from core.actors import Actor
from messaging.composing import Draft, Skip, _composers, composes
from messaging.sweeping import sweep
from tests.factories.messaging import MessageFactory


@pytest.fixture
def sweeper():
    return Actor.system("messages")


@pytest.fixture
def gateway_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MPP_TEST_GATEWAY_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def keyed(settings, gateway_folder):
    """A gateway that honours our key; its folder."""
    settings.MESSAGE_GATEWAYS = ["tests.faults.gateways.KeyedGateway"]
    return gateway_folder


@pytest.fixture
def forgetful(settings, gateway_folder):
    """A gateway that cannot be asked; its folder."""
    settings.MESSAGE_GATEWAYS = ["tests.faults.gateways.KeyedGateway"]
    (gateway_folder / "forgetful").touch()
    return gateway_folder


@pytest.fixture(autouse=True)
def words():
    """The composer of purpose `test`: messages say what a test puts here for their rung, else the draft."""
    said = {"draft": Draft(channel="sms", address="+526561230000", language="spa", body="Lleve sus papeles.")}

    @composes("test")
    def compose(messages, actor, at):
        return [word(message) for message in messages]

    def word(message):
        draft = said.get(message.rung, said["draft"])
        if isinstance(draft, Exception):
            raise draft
        return draft

    yield said
    del _composers["test"]


@pytest.fixture
def skip():
    return Skip("superseded")


class Clock:
    """A clock that tests move by hand."""

    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        return self.moment

    def pass_(self, **span):
        self.moment += timedelta(**span)


@pytest.fixture
def clock(now):
    return Clock(now)


@pytest.fixture
def run(sweeper, clock):
    """`run(senders=6)`: one sweep at the clock's moment; how many messages it handled."""
    return lambda **options: sweep(actor=sweeper, clock=clock, **options)


@pytest.fixture
def message(now):
    """A message that is due."""
    return MessageFactory(purpose="test", due_at=now - timedelta(minutes=1))
