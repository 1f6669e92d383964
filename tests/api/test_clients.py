"""Clients of partner agencies: registered, renewed, closed, and how they get their tokens."""

from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from oauth2_provider.models import AccessToken

from api.actions.clients import (
    ClientNameTaken,
    NamesNeedHouseholds,
    NothingAgreed,
    PlacesNeedSight,
    close_client,
    forget_tokens,
    register_client,
    renew_secret,
)
from api.models import PartnerClient
from api.scopes import Scope
from audit.models import Event, EventType
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.accounts import AgencyFactory
from tests.factories.places import SiteFactory

pytestmark = pytest.mark.django_db
ADMIN = Actor.system("test")


@pytest.fixture
def registered(now: Any) -> tuple[PartnerClient, str]:
    return register_client(
        agency=AgencyFactory(),
        name="Registry",
        sites=[SiteFactory()],
        scopes=[Scope.SHELTERS_READ, Scope.HOUSEHOLDS_READ],
        valid_until=now + timedelta(days=30),
        actor=ADMIN,
        at=now,
    )


FORM = "application/x-www-form-urlencoded"


def ask_token(client: PartnerClient, secret: str, **more: str) -> Any:
    basic = b64encode(f"{client.application.client_id}:{secret}".encode()).decode()
    form = urlencode({"grant_type": "client_credentials", **more})
    return Client().post("/api/token/", form, content_type=FORM, headers={"Authorization": f"Basic {basic}"})


class TestRegisterClient:
    def test_keeps_the_secret_only_as_a_hash(self, registered: Any) -> None:
        client, secret = registered
        client.application.refresh_from_db()
        assert secret not in client.application.client_secret
        assert client.application.client_secret.startswith("pbkdf2_")

    def test_records_who_may_read_what_and_no_secret(self, registered: Any) -> None:
        _, secret = registered
        event = Event.objects.get(type=EventType.CLIENT_REGISTERED)
        assert event.facts["scopes"] == ["households:read", "shelters:read"]
        assert secret not in str(event.facts)

    def test_refuses_those_who_do_not_administer(self, actor_in: Any, now: Any) -> None:
        with pytest.raises(NotAllowed):
            register_client(
                agency=AgencyFactory(),
                name="X",
                sites=[SiteFactory()],
                scopes=[Scope.SHELTERS_READ],
                actor=actor_in("coordinator"),
                at=now,
            )

    def test_refuses_a_name_that_the_agency_has(self, registered: Any, now: Any) -> None:
        with pytest.raises(ClientNameTaken):
            register_client(
                agency=AgencyFactory(),
                name="Registry",
                sites=[SiteFactory()],
                scopes=[Scope.SHELTERS_READ],
                actor=ADMIN,
                at=now,
            )

    def test_refuses_a_client_that_could_do_nothing(self, now: Any) -> None:
        with pytest.raises(NothingAgreed):
            register_client(
                agency=AgencyFactory(), name="X", sites=[], scopes=[Scope.SHELTERS_READ], actor=ADMIN, at=now
            )

    def test_refuses_names_without_households(self, now: Any) -> None:
        with pytest.raises(NamesNeedHouseholds):
            register_client(
                agency=AgencyFactory(),
                name="X",
                sites=[SiteFactory()],
                scopes=[Scope.IDENTITY_READ],
                actor=ADMIN,
                at=now,
            )

    @pytest.mark.parametrize("missing", [Scope.SHELTERS_READ, Scope.HOUSEHOLDS_READ])
    def test_refuses_places_without_sight(self, now: Any, missing: Scope) -> None:
        needed = {Scope.SHELTERS_READ, Scope.HOUSEHOLDS_READ, Scope.STAYS_WRITE}
        told = {"agency": AgencyFactory(), "name": "X", "sites": [SiteFactory()], "actor": ADMIN, "at": now}
        with pytest.raises(PlacesNeedSight):
            register_client(scopes=needed - {missing}, **told)
        assert register_client(scopes=needed, **told)


