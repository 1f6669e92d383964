"""The ears by which gateways are heard, one for each that can tell."""

from django.conf import settings

from messaging.callbacks.base import Call, Ear, Heard, News, Receipt, Told, Unreadable
from messaging.callbacks.sms_http import HttpSmsEar
from messaging.callbacks.twilio import TwilioEar
from messaging.callbacks.whatsapp import WhatsAppEar

__all__ = ["Call", "Ear", "Heard", "News", "Receipt", "Told", "Unreadable", "ear_of"]

EARS: dict[str, Ear] = {ear.code: ear for ear in (TwilioEar(), WhatsAppEar(), HttpSmsEar())}


def ear_of(gateway: str) -> Ear | None:
    """The ear of a gateway that is in use and whose calls can be proved; None for every other name."""
    ear = EARS.get(gateway)
    return ear if ear is not None and gateway in settings.MESSAGE_GATEWAYS and ear.is_set_up() else None
