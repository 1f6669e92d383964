"""The table of moves and its drawing."""

from io import StringIO

from django.core.management import call_command

from cases.states import MOVES, Step
from tests.architecture.guards import ROOT


def reachable_from(start, moves):
    """Every station that some way from `start` leads to."""
    found, ahead = {start}, [start]
    while ahead:
        for end in moves.get(ahead.pop(), frozenset()):
            if end not in found:
                found.add(end)
                ahead.append(end)
    return found


class TestMoves:
    def test_know_every_station(self):
        assert set(MOVES) == set(Step)
        assert set().union(*MOVES.values()) <= set(Step)

    def test_reach_every_station_from_the_bridge(self):
        assert reachable_from(Step.RECEIVED, MOVES) | {Step.ANNOUNCED} == set(Step)

    def test_lead_back_to_reception_from_everywhere(self):
        assert all(Step.RECEIVED in reachable_from(step, MOVES) for step in Step)

    def test_never_stay_where_they_are(self):
        assert not [step for step, ends in MOVES.items() if step in ends]

    def test_a_station_that_no_way_leads_to_is_noticed(self):
        lonely = {step: ends - {Step.PLACED} for step, ends in MOVES.items()}
        assert Step.PLACED not in reachable_from(Step.RECEIVED, lonely)


class TestDiagram:
    def test_in_the_documents_is_drawn_from_the_table(self):
        drawn = StringIO()
        call_command("diagram", "--print", stdout=drawn)
        assert (ROOT / "docs" / "journey.md").read_text() == drawn.getvalue(), "run: manage.py diagram"
