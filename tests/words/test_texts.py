from datetime import date, datetime, time, timedelta
from itertools import product
from string import Formatter

import pytest
from django.utils import dates, translation

from words.book import is_draft_for, ordinary_words, shipped
from words.discretion import give_away
from words.models import Purpose, Way
from words.rendering import longest, needed_by, worded
from words.segments import outside_gsm7, segments_of
from words.tongues import Surety, tongues

PHONE = "+52 656 000 0000"
# 2022 holds every weekday-month pair; the longest Spanish day is "miércoles 28 de septiembre".
DAYS = [datetime.combine(date(2022, 1, 1), time(4, 30)) + timedelta(days=n) for n in range(365)]
THURSDAY = datetime.combine(date(2021, 12, 16), time(4, 30))
PAIRS = list(product(tongues(), Purpose.values))


def said(purpose, language="spa", wall=THURSDAY, surety=Surety.SURE):
    return worded(shipped()[purpose, language, Way.WRITTEN], wall=wall, surety=surety, phone=PHONE)


class TestOurTexts:
    @pytest.mark.parametrize(("purpose", "surety"), list(product(Purpose.values, Surety)))
    def test_in_spanish_fit_one_part_on_every_day_of_the_year(self, purpose, surety):
        for wall in DAYS:
            body = said(purpose, wall=wall, surety=surety).body
            found = segments_of(body)
            assert (found.encoding, found.count) == ("GSM-7", 1), (outside_gsm7(body), found.units, body)

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_never_give_their_reader_away(self, language, purpose):
        for wall, surety in product(DAYS[::5], Surety):
            words = said(purpose, language, wall, surety)
            assert not give_away(f"{words.title} {words.body}", language=language)

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_hold_what_their_reader_must_know(self, language, purpose):
        text = shipped()[purpose, language, Way.WRITTEN].text
        assert needed_by(purpose) <= {name for _, name, _, _ in Formatter().parse(text) if name}

    @pytest.mark.parametrize("language", tongues())
    def test_say_nothing_on_a_shared_phone(self, language):
        body = said("shared", language).body
        assert PHONE in body
        assert not any(letter.isdigit() for letter in body.replace(PHONE, ""))

    def test_name_weekday_date_and_hour(self):
        body = said("ahead").body
        assert body.startswith("Su cita: jueves 16 de diciembre, 04:30 hora local, donde dice su papel.")
        assert PHONE in body

    def test_mark_an_estimated_hour_and_leave_out_an_unknown_one(self):
        sure, estimated, unknown = (said("tonight", surety=surety).body for surety in Surety)
        assert "04:30 hora local" in sure
        assert "04:30 aprox: confirme la hora" in estimated
        assert "04:30" not in unknown

    def test_are_drafts_beyond_spanish_and_english(self):
        assert [language for language in tongues() if not is_draft_for(language)] == ["spa", "eng"]
        assert is_draft_for("kek")
        assert not is_draft_for("hat", Purpose.values)

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_are_never_longer_than_the_longest(self, language, purpose):
        text = shipped()[purpose, language, Way.WRITTEN]
        _, most = longest(text)
        assert all(
            segments_of(said(purpose, language, wall, surety).body) <= most for wall in DAYS for surety in Surety
        )


