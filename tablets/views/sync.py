"""What the outbox of a tablet asks: is the way free, and take this."""

import base64
from uuid import UUID

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audit.actions import record_read
from core.actors import Capability
from core.doors import StaffRequest
from privacy.sealing import public_key
from tablets.answers import answers_to
from tablets.board import board_of
from tablets.doors import tablet_door
from tablets.entries import batch_of
from tablets.version import shell_version


@require_GET
@tablet_door()
def ready(request: StaffRequest) -> JsonResponse:
    """Who is signed in, a fresh token, the server's clock, and the key that entries are sealed to."""
    key_id, key = public_key()
    return JsonResponse(
        {
            "csrf": get_token(request),
            "user": request.actor.id,
            "name": request.actor.name,
            "now": timezone.now().isoformat(),
            "version": shell_version(),
            "key": {"id": key_id, "spki": base64.b64encode(key).decode()},
        }
    )


@require_POST
@tablet_door(Capability.LOG_ARRIVAL, Capability.EDIT_PEOPLE)
def sync(request: StaffRequest) -> JsonResponse:
    """Deliver a batch of entries, and say what became of each."""
    now = timezone.now()
    batch = batch_of(request.body)
    results = [answer.as_json() for answer in answers_to(batch, actor=request.actor, at=now)]
    return JsonResponse({"now": now.isoformat(), "results": results})


@require_GET
@tablet_door(Capability.SEE_PEOPLE)
def board(request: StaffRequest) -> JsonResponse:
    """The households at reception, for a tablet that seals them at once."""
    now = timezone.now()
    found = board_of(actor=request.actor, now=now)
    seen = [UUID(household["uid"]) for household in found["households"]]
    record_read(actor=request.actor, at=now, households=seen, page="tablet")
    return JsonResponse(found)
