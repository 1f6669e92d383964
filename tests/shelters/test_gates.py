"""Noting that somebody opens the gate of a shelter at night."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.roles import Role
from audit.models import Event, EventType
from core.errors import NotAllowed
from shelters.actions.gates import keep_gate_shut, note_gate_opening
from shelters.models import GateOpening
from tests.factories.shelters import GateOpeningFactory, ShelterFactory

pytestmark = pytest.mark.django_db
OPENS_AT = datetime(2021, 12, 16, 10, 20, tzinfo=UTC)


@pytest.fixture
def desk(actor_in, shelter):
    return actor_in(Role.SHELTER, shelter.site)


class TestNoteGateOpening:
    def test_is_noted_once_however_often_it_is_said(self, shelter, desk, now):
        first = note_gate_opening(shelter=shelter, opens_at=OPENS_AT, actor=desk, at=now)
        assert note_gate_opening(shelter=shelter, opens_at=OPENS_AT, actor=desk, at=now) == first
        assert Event.objects.filter(type=EventType.GATE_OPENING_NOTED).count() == 1

    def test_is_not_for_others(self, shelter, actor_in, now):
        for role, site in ((Role.HEARINGS, shelter.site), (Role.SHELTER, ShelterFactory().site)):
            with pytest.raises(NotAllowed):
                note_gate_opening(shelter=shelter, opens_at=OPENS_AT, actor=actor_in(role, site), at=now)


class TestKeepGateShut:
    def test_takes_back_whoever_opened_for_those_who_pass_then(self, shelter, desk, now):
        ten_before = GateOpeningFactory(shelter=shelter, opens_at=OPENS_AT - timedelta(minutes=10))
        long_before = GateOpeningFactory(shelter=shelter, opens_at=OPENS_AT - GateOpening.OPEN_FOR)
        elsewhere = GateOpeningFactory(opens_at=OPENS_AT)
        keep_gate_shut(shelter=shelter, opens_at=OPENS_AT, actor=desk, at=now)
        assert set(GateOpening.objects.standing()) == {long_before, elsewhere}
        assert (
            Event.objects.get(type=EventType.GATE_OPENING_WITHDRAWN).facts["opens_at"]
            == ten_before.opens_at.isoformat()
        )

    def test_is_not_for_others(self, shelter, actor_in, now):
        with pytest.raises(NotAllowed):
            keep_gate_shut(shelter=shelter, opens_at=OPENS_AT, actor=actor_in(Role.HEARINGS), at=now)


class TestGateOpening:
    @pytest.mark.parametrize(("minutes", "is_open"), [(-1, False), (0, True), (29, True), (30, False)])
    def test_serves_for_half_an_hour_from_its_moment(self, minutes, is_open):
        opening = GateOpening(opens_at=OPENS_AT)
        assert opening.serves(OPENS_AT + timedelta(minutes=minutes)) is is_open

    def test_is_seen_by_those_who_see_the_shelter(self, shelter, desk, actor_in):
        GateOpeningFactory(shelter=shelter)
        GateOpeningFactory()
        assert GateOpening.objects.visible_to(desk).count() == 1
        assert not GateOpening.objects.visible_to(actor_in(Role.DPO)).exists()
