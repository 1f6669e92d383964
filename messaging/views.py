"""The door of gateways: no session, no page, one signed call."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from messaging import actions, forgeries
from messaging.callbacks import Call, Ear, News, Unreadable, ear_of

LARGEST_CALL = 256 << 10  # WhatsApp tells of many messages at once, never of this much
GATEWAYS = Actor.system("gateways")


@csrf_exempt
@require_http_methods(["GET", "POST"])
def callback(request: HttpRequest, gateway: str) -> HttpResponse:
    """Hear what `gateway` tells. The answer says nothing of whom it was about, nor whether we knew the message."""
    ear = ear_of(gateway)
    if ear is None:
        raise Http404
    if request.method == "GET":
        return _subscribe(request, gateway)
    if forgeries.are_too_many(request):
        return HttpResponse(status=429)
    body = request.read(LARGEST_CALL + 1)
    if len(body) > LARGEST_CALL:
        return HttpResponse(status=413)
    call = _call_of(request, body, timezone.now())
    if not ear.is_genuine(call):
        forgeries.note(request)
        return HttpResponse(status=403)
    return _heard(ear, call)


def _call_of(request: HttpRequest, body: bytes, now: datetime) -> Call:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(url=f"{settings.PUBLIC_URL}{request.get_full_path()}", headers=headers, body=body, at=now)


def _heard(ear: Ear, call: Call) -> HttpResponse:
    try:
        news = ear.read(call)
    except Unreadable:
        return HttpResponse(status=400)
    _keep(ear.code, news, call)
    return HttpResponse(ear.answer, content_type=ear.answer_type)


def _keep(gateway: str, news: News, call: Call) -> None:
    for receipt in news.receipts:
        actions.note_receipt(gateway=gateway, receipt=receipt, actor=GATEWAYS, at=call.at)
    for heard in news.replies:
        actions.note_reply(gateway=gateway, heard=heard, actor=GATEWAYS, at=call.at)


def _subscribe(request: HttpRequest, gateway: str) -> HttpResponse:
    """WhatsApp asks once, with the word that we gave it, whether this address is ours."""
    word = settings.WHATSAPP["verify"]
    said = request.GET.get("hub.verify_token", "")
    challenge = request.GET.get("hub.challenge", "")
    is_asked = gateway == "whatsapp" and word and constant_time_compare(said, word)
    if not (is_asked and challenge.isalnum() and len(challenge) <= 100):
        raise Http404
    return HttpResponse(challenge, content_type="text/plain")
