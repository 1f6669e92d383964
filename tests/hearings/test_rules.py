from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearings.rules import ESTIMATED, HEARSAY, TRUST, Decision, Doubt, doubts_of, fits, resolve


@dataclass(frozen=True)
class Word:
    source: str
    said_on: date
    value: object
    order: int = 0


EARLY, MIDDLE, LATE = date(2021, 12, 1), date(2021, 12, 4), date(2021, 12, 8)
OFFICIAL = [source for source in TRUST if source not in ESTIMATED | HEARSAY]


class TestResolve:
    def test_shows_nothing_when_nobody_spoke(self):
        assert resolve([]).shown is None

    def test_prefers_any_document_to_an_estimate_however_new(self):
        sheet, rule = Word("sheet", EARLY, "04:30"), Word("rule", LATE, "04:00")
        assert resolve([rule, sheet]).shown is sheet
        assert not resolve([rule, sheet]).in_conflict

    def test_marks_an_estimate_as_one(self):
        assert resolve([Word("rule", LATE, "04:00")]).is_estimated

    def test_prefers_the_newest_word(self):
        notice = Word("notice", LATE, "B")
        assert resolve([Word("nta", EARLY, "A"), notice]).shown is notice

    def test_prefers_the_more_trusted_source_on_the_same_day(self):
        notice = Word("notice", LATE, "B")
        assert resolve([notice, Word("nta", LATE, "A")]).shown is notice

    def test_takes_only_the_latest_word_of_a_source(self):
        words = resolve([Word("eoir", EARLY, "A"), Word("eoir", LATE, "B")])
        assert words.shown.value == "B"
        assert not words.in_conflict

    def test_finds_no_conflict_with_an_older_and_less_trusted_source(self):
        assert not resolve([Word("nta", EARLY, "A"), Word("notice", LATE, "B")]).in_conflict

    @pytest.mark.parametrize("hearsay", sorted(HEARSAY))
    @pytest.mark.parametrize("paper", OFFICIAL)
    def test_shows_what_is_official_before_what_is_heard_and_asks_only_about_what_is_not_older(self, paper, hearsay):
        for said_on, contends in ((EARLY, False), (MIDDLE, True), (LATE, True)):
            words = resolve([Word(paper, MIDDLE, "A"), Word(hearsay, said_on, "B")])
            assert (words.shown.source, words.in_conflict) == (paper, contends)

    def test_shows_what_was_heard_where_no_official_word_speaks(self):
        words = resolve([Word("lawyer", EARLY, "A"), Word("returnee", LATE, "B"), Word("rule", LATE, "C")])
        assert words.shown.source == "returnee"
        assert [word.source for word in words.contending] == ["lawyer"]
        assert resolve([Word("lawyer", LATE, "A"), Word("returnee", LATE, "B")]).shown.source == "lawyer"

    def test_finds_a_conflict_with_an_older_but_more_trusted_source(self):
        words = resolve([Word("eoir", EARLY, "A"), Word("sheet", LATE, "B")])
        assert words.shown.value == "B"
        assert [word.source for word in words.contending] == ["eoir"]

    def test_lets_an_announcement_speak_of_all_that_was_official_before(self):
        assert not resolve([Word("eoir", EARLY, "A"), Word("announced", LATE, "B")]).in_conflict
        assert resolve([Word("announced", EARLY, "A"), Word("returnee", LATE, "B")]).in_conflict

    def test_takes_a_decided_word_for_an_official_one(self):
        decided, paper = Word("returnee", MIDDLE, "B", 2), Word("sheet", EARLY, "A", 1)
        decision = Decision(decided, 3)
        assert resolve([paper, decided], decision).shown is decided
        later = [Word("lawyer", LATE, "C", 4), Word("returnee", LATE, "D", 5), Word("nta", EARLY, "E", 6)]
        words = resolve([paper, decided, *later], decision)
        assert words.shown is decided
        assert {word.value for word in words.contending} == {"C", "D", "E"}
        assert resolve([decided, Word("sheet", LATE, "F", 7)], decision).shown.value == "F"

    def test_finds_a_conflict_on_the_same_day(self):
        assert resolve([Word("sheet", LATE, "A"), Word("lawyer", LATE, "B")]).in_conflict

    def test_names_those_who_agree(self):
        words = resolve([Word("sheet", LATE, "A"), Word("eoir", LATE, "A")])
        assert [word.source for word in words.agreeing] == ["sheet"]

    @given(
        st.lists(
            st.builds(
                Word,
                st.sampled_from(TRUST),
                st.dates(EARLY, LATE),
                st.sampled_from("AB"),
                st.integers(0, 10_000),
            ),
            unique_by=lambda word: word.order,
        ),
        st.randoms(),
    )
    def test_does_not_depend_on_the_order_in_which_words_are_read(self, words, random):
        shuffled = list(words)
        random.shuffle(shuffled)
        assert resolve(words).shown == resolve(shuffled).shown
        assert {*resolve(words).contending} == {*resolve(shuffled).contending}

    @given(
        st.lists(
            st.builds(Word, st.sampled_from(TRUST), st.dates(EARLY, LATE), st.sampled_from("AB"), st.integers(0, 99)),
            min_size=1,
        )
    )
    def test_never_shows_an_estimate_beside_a_document(self, words):
        documented = any(word.source not in ESTIMATED for word in words)
        assert resolve(words).is_estimated is not documented

    @given(
        st.lists(
            st.builds(Word, st.sampled_from(TRUST), st.dates(EARLY, LATE), st.sampled_from("AB"), st.integers(0, 99)),
            min_size=1,
            unique_by=lambda word: word.order,
        )
    )
    def test_never_shows_anything_else_beside_an_official_word_nor_lets_older_hearsay_contend(self, words):
        found = resolve(words)
        official = [word for word in words if word.source in OFFICIAL]
        if official:
            assert found.shown.source in OFFICIAL
            assert found.shown.said_on == max(word.said_on for word in official)
            heard = [word for word in found.contending if word.source in HEARSAY]
            assert all(word.said_on >= found.shown.said_on for word in heard)


COURT_AT = datetime(2021, 12, 16, 15, 30, tzinfo=UTC)


class TestFits:
    @pytest.mark.parametrize(("hours", "fitting"), [(0, True), (4, True), (48, True), (49, False), (-1, False)])
    def test_holds_within_two_days_before_the_hearing(self, hours, fitting):
        assert fits(COURT_AT - timedelta(hours=hours), COURT_AT) is fitting


class TestDoubtsOf:
    def test_warns_of_a_weekend_and_of_the_past(self):
        found = doubts_of(
            court_on=date(2021, 12, 18),
            court_at=datetime(2021, 12, 18, 15, 30, tzinfo=UTC),
            report_at=None,
            now=datetime(2022, 1, 1, tzinfo=UTC),
        )
        assert found == (Doubt.WEEKEND, Doubt.PAST)

    def test_warns_when_the_bridge_is_more_than_a_day_before_the_court(self):
        found = doubts_of(
            court_on=date(2021, 12, 16),
            court_at=COURT_AT,
            report_at=COURT_AT - timedelta(hours=25),
            now=COURT_AT - timedelta(9),
        )
        assert found == (Doubt.LONG_GAP,)

    def test_says_nothing_about_an_ordinary_hearing(self):
        assert not doubts_of(
            court_on=date(2021, 12, 16),
            court_at=COURT_AT,
            report_at=COURT_AT - timedelta(hours=4),
            now=COURT_AT - timedelta(9),
        )
