import pytest

from audit.models import Event, EventType
from core.errors import NotAllowed
from tests.factories.places import SiteFactory
from tests.factories.words import TemplateFactory
from words.actions import AlreadySigned, NothingChanged, WrittenMeanwhile, sign_text, write_text
from words.book import book, language_for, shipped
from words.models import Template
from words.policies import GivesAway, TooLong, WrongPlaceholders

pytestmark = pytest.mark.django_db
AHEAD = {"purpose": "ahead", "language": "spa", "way": "written"}
TEXT = "Su cita: {weekday} {date}, {time}. Dudas: {office_phone}"


@pytest.fixture
def officer(actor_in):
    return actor_in("hearings", "JZ")


@pytest.fixture
def write(officer, now):
    def act(text=TEXT, *, actor=None, in_plain_letters=True, after=0, **facts):
        given = {**AHEAD, **facts}
        return write_text(
            **given, text=text, in_plain_letters=in_plain_letters, after=after, actor=actor or officer, at=now
        )

    return act


@pytest.fixture
def sign(officer, now):
    return lambda version, **facts: sign_text(**{**AHEAD, **facts}, version=version, actor=officer, at=now)


class TestWriteText:
    def test_keeps_a_draft_that_is_not_said_while_a_signed_text_stands(self, write):
        assert write().version == 1
        assert book()["ahead", "spa", "written"] == shipped()["ahead", "spa", "written"]

    def test_is_said_at_once_where_nobody_has_signed_anything(self, write):
        write("{weekday} {date} {time} {office_phone}", language="hat")
        text = book()["ahead", "hat", "written"]
        assert (text.version, text.is_signed) == (1, False)

    def test_rewrites_no_version(self, write):
        write()
        write("Cita: {date}, {time}. {office_phone}", after=1)
        assert list(Template.objects.order_by("version").values_list("version", "text")) == [
            (1, TEXT),
            (2, "Cita: {date}, {time}. {office_phone}"),
        ]

    def test_records_which_text_and_not_what_it_says(self, write):
        write()
        event = Event.objects.get(type=EventType.WORDS_WRITTEN)
        assert event.facts == {"purpose": "ahead", "language": "spa", "way": "written", "version": 1}

    def test_refuses_one_who_wrote_from_an_older_version(self, write):
        write()
        with pytest.raises(WrittenMeanwhile):
            write("Cita: {date}, {time}. {office_phone}", after=0)

    def test_refuses_what_stands_already(self, write):
        own = shipped()["ahead", "spa", "written"]
        with pytest.raises(NothingChanged):
            write(own.text, in_plain_letters=own.in_plain_letters)

    @pytest.mark.parametrize(
        ("text", "refusal"),
        [
            ("Su audiencia: {date}, {time}. {office_phone}", GivesAway),
            ("Cita de A012345678: {date}, {time}. {office_phone}", GivesAway),
            ("Cita: {date}, {time}. www.ejemplo.org {office_phone}", GivesAway),
            ("Cita en Casa Peregrina: {date}, {time}. {office_phone}", GivesAway),
            ("Cita: {date}. {office_phone}", WrongPlaceholders),
            ("Cita: {date}, {time}", WrongPlaceholders),
            ("Cita: {date}, {time}, {court}. {office_phone}", WrongPlaceholders),
            ("Cita: {date}, {time!r}. {office_phone}", WrongPlaceholders),
            ("Cita: {date}, {time}. {office_phone", WrongPlaceholders),
            ("Cita: {date}, {time}. {} {office_phone}", WrongPlaceholders),
            ("Cita: {date.__class__}, {time}. {office_phone}", WrongPlaceholders),
            ("Cita: {date}, {time}. {office_phone} " + "y más " * 20, TooLong),
        ],
    )
    def test_refuses_what_must_not_go_out(self, write, text, refusal):
        SiteFactory(code="SH-9", name="Casa Peregrina", kind="shelter", parent=SiteFactory(code="JZ"))
        with pytest.raises(refusal):
            write(text)
        assert not Template.objects.exists()

    def test_refuses_an_accent_that_makes_spanish_two_parts_unless_it_is_sent_in_plain_letters(self, write):
        text = "Su cita será el {weekday} {date}, {time}, donde dice su papel. Dudas: {office_phone}"
        with pytest.raises(TooLong):
            write(text, in_plain_letters=False)
        assert write(text, in_plain_letters=True).version == 1

    def test_lets_other_languages_and_spoken_texts_take_their_room(self, write):
        long = "Se yon randevou " * 10 + "{date}, {time}. {office_phone}"
        assert write(long, language="hat").version == 1
        assert write("Buenos días. " * 20 + "{date}, {time}. {office_phone}", way="spoken").in_plain_letters is False

    def test_tells_a_day_to_nobody_who_reads_another_persons_phone(self, write):
        with pytest.raises(WrongPlaceholders):
            write("Llame antes del {date}: {office_phone}", purpose="shared")

    def test_refuses_those_who_do_not_speak_to_returnees(self, write, actor_in):
        with pytest.raises(NotAllowed):
            write(actor=actor_in("reception", "JZ"))


class TestSignText:
    def test_has_the_version_said_from_now_on(self, write, sign, officer):
        write()
        sign(1)
        text = book()["ahead", "spa", "written"]
        assert (text.version, text.is_signed, text.signed_by) == (1, True, officer.name)
        assert Event.objects.filter(type=EventType.WORDS_SIGNED).exists()

    def test_keeps_our_own_text_as_the_first_version(self, sign):
        template = sign(0, language="hat")
        assert (template.version, template.text) == (1, shipped()["ahead", "hat", "written"].text)
        assert book()["ahead", "hat", "written"].is_signed

    def test_counts_for_one_version_only(self, write, sign):
        write()
        sign(1)
        write("Cita: {date}, {time}. {office_phone}", after=1)
        assert book()["ahead", "spa", "written"].version == 1

    def test_refuses_a_version_that_is_no_longer_the_newest(self, write, sign):
        write()
        with pytest.raises(WrittenMeanwhile):
            sign(0)

    def test_refuses_to_sign_twice(self, write, sign):
        write()
        sign(1)
        with pytest.raises(AlreadySigned):
            sign(1)


class TestBook:
    def test_holds_every_text_in_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert set(book()) == set(shipped())

    def test_prefers_the_newest_signature_to_newer_drafts(self):
        TemplateFactory(version=1, text="eins {date} {time} {office_phone}")
        TemplateFactory(version=2, text="zwei {date} {time} {office_phone}")
        TemplateFactory(version=3, signed_at=None, signed_by="")
        assert book()["ahead", "spa", "written"].version == 2

    def test_speaks_spanish_to_those_whose_language_has_no_words_yet(self):
        assert language_for("kek") == "spa"
