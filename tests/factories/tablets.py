"""What a tablet makes, as its browser makes it. Every name and number is invented."""

import uuid
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from demo.bench.families import sealed
from tablets.models import Conflict, Delivery, Fact
from tests.factories.cases import HouseholdFactory, PersonFactory

__all__ = ["sealed"]

DEVICE = uuid.UUID("7ab1e700-0000-4000-8000-000000000001")
WRITTEN_AT = datetime(2021, 12, 8, 17, 40, tzinfo=UTC)


def item(content: object, *, uid: uuid.UUID | None = None, kind: str = "arrival", **more: Any) -> dict[str, Any]:
    """One entry of an outbox."""
    uid = uid or uuid.uuid4()
    return {
        "id": str(uid),
        "kind": kind,
        "author": "",
        "written_at": WRITTEN_AT.isoformat(),
        "untouched_clock": False,
        "sealed": sealed(content, uid=uid, kind=kind),
        **more,
    }


def batch(*items: dict[str, Any], device_now: datetime) -> dict[str, Any]:
    """What one flush sends."""
    return {"device": str(DEVICE), "device_now": device_now.isoformat(), "items": list(items)}


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    uid = factory.LazyFunction(uuid.uuid4)
    kind = Delivery.Kind.STEP
    device = DEVICE
    author = "1"
    deliverer = "1"
    written_at = WRITTEN_AT
    occurred_at = WRITTEN_AT
    delivered_at = datetime(2021, 12, 8, 18, 0, tzinfo=UTC)
    skew_seconds = 0
    digest = b"\x00" * 32
    household = factory.SubFactory(HouseholdFactory)


class ConflictFactory(DjangoModelFactory):
    class Meta:
        model = Conflict

    delivery = factory.SubFactory(DeliveryFactory)
    household = factory.SelfAttribute("delivery.household")
    person = factory.SubFactory(PersonFactory, household=factory.SelfAttribute("..household"))
    fact = Fact.RESULT
    stands = '"260415000"'
    brought = '"260373001"'
