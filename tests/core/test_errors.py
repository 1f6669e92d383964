"""Refusals and the constraints behind them."""

import pytest
from django.db import IntegrityError

from core.errors import DomainError, NotAllowed, naming_violations
from tests.factories.places import CityFactory, SiteFactory

pytestmark = pytest.mark.django_db


class CodeTaken(DomainError):
    code = "code_taken"
    message = "There is a site with this code."


def second_site_with_the_same_code():
    site = SiteFactory()
    type(site).objects.create(code=site.code, name="x", kind="field", city=CityFactory())


class TestNamingViolations:
    def test_raises_the_refusal_of_the_constraint(self):
        with pytest.raises(CodeTaken), naming_violations({"places_site_code_key": CodeTaken}):
            second_site_with_the_same_code()

    def test_leaves_the_transaction_usable(self):
        with pytest.raises(CodeTaken), naming_violations({"places_site_code_key": CodeTaken}):
            second_site_with_the_same_code()
        assert SiteFactory(code="TJ").pk

    def test_leaves_other_constraints_what_they_are(self):
        with pytest.raises(IntegrityError), naming_violations({"places_site_other": CodeTaken}):
            second_site_with_the_same_code()


class TestDomainError:
    def test_says_its_message(self):
        assert str(CodeTaken()) == "There is a site with this code."

    def test_may_say_it_more_exactly(self):
        assert str(CodeTaken("JZ is taken.")) == "JZ is taken."

    def test_has_a_code_and_a_status(self):
        assert (NotAllowed.code, NotAllowed.http_status) == ("not_allowed", 403)
