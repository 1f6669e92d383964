import socket
import uuid
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller

from messaging.gateways import FateUnknown, Letter, PermanentFailure, TemporaryFailure, Unknown, gateway_for
from messaging.gateways.console import ConsoleGateway
from messaging.gateways.smtp import SmtpGateway

UID = uuid.UUID(int=7)
LETTER = Letter(
    uid=UID,
    tag=f"{UID}.0",
    channel="email",
    address="reyna@correo.example",
    language="spa",
    title="Recordatorio",
    body="Lleve sus papeles. Mañana, 04:30.",
    handed_at=datetime(2021, 12, 8, 18, tzinfo=UTC),
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Desk:
    """A real mail server's handler that answers as told."""

    def __init__(self):
        self.mails, self.rcpt, self.data = [], "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        if self.data == "break":
            server.transport.abort()
        return self.data


@pytest.fixture
def mail_server(settings):
    desk, port = Desk(), free_port()
    controller = Controller(desk, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield desk
    controller.stop()


class TestSmtpGateway:
    def test_hands_over_one_mail_that_bears_our_id(self, mail_server):
        sent = SmtpGateway().send(LETTER)
        (mail,) = mail_server.mails
        assert sent.ref == f"<{UID}@example.org>"
        assert f"Message-ID: {sent.ref}".encode() in mail.content
        assert mail.rcpt_tos == ["reyna@correo.example"]

    def test_bears_the_same_id_at_every_try(self, mail_server):
        SmtpGateway().send(LETTER)
        SmtpGateway().send(LETTER)
        assert all(str(UID).encode() in mail.content for mail in mail_server.mails)

    def test_comes_again_when_the_server_asks_to(self, mail_server):
        mail_server.rcpt = "451 greylisted"
        with pytest.raises(TemporaryFailure) as caught:
            SmtpGateway().send(LETTER)
        assert caught.value.code == "smtp_451"

    def test_gives_up_when_the_address_does_not_exist(self, mail_server):
        mail_server.rcpt = "550 no such user"
        with pytest.raises(PermanentFailure) as caught:
            SmtpGateway().send(LETTER)
        assert "reyna" not in str(caught.value)

    def test_does_not_claim_to_know_when_the_line_breaks_after_the_words(self, mail_server):
        mail_server.data = "break"
        with pytest.raises(FateUnknown):
            SmtpGateway().send(LETTER)

    def test_comes_again_when_no_server_is_there(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        with pytest.raises(TemporaryFailure):
            SmtpGateway().send(LETTER)

    def test_cannot_be_asked(self):
        assert SmtpGateway().lookup(LETTER) == Unknown()


class TestConsoleGateway:
    def test_says_that_a_message_went_and_neither_to_whom_nor_what(self, caplog):
        caplog.set_level("INFO")
        ConsoleGateway().send(LETTER)
        assert str(UID) in caplog.text
        assert "reyna" not in caplog.text
        assert "papeles" not in caplog.text


class TestGatewayFor:
    def test_takes_the_first_that_carries_the_channel(self):
        assert gateway_for("email", ["smtp", "console"]).code == "smtp"
        assert gateway_for("sms", ["smtp", "console"]).code == "console"
        assert gateway_for("sms", ["smtp"]) is None

    def test_takes_a_class_by_its_path(self):
        assert gateway_for("sms", ["tests.faults.gateways.KeyedGateway"]).code == "keyed"
