"""The ways out, chosen per channel by `settings.MESSAGE_GATEWAYS`: a name of ours or the dotted path of a class.

Of several gateways the first that carries a channel takes it: `smtp,console` sends e-mail and logs the rest.
"""

from collections.abc import Sequence

from django.conf import settings
from django.utils.module_loading import import_string

from messaging.gateways.base import (
    Fate,
    FateUnknown,
    Gateway,
    GatewayError,
    Letter,
    NotSeen,
    PermanentFailure,
    Sent,
    TemporaryFailure,
    Unknown,
)
from messaging.gateways.console import ConsoleGateway
from messaging.gateways.sms import HttpSmsGateway
from messaging.gateways.smtp import SmtpGateway
from messaging.gateways.twilio import TwilioGateway
from messaging.gateways.whatsapp import WhatsAppGateway

__all__ = [
    "Fate",
    "FateUnknown",
    "Gateway",
    "GatewayError",
    "Letter",
    "NotSeen",
    "PermanentFailure",
    "Sent",
    "TemporaryFailure",
    "Unknown",
    "gateway_for",
]

OURS: dict[str, type[Gateway]] = {
    gateway.code: gateway for gateway in (ConsoleGateway, SmtpGateway, TwilioGateway, HttpSmsGateway, WhatsAppGateway)
}


def gateway_for(channel: str, names: Sequence[str] | None = None) -> Gateway | None:
    """The gateway that carries `channel`, or None when none of those set up does."""
    for name in names if names is not None else settings.MESSAGE_GATEWAYS:
        gateway: type[Gateway] = OURS[name] if name in OURS else import_string(name)
        if channel in gateway.channels:
            return gateway()
    return None