class TestToken:
    def test_opens_what_was_agreed_for_half_an_hour(self, registered: Any) -> None:
        answer = ask_token(*registered)
        assert answer.status_code == 200
        assert answer.json()["expires_in"] == 1800
        assert set(answer.json()["scope"].split()) == {"households:read", "shelters:read"}
        assert "no-store" in answer["Cache-Control"]
        token = answer.json()["access_token"]
        reading = Client().get("/api/v1/shelters/", headers={"Authorization": f"Bearer {token}"})
        assert reading.status_code == 200

    def test_is_kept_as_a_checksum_only(self, registered: Any) -> None:
        token = ask_token(*registered).json()["access_token"]
        row = AccessToken.objects.get()
        assert row.token == ""
        assert row.token_checksum == sha256(token.encode()).hexdigest()

    def test_may_be_asked_for_less(self, registered: Any) -> None:
        assert ask_token(*registered, scope="shelters:read").json()["scope"] == "shelters:read"

    def test_is_never_given_for_more_than_was_agreed(self, registered: Any) -> None:
        answer = ask_token(*registered, scope="identity:read")
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")

    def test_is_refused_for_a_wrong_secret(self, registered: Any) -> None:
        answer = ask_token(registered[0], "wrong")
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    def test_is_refused_after_the_agreement(self, registered: Any, clock: Any, now: Any) -> None:
        clock.move_to(now + timedelta(days=30))
        assert ask_token(*registered).json()["error"] == "invalid_client"

    @pytest.mark.parametrize("grant", ["password", "authorization_code", "refresh_token", ""])
    def test_comes_by_no_other_grant(self, registered: Any, grant: str) -> None:
        client, secret = registered
        answer = ask_token(client, secret, grant_type=grant, username="x", password="y", code="z")
        assert answer.status_code == 400

    def test_is_not_given_to_what_stands_in_an_address(self, registered: Any) -> None:
        assert Client().post("/api/token/?client_id=x&client_secret=y", "", content_type=FORM).status_code == 400

    def test_is_not_asked_for_without_end(self, settings: Any, registered: Any) -> None:
        rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "address": "2/min"}
        settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
        answers = [Client().post("/api/token/", "", content_type=FORM) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [400, 400, 429]
        assert answers[2]["Content-Type"] == "application/problem+json"
        assert int(answers[2]["Retry-After"]) > 0


class TestRenewSecret:
    def test_ends_the_old_secret_and_its_tokens(self, registered: Any, now: Any) -> None:
        client, old = registered
        token = ask_token(client, old).json()["access_token"]
        new = renew_secret(client=client, actor=ADMIN, at=now)
        assert ask_token(client, old).status_code == 401
        assert ask_token(client, new).status_code == 200
        answer = Client().get("/api/v1/shelters/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


class TestCloseClient:
    def test_ends_its_tokens_at_once(self, registered: Any, now: Any) -> None:
        client, secret = registered
        token = ask_token(client, secret).json()["access_token"]
        close_client(client=client, actor=ADMIN, at=now)
        answer = Client().get("/api/v1/shelters/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        assert ask_token(client, secret).status_code == 401

    def test_records_it_once(self, registered: Any, now: Any) -> None:
        for _ in range(2):
            close_client(client=registered[0], actor=ADMIN, at=now)
        assert Event.objects.filter(type=EventType.CLIENT_CLOSED).count() == 1


class TestCommand:
    def test_registers_renews_lists_and_closes(self, jz: Any) -> None:
        AgencyFactory(code="ayuda")
        said = StringIO()
        call_command(
            *"partner_client register --agency ayuda --name Registry --site JZ --scope shelters:read".split(),
            stdout=said,
            stderr=StringIO(),
        )
        client_id = said.getvalue().split()[2]
        secret = said.getvalue().split()[-1]
        client = PartnerClient.objects.get(application__client_id=client_id)
        assert ask_token(client, secret).status_code == 200
        call_command("partner_client", "renew", client_id, stdout=said, stderr=StringIO())
        call_command("partner_client", "close", client_id, stdout=said)
        call_command("partner_client", "list", stdout=said)
        assert said.getvalue().rstrip().endswith("closed")

    def test_names_what_it_does_not_know(self, jz: Any) -> None:
        with pytest.raises(CommandError, match="no agency"):
            call_command(*"partner_client register --agency none --name X --site JZ --scope shelters:read".split())


class TestForgetTokens:
    def test_drops_those_that_are_over_and_ends_none_that_lasts(self, partner: Any, now: Any) -> None:
        assert forget_tokens(actor=ADMIN, at=now) == 0
        assert partner.get("/api/v1/shelters/").status_code == 200
        assert forget_tokens(actor=ADMIN, at=now + timedelta(minutes=31)) == 1
        assert not AccessToken.objects.exists()
