"""Who may be the same person, and why."""

from datetime import date

import pytest

from audit.actions import dispatch_pending
from cases.actions.arrivals import record_arrival
from cases.actions.likeness import note_likenesses, tell_apart
from cases.actions.merging import Same, merge_people
from cases.actions.people import PersonEntry
from cases.likeness import LIKELY, Reason, alike, likely_same, look_for
from cases.models import Likeness
from core.actors import Actor
from core.errors import NotAllowed
from tests.factories.cases import HouseholdFactory, PersonFactory
from tests.factories.places import SiteFactory

SOMEBODY = PersonEntry(
    given_names="José Ángel",
    surnames="Muñoz de la Cruz",
    birth_date=date(1988, 4, 7),
    sex="M",
    nationality="HN",
    a_number="012345678",
    phone="+526561234567",
)


def other(**changes):
    fields = {name: getattr(SOMEBODY, name) for name in ("given_names", "surnames", "birth_date", "sex", "nationality")}
    return PersonEntry(**{**fields, **changes})


class TestAlike:
    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            (other(a_number="A 12 345 678", given_names="X Y", surnames="Z W"), Reason.A_NUMBER),
            (other(given_names="JOSE ANGEL", surnames="MUNOZ CRUZ"), Reason.NAME),
            (other(given_names="Muñoz de la Cruz", surnames="José Ángel"), Reason.NAME),
            (other(surnames="Muñoz"), Reason.NAME),
            (other(given_names="Jose Anjel", surnames="Munos de la Crus"), Reason.NAME_ALIKE),
            (other(), Reason.BIRTH),
            (other(birth_date=date(1988, 7, 4)), Reason.BIRTH_TURNED),
            (other(birth_date=date(1989, 7, 1), birth_is_estimated=True), Reason.AGE_ALIKE),
            (other(phone="656 123 4567"), Reason.PHONE),
            (other(), Reason.NATIONALITY),
        ],
    )
    def test_finds_likely_and_says_why(self, entry, reason):
        found = alike(SOMEBODY, entry)
        assert found.score >= LIKELY
        assert reason in found.reasons

    @pytest.mark.parametrize(
        ("entry", "reason"),
        [
            (other(given_names="Wilmer Adán", surnames="Paz Ordóñez"), Reason.OTHER_NAME),
            (other(birth_date=date(1961, 1, 30)), Reason.OTHER_BIRTH),
            (other(sex="F", birth_date=None), Reason.OTHER_SEX),
            (other(a_number="099999999", birth_date=None), Reason.OTHER_A_NUMBER),
            (other(nationality="GT", birth_date=None), Reason.OTHER_NATIONALITY),
        ],
    )
    def test_says_what_speaks_against_it(self, entry, reason):
        found = alike(SOMEBODY, entry)
        assert found.score < LIKELY
        assert reason in found.reasons

    def test_an_a_number_settles_it_whatever_else_differs(self):
        found = alike(SOMEBODY, PersonEntry(given_names="Ana Luz", surnames="Ríos Paz", sex="F", a_number="012345678"))
        assert found.score == 100
        assert found.reasons[0] == Reason.A_NUMBER
        assert Reason.OTHER_NAME in found.reasons

    def test_says_the_same_from_both_ends(self):
        entry = other(surnames="Muñoz", birth_date=date(1989, 1, 1))
        assert alike(SOMEBODY, entry) == alike(entry, SOMEBODY)

    def test_what_is_unknown_says_nothing(self):
        assert alike(PersonEntry(), SOMEBODY).reasons == ()
        assert alike(PersonEntry(given_names="José"), SOMEBODY).score == 0


