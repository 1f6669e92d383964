"""WhatsApp's Cloud API. Whoever has not written to us within a day is told only in forms that Meta has approved.

`settings.WHATSAPP["templates"]` names them: by our template and language (`ahead.spa`, `*.spa`), the approved name, its language
and which pieces fill its blanks in order. Without a form the next way is taken.
"""

from typing import Any, ClassVar

from django.conf import settings

from messaging.gateways.base import Gateway, Letter, PermanentFailure, Sent
from messaging.gateways.http import ask, refused

# Rate limits, unavailable, a token that ran out: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
COME_AGAIN = frozenset({1, 2, 4, 190, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016})


class WhatsAppGateway(Gateway):
    """The business number of `settings.WHATSAPP`. It cannot be asked; what it tells later names our tag."""

    code: ClassVar[str] = "whatsapp"
    channels: ClassVar[frozenset[str]] = frozenset({"whatsapp"})
    patience_seconds: ClassVar[float] = 60

    def send(self, letter: Letter) -> Sent:
        """Have the approved form filled and sent."""
        account = settings.WHATSAPP
        answer = ask(
            "POST",
            f"{account['url']}/{account['phone_id']}/messages",
            headers={"Authorization": f"Bearer {account['token']}"},
            json={
                "messaging_product": "whatsapp",
                "to": letter.address.lstrip("+"),
                "type": "template",
                "template": _form(letter),
                "biz_opaque_callback_data": letter.tag,
            },
        )
        if answer.status >= 300:
            error = answer.content.get("error")
            code = error.get("code") if isinstance(error, dict) else None
            refused(answer, code=code, gateway=self.code, come_again=COME_AGAIN)
        return Sent(_ref(answer.content.get("messages")))


def _form(letter: Letter) -> dict[str, Any]:
    templates = settings.WHATSAPP["templates"]
    form = templates.get(f"{letter.template}.{letter.language}") or templates.get(f"*.{letter.language}")
    if form is None:
        raise PermanentFailure("no_template")
    pieces = {"title": letter.title, "body": letter.body, **letter.pieces}
    try:
        blanks = [{"type": "text", "text": pieces[name]} for name in form["params"]]
    except KeyError:
        raise PermanentFailure("template_lacks_piece") from None
    return {
        "name": form["name"],
        "language": {"code": form["language"]},
        "components": [{"type": "body", "parameters": blanks}],
    }


def _ref(messages: Any) -> str:
    first = messages[0] if isinstance(messages, list) and messages else {}
    return str(first.get("id", "")) if isinstance(first, dict) else ""