class TestWhatIsHeard:
    """A voice reads words, to people who cannot look at them."""

    def heard(self, purpose, language="spa", wall=THURSDAY, surety=Surety.SURE):
        return worded(shipped()[purpose, language, Way.SPOKEN], wall=wall, surety=surety, phone=PHONE).body

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_has_no_figure_and_no_blank_on_any_day_and_hour(self, language, purpose):
        for number, (wall, surety) in enumerate(product(DAYS, Surety)):
            body = self.heard(purpose, language, wall.replace(hour=number % 24, minute=number * 7 % 60), surety)
            assert not [letter for letter in body if letter.isdigit() or letter in "{}+"], body
            assert "  " not in body

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_never_gives_its_listener_away(self, language, purpose):
        for wall, surety in product(DAYS[::15], Surety):
            assert not give_away(self.heard(purpose, language, wall, surety), language=language)

    @pytest.mark.parametrize(("language", "purpose"), PAIRS)
    def test_holds_what_its_listener_must_know(self, language, purpose):
        text = shipped()[purpose, language, Way.SPOKEN].text
        assert needed_by(purpose) <= {name for _, name, _, _ in Formatter().parse(text) if name}

    def test_says_day_hour_and_phone_in_words(self):
        body = self.heard("ahead")
        assert "el jueves dieciséis de diciembre, a las cuatro y treinta de la mañana, hora local, en el lugar" in body
        assert "llame al " + tongues()["spa"].spoken.phone_of(PHONE) in body

    @pytest.mark.parametrize(
        ("language", "hour", "minute", "said"),
        [
            ("spa", 4, 0, "a las cuatro de la mañana"),
            ("spa", 1, 5, "a la una y cinco de la mañana"),
            ("spa", 12, 0, "a las doce del mediodía"),
            ("spa", 20, 59, "a las ocho y cincuenta y nueve de la noche"),
            ("eng", 4, 0, "at four o'clock in the morning"),
            ("eng", 4, 5, "at four oh five in the morning"),
            ("eng", 12, 30, "at twelve thirty in the afternoon"),
            ("por", 13, 0, "à uma hora da tarde"),
            ("fra", 0, 0, "à minuit"),
            ("hat", 4, 30, "a katrè trant nan maten"),
        ],
    )
    def test_says_the_hour_as_people_do(self, language, hour, minute, said):
        assert tongues()[language].spoken.hour_of(THURSDAY.replace(hour=hour, minute=minute)) == said

    def test_says_a_phone_digit_by_digit(self):
        assert tongues()["spa"].spoken.phone_of("656 12 3") == "seis cinco seis, uno dos, tres"

    @pytest.mark.parametrize("language", tongues())
    def test_has_a_word_for_every_number(self, language):
        spoken = tongues()[language].spoken
        assert (len(set(spoken.numbers)), len(set(spoken.days)), len(set(spoken.hours))) == (60, 31, 24)

    def test_is_a_draft_wherever_no_speaker_signed(self):
        drafts = {language for language in tongues() if not shipped()["ahead", language, Way.SPOKEN].is_signed}
        assert drafts == {"por", "hat", "fra"}


class TestCalendars:
    @pytest.mark.parametrize(("language", "tag"), [("spa", "es"), ("eng", "en"), ("por", "pt-br"), ("fra", "fr")])
    def test_agree_with_those_of_the_framework(self, language, tag):
        tongue = tongues()[language]
        with translation.override(tag):
            assert [str(dates.WEEKDAYS[n]).casefold() for n in range(7)] == [day.casefold() for day in tongue.weekdays]
            assert [str(dates.MONTHS[n]).casefold() for n in range(1, 13)] == [
                month.casefold() for month in tongue.months
            ]


class TestGiveAway:
    @pytest.mark.parametrize(
        "text",
        [
            "Vaya a la corte",
            "su ASILO",
            "Su Audiencia es mañana",
            "EE.UU.",
            "los Estados Unidos",
            "the United States",
            "Etazini",
            "programa MPP",
            "OIM le espera",
            "call ICE",
            "in the US",
            "A 012-345-678",
            "A012345678",
            "012345678",
            "caso JZ-4182",
            "tribunal",
            "el albergue",
            "azil",
            "vea www.ejemplo.org",
            "https://x.y/z",
            "bit.ly/abc",
        ],
    )
    def test_finds_what_must_not_be_said(self, text):
        assert give_away(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Su cita: miércoles 15 de diciembre, 04:30",
            "Dudas: 656 000 0000",
            "Llame al +52 656 000 0000",
            "tell us, or ask for ice",
            "cortesía, recorte",
            "coima, doimo, moimpp",
            "Venga hoy.Mañana no",
            "",
        ],
    )
    def test_lets_ordinary_words_pass(self, text):
        assert not give_away(text)

    def test_holds_words_of_one_language_against_that_language(self):
        assert not give_away("Lleve abrigo", language="spa")
        assert give_away("Vá ao abrigo", language="por") == ["abrigo"]
        assert give_away("Lleve abrigo") == ["abrigo"]

    def test_finds_the_names_of_the_family_and_of_a_shelter(self):
        family = {"names": ["María José de la Cruz Ñáñez"], "shelters": ["Casa del Migrante", "Senda de Vida"]}
        assert give_away("Señora Cruz, llame", **family) == ["name"]
        assert give_away("NAÑEZ: llame", **family) == ["name"]
        assert give_away("Le esperan en Senda de Vida", **family) == ["shelter"]
        assert not give_away("la cruz de su papel, de vida", **family)

    def test_takes_no_month_for_a_person(self):
        names = {"names": ["Abril Dudas", "June Salida", "Lleve Domingo"]}
        assert not give_away("Dudas: Abril, June, Domingo. Lleve", **names)
        assert "papeles" in ordinary_words()
