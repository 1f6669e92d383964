"""The languages of returnees."""

import pycountry

from places import languages


class TestLanguages:
    def test_are_all_in_iso_639_3(self) -> None:
        assert all(pycountry.languages.get(alpha_3=code) for code in languages.LANGUAGES)

    def test_hold_the_languages_of_the_field(self) -> None:
        wanted = "acr cac cak eng fra gsm hat hds jac kek kjb knj mam mfs por quc que rus spa"
        assert " ".join(sorted(languages.LANGUAGES)) == wanted
