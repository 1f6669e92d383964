"""Agencies and staff for tests. Names and addresses are invented."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import Agency, Membership, User
from accounts.roles import Role
from tests.factories.places import SiteFactory


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency
        django_get_or_create = ("code",)

    code = "grupo-beta"
    name = "Grupo Beta"


class UserFactory(DjangoModelFactory):
    """A member of staff without a role, who can sign in only by `force_login` until given a password."""

    class Meta:
        model = User
        django_get_or_create = ("email",)

    email = factory.Sequence(lambda number: f"staff-{number}@staff.example")
    name = "Maribel Ontiveros"
    agency = factory.SubFactory(AgencyFactory)
    language = "es"
    password = "!"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership
        django_get_or_create = ("user", "site", "role")

    user = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)
    role = Role.RECEPTION
