import pytest

from messaging.models import Reply
from messaging.understanding import understand

Meaning = Reply.Meaning


class TestUnderstand:
    @pytest.mark.parametrize(
        ("text", "meaning"),
        [
            ("Sí", Meaning.YES),
            ("SI!!", Meaning.YES),
            ("ok, gracias", Meaning.YES),
            ("Yes.", Meaning.YES),
            ("Sim, obrigada", Meaning.YES),
            ("Wi", Meaning.YES),
            ("Mwen dakò", Meaning.YES),
            ("AYUDA", Meaning.HELP),
            ("Ayuda por favor estoy en la terminal", Meaning.HELP),
            ("Help!", Meaning.HELP),
            ("socorro", Meaning.HELP),
            ("Mwen bezwen èd", Meaning.HELP),
            ("Èd", Meaning.HELP),
            ("STOP", Meaning.STOP),
            ("stop sending these", Meaning.STOP),
            ("Alto", Meaning.STOP),
            ("Ya no quiero mensajes por favor", Meaning.STOP),
            ("baja", Meaning.STOP),
            ("parar", Meaning.STOP),
            ("don't text me", Meaning.STOP),
            ("Sispann", Meaning.STOP),
            ("Pa voye mesaj ankò", Meaning.STOP),
            ("Número equivocado", Meaning.WRONG),
            ("numero equivocado, no conozco a nadie", Meaning.WRONG),
            ("Wrong number", Meaning.WRONG),
            ("número errado", Meaning.WRONG),
            ("move nimewo", Meaning.WRONG),
        ],
    )
    def test_knows_one_plain_word_in_four_languages(self, text, meaning):
        assert understand(text) is meaning

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "👍",
            "Si no puedo ir, ¿qué hago?",
            "Yes but my daughter is sick",
            "cancelar mi cita",
            "Baja California",
            "No",
            "¿Quién es?",
            "no pude parar el camión",
            "gracias",
            "1",
        ],
    )
    def test_leaves_everything_else_to_a_person(self, text):
        assert understand(text) is Meaning.UNCLEAR
