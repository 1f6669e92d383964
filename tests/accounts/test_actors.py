"""From an account to an actor."""

import pytest

from accounts.actors import actor_of, standing_of
from accounts.roles import CAPABILITIES, Role
from core.actors import Capability
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.places import ShelterSiteFactory, SiteFactory

pytestmark = pytest.mark.django_db


class TestActorOf:
    def test_works_at_the_site_and_its_shelters_and_nowhere_else(self):
        site, elsewhere = SiteFactory(code="JZ"), SiteFactory(code="TJ")
        shelter, far_shelter = ShelterSiteFactory(parent=site), ShelterSiteFactory(parent=elsewhere)
        actor = actor_of(MembershipFactory(site=site, role=Role.RECEPTION).user)
        assert actor.site_ids == {site.pk, shelter.pk}
        assert not actor.works_at(far_shelter.pk)

    def test_of_a_shelter_desk_does_not_see_the_city(self):
        shelter = ShelterSiteFactory()
        actor = actor_of(MembershipFactory(site=shelter, role=Role.SHELTER).user)
        assert actor.site_ids == {shelter.pk}

    def test_joins_the_capabilities_of_all_roles(self):
        membership = MembershipFactory(role=Role.RECEPTION)
        MembershipFactory(user=membership.user, role=Role.HEARINGS)
        actor = actor_of(membership.user)
        assert actor.capabilities == CAPABILITIES[Role.RECEPTION] | CAPABILITIES[Role.HEARINGS]

    def test_without_a_role_sees_nothing(self):
        actor = actor_of(UserFactory())
        assert (actor.capabilities, actor.site_ids, actor.everywhere) == (frozenset(), frozenset(), False)

    def test_of_data_protection_is_everywhere_and_sees_no_people(self):
        actor = actor_of(MembershipFactory(site=None, role=Role.DPO).user)
        assert actor.everywhere
        assert not actor.can(Capability.SEE_PEOPLE)

    def test_of_someone_who_also_works_at_a_site_is_not_everywhere(self):
        membership = MembershipFactory(site=None, role=Role.DPO)
        MembershipFactory(user=membership.user, role=Role.RECEPTION)
        assert not actor_of(membership.user).everywhere

    def test_costs_one_query(self, django_assert_num_queries):
        user = MembershipFactory().user
        with django_assert_num_queries(1):
            assert standing_of(user).place_name == "Ciudad Juárez"
