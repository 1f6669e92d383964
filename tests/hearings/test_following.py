"""What sources said, and what was decided of it, goes along with the people whom a hearing summons."""

from datetime import date, time

import pytest

from cases.following import Passage
from hearings.actions import change_hearing, settle_conflict
from hearings.actions.following import carry_summonses
from hearings.models import Claim, Hearing
from tests.factories.cases import HouseholdFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(officer):
    """The household into which somebody passes."""
    return HouseholdFactory(site_id=min(officer.site_ids), people=1)


@pytest.fixture
def settled(note, change, officer, now, household):
    """Both are summoned; the family remembers another hour; somebody decided that the sheet counts."""
    hearing = change(note(people=household.people.all()), source="returnee", court_time=time(13, 0))
    sheet = hearing.claims.get(source="sheet", fact="court_time")
    return settle_conflict(claim=sheet, reason="Seen again", actor=officer, at=now)


@pytest.fixture
def copy_of(own, household, officer, now):
    """The hearing of `own` after the second of the household passed to it."""

    def act(hearing):
        goer = household.people.order_by("position").last()
        carry_summonses(passage=Passage([goer], household, own, is_whole=False), actor=officer, at=now)
        return Hearing.objects.for_clocks().get(household=own)

    return act


class TestCarrySummonses:
    def test_copies_every_word_and_the_decision_with_what_it_regards(self, settled, copy_of):
        copy = copy_of(settled)
        assert copy.claims.count() == settled.claims.count()
        decision = copy.claims.get(source="decision")
        assert (decision.regards.hearing, decision.regards.source, decision.reason) == (copy, "sheet", "Seen again")

    def test_leaves_the_copy_settled(self, settled, copy_of, officer, now):
        copy = copy_of(settled)
        assert (copy.court_time, copy.conflicts, copy.words(Claim.Fact.COURT_TIME).in_conflict) == (
            time(8, 30),
            [],
            False,
        )
        said = {"source": "lawyer", "said_on": date(2021, 12, 9), "judge": "Hon. Example"}
        assert change_hearing(hearing=copy, **said, actor=officer, at=now).court_time == time(8, 30)

    def test_summons_only_those_who_are_there_when_a_source_names_more(
        self, settled, copy_of, household, own, officer, now
    ):
        copy = copy_of(settled)
        goer = household.people.order_by("position").last()
        type(goer).objects.filter(pk=goer.pk).update(household=own, position=2)
        goer.refresh_from_db()
        said = {"source": "lawyer", "said_on": date(2021, 12, 9), "people": [goer]}
        copy = change_hearing(hearing=copy, **said, actor=officer, at=now)
        assert [each.person for each in copy.summonses.all()] == [goer]
