"""The geometry of what the pages draw, and that nothing a person typed becomes markup."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.look import (
    Age,
    ClockFace,
    Condition,
    Light,
    Occupancy,
    Pill,
    PlanStep,
    SourceLine,
    State,
    Tag,
    TwoClocks,
    age_of,
    duration,
    initials,
    wait_of,
)

JUAREZ, EL_PASO, NOGALES = "America/Ciudad_Juarez", "America/Denver", "America/Hermosillo"
AT_THE_BRIDGE = datetime(2021, 12, 17, 11, 30, tzinfo=UTC)  # 04:30 in Ciudad Juárez
MET: tuple[State, ...] = ("met",) * 6
KEYS = ("hearing", "document", "test", "seat", "gate", "minors")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def draw(template: str, **context: object) -> str:
    return Template("{% load look %}" + template).render(Context(context))


def light(*states: State, verdict: str = "stop", **words: str) -> Light:
    conditions = [
        Condition(key, key.title(), state, "because", "owner") for key, state in zip(KEYS, states, strict=True)
    ]
    return Light(verdict, "Cannot leave yet", "summary", conditions, **words)


class TestClockFace:
    def test_reads_the_clock_of_its_own_city(self):
        assert ClockFace(AT_THE_BRIDGE, JUAREZ, "Ciudad Juárez").time == "04:30"
        assert ClockFace(AT_THE_BRIDGE, "America/Matamoros", "Matamoros").time == "05:30"

    def test_hands_point_where_a_watch_points(self):
        face = ClockFace(AT_THE_BRIDGE, JUAREZ, "Ciudad Juárez")
        assert (face.hour_angle, face.minute_angle) == (135, 180)
        assert face.hour_hand == "M12 12L15.82 15.82"
        assert face.minute_hand == "M12 12L12.00 20.40"

    @pytest.mark.parametrize(
        ("hour", "is_night"), [(0, True), (6, True), (7, False), (12, False), (18, False), (19, True), (23, True)]
    )
    def test_is_dark_before_seven_and_from_seven(self, hour, is_night):
        assert ClockFace(datetime(2021, 12, 17, hour, 59, tzinfo=UTC), "UTC", "x").night is is_night

    def test_an_estimate_is_marked_and_covers_the_night(self):
        face = ClockFace(AT_THE_BRIDGE, JUAREZ, "Ciudad Juárez", estimated=True)
        assert (face.time, face.css) == ("≈ 04:30", "est")

    def test_a_conflict_is_marked_before_an_estimate(self):
        assert ClockFace(AT_THE_BRIDGE, JUAREZ, "x", estimated=True, conflict=True).time == "≠ 04:30"

    def test_an_unknown_time_is_a_dash_without_hands(self):
        face = ClockFace(None, JUAREZ, "Ciudad Juárez")
        assert face.time == "—"
        drawing = draw("{% dial face %}", face=face)
        assert "hh" not in drawing
        assert "est" in drawing


class TestTwoClocks:
    def clocks(self, difference: int = 0, **facts: object) -> TwoClocks:
        bridge = ClockFace(AT_THE_BRIDGE, JUAREZ, "Ciudad Juárez")
        court = ClockFace(AT_THE_BRIDGE + timedelta(hours=4), EL_PASO, "El Paso")
        return TwoClocks(bridge, court, "Paso del Norte", "El Paso court", "first", 240, difference, **facts)

    def test_the_bridge_comes_before_the_court(self):
        page = draw("{% clocks clocks %}", clocks=self.clocks())
        assert page.index("04:30") < page.index("08:30")
        assert "Ciudad Juárez time" in page
        assert "both clocks read the same" in page

    def test_says_which_city_is_ahead_when_the_clocks_differ(self):
        assert self.clocks(60).ahead == "El Paso is 1\u00a0h ahead of Ciudad Juárez"
        assert self.clocks(-60).ahead == "Ciudad Juárez is 1\u00a0h ahead of El Paso"
        assert self.clocks().ahead == ""

    def test_gives_the_hour_where_the_family_sleeps(self):
        page = draw("{% clocks clocks %}", clocks=self.clocks(sleeper=ClockFace(AT_THE_BRIDGE, NOGALES, "Nogales")))
        assert "it will be 04:30 in Nogales" in page

    def test_names_the_source_of_each_time(self):
        page = draw("{% clocks clocks %}", clocks=self.clocks(bridge_sources=[SourceLine("phone", "the lawyer")]))
        assert "the lawyer" in page
        assert "#phone" in page

    def test_the_small_clocks_say_bridge_and_court(self):
        page = draw("{% two_times clocks %}", clocks=self.clocks())
        assert [page.index(word) for word in ("04:30", "bridge", "08:30", "court")] == sorted(
            page.index(word) for word in ("04:30", "bridge", "08:30", "court")
        )


class TestLight:
    def test_the_ring_is_that_of_the_design(self):
        sectors = light("confirm", "met", "missing", "met", "met", "met").sectors
        assert sectors[0].half == "M13.27 1.68A10.4 10.4 0 0 1 17.04 2.90"
        assert sectors[0].rest == "M17.04 2.90A10.4 10.4 0 0 1 20.31 5.74"
        assert sectors[1].full == "M21.57 7.94A10.4 10.4 0 0 1 21.57 16.06"
        assert (sectors[2].dot_x, sectors[2].dot_y) == ("17.20", "21.01")
        assert sectors[5].full == "M3.69 5.74A10.4 10.4 0 0 1 10.73 1.68"

    def test_each_state_has_its_own_form_so_that_colour_is_not_needed(self):
        page = draw("{% ring light 'big' %}", light=light("met", "confirm", "missing", "none", "none", "none"))
        assert page.count('class="k ok"') == 1
        assert page.count('class="k warn"') == 1
        assert page.count('class="dot"') == 1
        assert page.count('class="tr"') == 4

    def test_without_conditions_six_thin_lines(self):
        page = draw("{% ring light 'big' %}", light=Light("none", "No hearing"))
        assert page.count('class="tr"') == 6
        assert "x-ring na" in page

    def test_the_word_in_lists_is_the_reason_not_the_colour(self):
        assert light("met", "met", "missing", "met", "met", "met").short == "Missing: test"
        assert light("confirm", *MET[1:], verdict="warn").short == "To confirm: hearing"
        assert light(*MET, verdict="ok").short == "Cannot leave yet"
        assert light(*MET, word="Ready").short == "Ready"

    def test_what_is_missing_stands_first_among_the_reasons(self):
        page = draw("{% light light %}", light=light("confirm", "met", "missing", "met", "met", "met"))
        assert page.index("Test") < page.index("Hearing") < page.index("Document")
        assert "Six conditions" in page


class TestOccupancy:
    def test_all_bars_share_one_scale(self):
        bar = Occupancy(120, 96, 6, 0, 18, 0)
        assert (bar.limit, bar.inside, bar.held_x, bar.held_width) == ("74.1%", "59.3%", "59.3%", "3.7%")
        assert bar.label == "96 of 120, 6 held, 18 free"

    def test_people_beyond_the_capacity_are_drawn_beyond_the_line(self):
        bar = Occupancy(80, 105, 0, 0, 0, 25)
        assert (bar.inside, bar.over_width) == ("74.1%", "23.1%")
        assert bar.label == "105 of 80, 25 over"

    def test_never_runs_off_its_track(self):
        bar = Occupancy(150, 400, 20, 10, 0, 250)
        assert float(bar.limit[:-1]) + float(bar.over_width[:-1]) <= 100.05
        assert (bar.held_width, bar.blocked_width) == ("0.0%", "0.0%")

    def test_draws_a_place_without_capacity(self):
        assert draw("{% occupancy bar %}", bar=Occupancy(0, 3, over=3))
        assert draw("{% occupancy bar %}", bar=Occupancy(0, 0))

    def test_numbers_keep_their_point_in_spanish(self):
        with translation.override("es"):
            assert 'width="59.3%"' in draw("{% occupancy bar %}", bar=Occupancy(120, 96))


class TestPlan:
    def test_marks_the_bridge_as_the_anchor_and_estimates_as_such(self):
        page = draw(
            "{% plan steps %}",
            steps=[PlanStep("04:30", "Bridge", anchor=True), PlanStep("08:30", "Court", estimated=True)],
        )
        assert '<li class="anchor">' in page
        assert "≈ 08:30" in page


class TestAges:
    NOW = datetime(2021, 12, 16, 21, 7, tzinfo=UTC)  # 14:07 in Ciudad Juárez

    @pytest.mark.parametrize(
        ("past", "words", "tone"),
        [
            (timedelta(seconds=20), "just now", "fresh"),
            (timedelta(minutes=12), "12 min ago", "fresh"),
            (timedelta(hours=3, minutes=5), "3 h ago", "hours"),
            (timedelta(hours=13), "today 01:07", "old"),
            (timedelta(hours=17), "yesterday 21:07", "old"),
        ],
    )
    def test_says_how_old_a_figure_is(self, past, words, tone):
        assert age_of(self.NOW - past, self.NOW, JUAREZ) == Age(self.NOW - past, words, tone)

    def test_nothing_is_drawn_for_a_figure_that_nobody_counted(self):
        assert draw("{% age moment now %}", moment=None, now=self.NOW) == "\n"

    @pytest.mark.parametrize(("minutes", "css"), [(38, ""), (89, ""), (90, "warn"), (179, "warn"), (180, "stop")])
    def test_a_long_wait_asks_for_attention(self, minutes, css):
        assert wait_of(self.NOW - timedelta(minutes=minutes), self.NOW).css == css

    def test_durations_are_short(self):
        assert [duration(n) for n in (38, 60, 115, 240, 2880, 9841)] == [
            "38 min",
            "1 h",
            "1 h 55",
            "4 h",
            "2 d",
            "6 d 20 h",
        ]


class TestEscaping:
    """Whatever somebody typed stays text."""

    NASTY = '<i>"x"</i>'

    @pytest.mark.parametrize(
        ("template", "fact"),
        [
            ("{% pill fact %}", Pill("ok", "check", NASTY)),
            ("{% tag fact %}", Tag("bed", NASTY)),
            ("{% note 'ok' 'check' fact %}", NASTY),
            ("{% empty 'bed' fact %}", NASTY),
            ("{% ring fact %}", Light("ok", NASTY)),
            ("{% light fact %}", Light("ok", NASTY, NASTY, [Condition("test", NASTY, "met", NASTY, NASTY)])),
            ("{% plan fact %}", [PlanStep("04:30", NASTY, NASTY)]),
            ("{% occupancy bar fact %}", NASTY),
            ("{% icon fact %}", NASTY),
        ],
    )
    def test_markup_in_a_fact_is_shown_not_run(self, template, fact):
        page = draw(template, fact=fact, bar=Occupancy(1, 1))
        assert "<i>" not in page
        assert "&lt;i&gt;" in page


class SheetForm(forms.Form):
    name = forms.CharField(help_text="as on the sheet")
    sex = forms.ChoiceField(choices=[("f", "Woman"), ("m", "Man")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(choices=[("d", "Doctor")], widget=forms.CheckboxSelectMultiple, required=False)
    consent = forms.BooleanField(required=False, label="Consents")
    city = forms.ChoiceField(choices=[("jz", "Juárez")])


class TestField:
    def test_label_help_and_error_are_tied_to_the_control(self):
        form = SheetForm({})
        page = draw("{% field form.name %}", form=form)
        assert '<label class="form-label" for="id_name">Name</label>' in page
        assert 'aria-describedby="id_name_helptext id_name_error"' in page
        assert 'id="id_name_error"' in page
        assert 'aria-invalid="true"' in page

    def test_radio_buttons_become_a_touch_choice(self):
        page = draw("{% seg form.sex %}", form=SheetForm())
        assert page.count('type="radio"') == 2
        assert "<legend>Sex</legend>" in page
        assert 'class="x-seg"' in page

    def test_several_answers_wrap(self):
        assert 'class="x-seg wrap"' in draw("{% field form.needs %}", form=SheetForm())

    def test_a_page_may_use_its_own_words(self):
        page = draw("{% field form.name label='Surname' help='' %}", form=SheetForm())
        assert "Surname" in page
        assert "helptext" not in page

    def test_single_boxes_and_lists_have_their_controls(self):
        assert 'type="checkbox"' in draw("{% field form.consent %}", form=SheetForm())
        assert 'class="form-select"' in draw("{% field form.city %}", form=SheetForm())


class TestInitials:
    def test_are_two_letters_at_most(self):
        assert [initials(name) for name in ("Maribel Ontiveros Paz", "ana", "", "7 x")] == ["MO", "A", "?", "X"]
