"""Who acts."""

import pytest

from core.actors import Actor, ActorKind, Capability


class TestActor:
    def test_of_the_system_may_do_all_everywhere(self):
        actor = Actor.system("reminders")
        assert all(actor.can(capability) for capability in Capability)
        assert actor.works_at(12345)
        assert actor.works_at(None)

    def test_may_do_nothing_unless_told(self):
        actor = Actor(kind=ActorKind.STAFF, id="1", name="Rosa")
        assert not any(actor.can(capability) for capability in Capability)
        assert not actor.works_at(1)
        assert not actor.works_at(None)

    def test_works_at_its_sites(self):
        actor = Actor(kind=ActorKind.STAFF, id="1", name="Rosa", site_ids=frozenset({7}))
        assert actor.works_at(7)
        assert not actor.works_at(8)

    def test_is_not_changed_on_the_way(self):
        with pytest.raises(AttributeError):
            Actor.system("reminders").everywhere = False  # type: ignore[misc]