@pytest.mark.django_db
class TestLikelySame:
    def test_finds_those_whom_the_actor_may_see_best_first(self, actor_in):
        site = SiteFactory(code="JZ")
        same = PersonFactory(household__site=site, a_number="012345678")
        near = PersonFactory(household__site=site)
        PersonFactory(household__site=SiteFactory(code="TJ"))
        found = likely_same(
            PersonEntry(
                given_names="Dayanara Lizet",
                surnames="Funes Amador",
                birth_date=date(1990, 3, 5),
                a_number="012345678",
            ),
            actor=actor_in("reception"),
        )
        assert [one.person for one in found] == [same, near]
        assert found[0].score == 100

    def test_says_that_somebody_stands_elsewhere_and_nothing_of_them_among_those_here(self, actor_in):
        there = PersonFactory(household__site=SiteFactory(code="TJ"))
        seen = look_for(there, actor=actor_in("reception", "JZ"))
        assert seen.here == []
        assert seen.elsewhere == there

    def test_is_not_sure_of_somebody_elsewhere_by_half_a_name(self, actor_in):
        PersonFactory(household__site=SiteFactory(code="TJ"))
        entry = PersonEntry(given_names="Dayanara", surnames="Funes")
        assert look_for(entry, actor=actor_in("reception", "JZ")).elsewhere is None

    def test_costs_three_queries(self, actor_in, django_assert_max_num_queries):
        for _ in range(12):
            PersonFactory(household__site=SiteFactory(code="JZ"))
        actor = actor_in("reception")
        entry = PersonEntry(given_names="Dayanara Lizeth", surnames="Funes Amador")
        with django_assert_max_num_queries(3):
            look_for(entry, actor=actor)


@pytest.mark.django_db
class TestNoteLikenesses:
    def test_keeps_each_pair_once_with_its_reasons(self, now):
        one, two = PersonFactory(), PersonFactory()
        for person in (one, two):
            note_likenesses(people=[person], actor=Actor.system("likeness"), at=now)
        pair = Likeness.objects.get()
        assert (pair.one, pair.other) == (one, two)
        assert {"name", "birth"} <= set(pair.reasons)

    def test_leaves_a_family_that_shares_a_name_alone(self, now):
        household = HouseholdFactory()
        father = PersonFactory(household=household, birth_date=date(1980, 1, 1))
        PersonFactory(household=household, position=2, relation="child", birth_date=date(2012, 1, 1))
        assert note_likenesses(people=[father], actor=Actor.system("likeness"), at=now) == 0

    def test_follows_an_arrival(self, actor_in, now):
        known = PersonFactory(household__site=SiteFactory(code="JZ"))
        entry = PersonEntry(given_names="Dayanara", surnames="Funes Amador", birth_date=known.birth_date)
        record_arrival(
            uid=known.uid,
            site=known.household.site,
            crossing=None,
            people=[entry],
            language="spa",
            occurred_at=now,
            actor=actor_in("reception"),
            at=now,
        )
        dispatch_pending(at=now)
        assert Likeness.objects.get().one == known

    def test_is_seen_only_by_those_who_see_both(self, actor_in, now):
        people = [PersonFactory(household__site=SiteFactory(code=code)) for code in ("JZ", "TJ")]
        note_likenesses(people=people, actor=Actor.system("likeness"), at=now)
        assert Likeness.objects.count() == 1
        assert not Likeness.objects.visible_to(actor_in("coordinator", "JZ")).exists()


@pytest.mark.django_db
class TestTellApart:
    def test_is_remembered_and_never_offered_again(self, actor_in, now):
        one, two = PersonFactory(), PersonFactory()
        officer = actor_in("reception")
        note_likenesses(people=[one, two], actor=Actor.system("likeness"), at=now)
        tell_apart(one=two, other=one, actor=officer, at=now)
        note_likenesses(people=[one, two], actor=Actor.system("likeness"), at=now)
        assert Likeness.objects.get().judged_at == now
        assert not Likeness.objects.visible_to(officer).open().exists()

    def test_refuses_those_of_another_city(self, actor_in, now):
        with pytest.raises(NotAllowed):
            tell_apart(one=PersonFactory(), other=PersonFactory(), actor=actor_in("reception", "TJ"), at=now)

    def test_a_merged_pair_waits_for_nobody(self, actor_in, now):
        one, two = PersonFactory(), PersonFactory(household__site=SiteFactory(code="JZ"))
        note_likenesses(people=[one], actor=Actor.system("likeness"), at=now)
        merge_people(pairs=[Same(kept=one, other=two)], actor=actor_in("reception"), at=now)
        assert not Likeness.objects.open().exists()
