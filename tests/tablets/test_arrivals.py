"""Households that were logged without network: they land once, whole, or say why not."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit.models import Event, EventType
from cases.models import Arrival, Consent, Household, Person
from core.actors import Actor
from privacy import keyring
from privacy.sealing import public_key
from tablets.models import Delivery
from tests.factories import tablets
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

Make = Callable[..., dict[str, Any]]
Flush = Callable[..., list[dict[str, Any]]]
Browser = Callable[..., Client]


class TestDeliverArrival:
    def test_lands_as_from_the_page(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        entry = arrival()
        (answer,) = flush(client_of("reception"), entry)
        household = Household.objects.get()
        assert answer == {
            "id": entry["id"],
            "status": "received",
            "household": str(household.uid),
            "code": household.code,
        }
        mother, son = Person.objects.all()
        assert (mother.phone, mother.a_number, son.surnames) == ("+526561234567", "012345678", "Funes Amador")
        assert str(Arrival.objects.get().uid) == entry["id"]
        assert set(Consent.objects.filter(is_given=True).values_list("purpose", flat=True)) == {
            "reception",
            "messages",
            "partners",
        }

    def test_sent_again_after_a_lost_answer_says_the_same_and_writes_nothing(
        self, client_of: Browser, arrival: Make, flush: Flush
    ) -> None:
        client, entry = client_of("reception"), arrival()
        (first,), (second,) = flush(client, entry), flush(client, entry)
        assert (second["status"], second["code"]) == ("again", first["code"])
        assert (Household.objects.count(), Delivery.objects.count()) == (1, 1)
        assert Event.objects.filter(type=EventType.ENTRY_DELIVERED).count() == 1

    def test_logged_from_the_page_meanwhile_is_the_same_household(
        self, client_of: Browser, arrival: Make, fields: dict[str, list[str]], flush: Flush
    ) -> None:
        client, uid = client_of("reception"), uuid.uuid4()
        client.post("/arrivals/new/", fields | {"uid": [str(uid)]})
        (answer,) = flush(client, arrival(uid))
        assert answer["household"] == str(Household.objects.get().uid)

    def test_a_correction_after_a_lost_answer_is_not_dropped_silently(
        self, client_of: Browser, arrival: Make, flush: Flush
    ) -> None:
        client, uid = client_of("reception"), uuid.uuid4()
        flush(client, arrival(uid))
        (answer,) = flush(client, arrival(uid, **{"p2-given_names": ["Kevin Josué"]}))
        household = Household.objects.get()
        assert (answer["status"], answer["url"]) == ("conflict", f"/households/{household.uid}/")
        assert answer["reason"] == "delivered_differently"

    def test_says_what_is_wrong_by_field_and_keeps_nothing(
        self, client_of: Browser, arrival: Make, flush: Flush
    ) -> None:
        wrong = {"p1-a_number": ["123"], "phone": ["12"], "crossing": ["0"]}
        (answer,) = flush(client_of("reception"), arrival(**wrong))
        assert (answer["status"], answer["reason"]) == ("refused", "invalid")
        assert set(answer["errors"]) == set(wrong)
        assert not Household.objects.exists()
        assert not Delivery.objects.exists()

    def test_corrected_it_lands_under_the_same_id(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        client, uid = client_of("reception"), uuid.uuid4()
        flush(client, arrival(uid, phone=["12"]))
        (answer,) = flush(client, arrival(uid))
        assert answer["status"] == "received"

    def test_a_bad_entry_harms_no_other(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        good, bad, damaged = arrival(), arrival(phone=["12"]), {"id": "?", "kind": "arrival"}
        answers = flush(client_of("reception"), damaged, bad, good)
        assert [answer["status"] for answer in answers] == ["refused", "refused", "received"]
        assert [answer["reason"] for answer in answers[:2]] == ["bad_entry", "invalid"]
        assert Household.objects.count() == 1

    @pytest.mark.parametrize("content", [[], {}, {"fields": []}, {"fields": {"size": [2]}}, {"fields": {"size": None}}])
    def test_content_in_no_known_form_is_refused(self, client_of: Browser, flush: Flush, content: object) -> None:
        (answer,) = flush(client_of("reception"), tablets.item(content))
        assert (answer["status"], answer["reason"]) == ("refused", "bad_entry")


class TestTheEnvelope:
    def reasons(self, answers: list[dict[str, Any]]) -> list[str]:
        assert not Household.objects.exists()
        return [answer["reason"] for answer in answers]

    @pytest.mark.parametrize("part", ["data", "wrapped", "iv"])
    def test_changed_on_its_way_does_not_open(self, client_of: Browser, arrival: Make, flush: Flush, part: str) -> None:
        entry = arrival()
        text = entry["sealed"][part]
        entry["sealed"][part] = ("B" if text[0] == "A" else "A") + text[1:]
        assert self.reasons(flush(client_of("reception"), entry)) == ["not_opened"]

    @pytest.mark.parametrize("part", ["data", "wrapped", "iv", "key_id"])
    @pytest.mark.parametrize("wrong", [None, "", "***", 7])
    def test_in_no_known_form_is_refused(
        self, client_of: Browser, arrival: Make, flush: Flush, part: str, wrong: object
    ) -> None:
        entry = arrival()
        entry["sealed"][part] = wrong
        assert self.reasons(flush(client_of("reception"), entry))[0] in ("not_opened", "unknown_key")

    def test_of_another_entry_does_not_open(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        one, other = arrival(), arrival()
        assert self.reasons(flush(client_of("reception"), one | {"sealed": other["sealed"]})) == ["not_opened"]

    def test_of_another_kind_does_not_open(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        assert self.reasons(flush(client_of("reception"), arrival() | {"kind": "step"})) == ["not_opened"]

    def test_sealed_to_a_key_that_nobody_has_is_refused(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        entry = arrival()
        entry["sealed"]["key_id"] = "0" * 16
        assert self.reasons(flush(client_of("reception"), entry)) == ["unknown_key"]

    def test_sealed_to_an_older_key_opens_until_that_is_retired(
        self, keyring_file: Path, client_of: Browser, arrival: Make, flush: Flush
    ) -> None:
        client = client_of("reception")
        old, _key = public_key()
        before, late = arrival(), arrival()
        new = keyring.add_sealing_key(keyring_file)
        assert public_key()[0] == new
        assert flush(client, before)[0]["status"] == "received"
        keyring.retire_sealing_key(keyring_file, old)
        assert flush(client, late)[0]["reason"] == "unknown_key"
        assert flush(client, before)[0]["status"] == "again"


class TestWhoMayDeliver:
    def test_author_and_deliverer_are_kept_apart(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        author = UserFactory(name="Norma Idalia Prado")
        flush(client_of("reception"), arrival(outside={"author": str(author.pk)}))
        delivery, event = Delivery.objects.get(), Event.objects.get(type=EventType.ENTRY_DELIVERED)
        assert delivery.author == str(author.pk) == event.facts["author"]
        assert delivery.deliverer == event.actor_id != delivery.author

    @pytest.mark.parametrize("author", ["999999", "nobody", "\x00", ["1"], "9" * 90])
    def test_an_author_who_is_nobody_is_left_open(
        self, client_of: Browser, arrival: Make, flush: Flush, author: object
    ) -> None:
        flush(client_of("reception"), arrival(outside={"author": author}))
        assert Delivery.objects.get().author == ""

    def test_the_deliverer_needs_the_site_whoever_wrote_it(
        self, client_of: Browser, actor_in: Callable[..., Actor], arrival: Make, flush: Flush
    ) -> None:
        forged = {"author": actor_in("reception", "JZ").id}
        (answer,) = flush(client_of("reception", "TJ"), arrival(outside=forged))
        assert (answer["status"], answer["reason"]) == ("refused", "invalid")
        assert "crossing" in answer["errors"]
        assert not Delivery.objects.exists()

    def test_a_role_that_logs_no_arrivals_is_refused(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        (answer,) = flush(client_of("protection"), arrival())
        assert (answer["status"], answer["reason"]) == ("refused", "not_allowed")
        assert not Household.objects.exists()

    def test_replayed_by_somebody_elsewhere_tells_nothing(
        self, client_of: Browser, arrival: Make, flush: Flush
    ) -> None:
        entry = arrival()
        flush(client_of("reception"), entry)
        (answer,) = flush(client_of("reception", "TJ"), entry)
        assert answer["status"] == "again"
        assert not {"household", "code"} & set(answer)


class TestTwoClocks:
    def test_a_clock_that_is_days_off_is_set_right(
        self, client_of: Browser, arrival: Make, flush: Flush, now: datetime
    ) -> None:
        for skew in (timedelta(days=3), timedelta(days=-900), timedelta(days=365 * 51)):
            device_now = now - skew
            written = device_now - timedelta(hours=2)
            (answer,) = flush(
                client_of("reception"),
                arrival(outside={"written_at": written.isoformat(), "untouched_clock": True}),
                device_now=device_now,
            )
            assert answer["status"] == "received", answer
            delivery = Delivery.objects.latest("pk")
            assert delivery.skew_seconds == skew.total_seconds()
            assert delivery.written_at == written
            arrived = Arrival.objects.get(uid=delivery.uid)
            assert arrived.occurred_at == delivery.occurred_at == now - timedelta(hours=2)
            assert arrived.recorded_at > arrived.occurred_at

    def test_what_was_typed_stands(self, client_of: Browser, arrival: Make, flush: Flush, now: datetime) -> None:
        flush(client_of("reception"), arrival(arrived_time=["09:15"]), device_now=now - timedelta(days=3))
        assert Arrival.objects.get().occurred_at == datetime(2021, 12, 8, 16, 15, tzinfo=UTC)

    def test_nothing_comes_from_the_future(
        self, client_of: Browser, arrival: Make, flush: Flush, now: datetime
    ) -> None:
        """The tablet's clock ran ahead when it wrote and was set right before it sent."""
        ahead = {"written_at": (now + timedelta(days=2)).isoformat(), "untouched_clock": True}
        flush(client_of("reception"), arrival(outside=ahead))
        assert Arrival.objects.get().occurred_at == now

    def test_a_typed_time_to_come_is_refused(self, client_of: Browser, arrival: Make, flush: Flush) -> None:
        (answer,) = flush(client_of("reception"), arrival(arrived_time=["23:50"]))
        assert set(answer["errors"]) == {"arrived_time"}

    @pytest.mark.parametrize(
        ("moment", "status"), [("9999-12-31T23:59:59+00:00", "received"), ("0001-01-01T00:00:00+00:00", "refused")]
    )
    def test_a_clock_beyond_all_time_breaks_nothing(
        self, client_of: Browser, arrival: Make, flush: Flush, moment: str, status: str
    ) -> None:
        (answer,) = flush(
            client_of("reception"),
            arrival(outside={"written_at": moment, "untouched_clock": True}),
            device_now=datetime(2000, 1, 1, tzinfo=UTC),
        )
        assert answer["status"] == status
