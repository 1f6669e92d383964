"""Eight tablets that send families of four at once, to the product and to its floor in turn."""

import base64
import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cases.models import Arrival, Household
from demo.bench.http import Browser
from demo.names import BOYS, GIRLS, SURNAMES
from places import zones
from places.models import Crossing
from privacy.sealing import public_key

TABLETS = 8
SYNC = "/tablet/sync/"
PEOPLE = (("F", "34"), ("M", "36"), ("F", "9"), ("M", "4"))


@dataclass(slots=True)
class Logging:
    """What came of it: how long each family took at both, how many were sent, how many are there."""

    page_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)
    sent: list[UUID] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many were answered and are not there."""
        return len(self.sent) - Arrival.objects.filter(uid__in=self.sent).count()

    @property
    def twice(self) -> int:
        """How many are there more than once."""
        return Household.objects.filter(arrivals__uid__in=self.sent).count() - len(set(self.sent))

    @property
    def medians(self) -> tuple[float, float]:
        """Milliseconds at the product and at the floor."""
        return median(self.page_ms), median(self.floor_ms)

    @property
    def p95(self) -> tuple[float, float]:
        """Milliseconds within which 95 of 100 families were received, at the product and at the floor."""
        return quantiles(self.page_ms, n=20)[-1], quantiles(self.floor_ms, n=20)[-1]


def log_families(
    *, product: Callable[[], Browser], floor: Callable[[], Browser], rounds: int, crossing: Crossing, at: datetime
) -> Logging:
    """Let each of eight tablets send `rounds` families, one after the other, to the product and to the floor in turn."""
    found, rng = Logging(), Random(7)
    first = product()
    like = _send(first, SYNC, family(crossing, rng, at), found.sent)[1]
    desks = [(product(), floor()) for _ in range(TABLETS)]
    with ThreadPoolExecutor(TABLETS) as tablets:
        for _ in range(rounds):
            families = [family(crossing, rng, at) for _ in range(2 * TABLETS)]
            ours = tablets.map(lambda desk, family: _send(desk[0], SYNC, family, found.sent)[0], desks, families)
            found.page_ms += list(ours)
            theirs = tablets.map(
                lambda desk, family: _send(desk[1], f"{SYNC}?like={like}", family, [])[0], desks, families[TABLETS:]
            )
            found.floor_ms += list(theirs)
    return found


def _send(browser: Browser, path: str, item: dict[str, Any], sent: list[UUID]) -> tuple[float, str]:
    """Milliseconds until the answer was there, and the household in it."""
    body = json.dumps({"device": str(uuid4()), "device_now": item["written_at"], "items": [item]})
    began = time.perf_counter()
    (answer,) = json.loads(browser.send(path, body))["results"]
    took = (time.perf_counter() - began) * 1000
    if answer["status"] != "received":
        raise RuntimeError(f"a family was answered {answer['status']} ({answer.get('reason')})")
    sent.append(UUID(item["id"]))
    return took, answer["household"]


def family(crossing: Crossing, rng: Random, at: datetime) -> dict[str, Any]:
    """The entry of a family of four, sealed as a tablet seals it."""
    wall = zones.local(at, crossing.zone)
    fields = {
        "size": ["4"],
        "crossing": [str(crossing.pk)],
        "arrived_on": [f"{wall:%Y-%m-%d}"],
        "arrived_time": [f"{wall:%H:%M}"],
        "language": ["spa"],
        "nationality": ["HN"],
        "phone_owner": ["own"],
        "phone": [f"656 2{rng.randrange(10**6):06d}"],
        "notice_read": ["on"],
        "agree_messages": ["yes"],
        "p1-surnames": [f"{rng.choice(SURNAMES)} {rng.choice(SURNAMES)}"],
    }
    for position, (sex, age) in enumerate(PEOPLE, start=1):
        fields |= {
            f"p{position}-given_names": [rng.choice(GIRLS if sex == "F" else BOYS)],
            f"p{position}-sex": [sex],
            f"p{position}-age": [age],
        }
    uid = uuid4()
    return {
        "id": str(uid),
        "kind": "arrival",
        "author": "",
        "written_at": at.isoformat(),
        "untouched_clock": True,
        "sealed": sealed({"fields": fields}, uid=uid, kind="arrival"),
    }


def sealed(content: object, *, uid: UUID | str, kind: str, key: tuple[str, bytes] | None = None) -> dict[str, str]:
    """`content` as JSON in an envelope for the entry `uid`, as a tablet's browser makes it; to the newest key unless told."""
    key_id, spki = key or public_key()
    public = load_der_public_key(spki)
    assert isinstance(public, RSAPublicKey)
    secret, iv = AESGCM.generate_key(256), os.urandom(12)
    data = AESGCM(secret).encrypt(iv, json.dumps(content).encode(), f"{uid}|{kind}".encode())
    wrapped = public.encrypt(secret, OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None))
    parts: Sequence[tuple[str, bytes]] = (("wrapped", wrapped), ("iv", iv), ("data", data))
    return {"key_id": key_id, **{name: base64.b64encode(part).decode() for name, part in parts}}
