"""E-mail through a mail server. It cannot be asked later what became of a message, but keeps our Message-ID at every try."""

import smtplib
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from messaging.gateways.base import FateUnknown, Gateway, Letter, PermanentFailure, Sent, TemporaryFailure

PERMANENT_FROM = 500


class SmtpGateway(Gateway):
    """Hands over one message per connection to the server of EMAIL_HOST."""

    code: ClassVar[str] = "smtp"
    channels: ClassVar[frozenset[str]] = frozenset({"email"})

    def send(self, letter: Letter) -> Sent:
        """Until the server was greeted nothing can have been taken; what breaks after that leaves the fate unknown."""
        message_id = f"<{letter.uid}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure("mail_server_unreachable") from error
        try:
            EmailMessage(
                letter.title,
                letter.body,
                to=[letter.address],
                headers={"Message-ID": message_id},
                connection=connection,
            ).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise FateUnknown("mail_server_broke_off") from error
        finally:
            connection.close()
        return Sent(message_id)


def _refusal(code: int) -> TemporaryFailure | PermanentFailure:
    """RFC 5321: 4xx asks to come again, 5xx does not."""
    return PermanentFailure(f"smtp_{code}") if code >= PERMANENT_FROM else TemporaryFailure(f"smtp_{code}")
