"""Partner clients and their tokens for tests. Agencies and systems are invented."""

from datetime import UTC, datetime
from hashlib import sha256

import factory
from factory.django import DjangoModelFactory
from oauth2_provider.models import AccessToken, Application

from api.models import PartnerClient
from api.scopes import Scope
from tests.factories.accounts import AgencyFactory

ISSUED_AT = datetime(2021, 12, 8, 17, 55, tzinfo=UTC)
EXPIRES_AT = datetime(2021, 12, 8, 18, 25, tzinfo=UTC)


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application

    name = "test"
    client_type = Application.CLIENT_CONFIDENTIAL
    authorization_grant_type = Application.GRANT_CLIENT_CREDENTIALS
    client_secret = "md5$salt$never-opens"


class PartnerClientFactory(DjangoModelFactory):
    """A client with every scope. `sites=[...]` says where."""

    class Meta:
        model = PartnerClient
        skip_postgeneration_save = True

    application = factory.SubFactory(ApplicationFactory)
    agency = factory.SubFactory(AgencyFactory, code="ayuda", name="Ayuda en la Frontera")
    name = factory.Sequence(lambda number: f"Registry {number}")
    scopes = factory.LazyFunction(lambda: list(Scope.values))
    registered_at = ISSUED_AT

    @factory.post_generation
    def sites(self, create: bool, extracted: object, **kwargs: object) -> None:
        self.sites.set(extracted or [])


class AccessTokenFactory(DjangoModelFactory):
    """A token as the token endpoint leaves it: the row keeps a checksum of `raw`, which the partner holds."""

    class Meta:
        model = AccessToken

    class Params:
        raw = "a-token"
        client = factory.SubFactory(PartnerClientFactory)

    application = factory.SelfAttribute("client.application")
    expires = EXPIRES_AT
    scope = factory.LazyAttribute(lambda token: " ".join(token.client.scopes))
    token = ""
    token_checksum = factory.LazyAttribute(lambda token: sha256(token.raw.encode()).hexdigest())
