"""How messages leave and who may tell of them, from the environment: `settings` takes its gateways from here.

Addresses of gateways come from here alone; nothing that a person or a partner writes becomes one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Environment = Mapping[str, str]

# What each gateway cannot do without.
NEEDED = {
    "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"),
    "sms_http": ("SMS_HTTP_URL", "SMS_HTTP_FIELDS"),
    "whatsapp": ("WHATSAPP_PHONE_ID", "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_TEMPLATES"),
}


def gateways(environment: Environment) -> list[str]:
    """The gateways to use, in their order. Refuses those that lack a setting: half set up is found at the start, not at night."""
    names = [name.strip() for name in environment.get("MPP_GATEWAYS", "console").split(",") if name.strip()]
    missing = [each for name in names for each in NEEDED.get(name, ()) if not environment.get(each)]
    if missing:
        raise ImproperlyConfigured(f"MPP_GATEWAYS names a gateway that needs {', '.join(missing)}.")
    return names


def twilio(environment: Environment) -> dict[str, str]:
    """Twilio's account; texts go by the messaging service where one is named."""
    return {
        "url": environment.get("TWILIO_URL", "https://api.twilio.com").rstrip("/"),
        "account": environment.get("TWILIO_ACCOUNT_SID", ""),
        "token": environment.get("TWILIO_AUTH_TOKEN", ""),
        "from": environment.get("TWILIO_FROM", ""),
        "messaging_service": environment.get("TWILIO_MESSAGING_SERVICE_SID", ""),
    }


def sms_http(environment: Environment) -> dict[str, Any]:
    """A text service that takes JSON; `fields` have blanks such as {address}. `secret` signs what it tells us."""
    return {
        "url": environment.get("SMS_HTTP_URL", ""),
        "fields": _json(environment, "SMS_HTTP_FIELDS"),
        "token": environment.get("SMS_HTTP_TOKEN", ""),
        "key_header": environment.get("SMS_HTTP_KEY_HEADER", ""),
        "secret": environment.get("SMS_HTTP_SECRET", ""),
    }


def whatsapp(environment: Environment) -> dict[str, Any]:
    """WhatsApp's business number and the forms that Meta has approved for it."""
    return {
        "url": environment.get("WHATSAPP_URL", "https://graph.facebook.com/v23.0").rstrip("/"),
        "phone_id": environment.get("WHATSAPP_PHONE_ID", ""),
        "token": environment.get("WHATSAPP_TOKEN", ""),
        "secret": environment.get("WHATSAPP_APP_SECRET", ""),
        "verify": environment.get("WHATSAPP_VERIFY_TOKEN", ""),
        "templates": _json(environment, "WHATSAPP_TEMPLATES"),
    }


def public_url(environment: Environment, hosts: Sequence[str], production: bool) -> str:
    """The address at which gateways reach us, without a slash at its end."""
    ours = f"https://{hosts[0]}" if production else "http://localhost:8000"
    return (environment.get("MPP_PUBLIC_URL") or ours).rstrip("/")


def _json(environment: Environment, name: str) -> Any:
    try:
        return json.loads(environment.get(name) or "{}")
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not JSON.") from None
