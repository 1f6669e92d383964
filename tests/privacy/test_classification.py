"""The declarations that the architecture test holds every model about people to."""

from django.db import models
from django.test.utils import isolate_apps

from cases.models import Person
from core.apps import CoreConfig
from privacy.classification import about_people, classes_of
from privacy.fields import EncryptedTextField


class TestClassesOf:
    @isolate_apps("core")
    def test_sees_what_is_forgotten_doubled_or_misspelt(self) -> None:
        class Slip(models.Model):  # noqa: DJ008
            name = EncryptedTextField()
            step = models.CharField(max_length=9)
            forgotten = models.IntegerField()

            personal_fields = frozenset({"name", "step"})
            open_fields = frozenset({"id", "step", "nmae"})

            class Meta:
                app_label = CoreConfig.name

        classes = classes_of(Slip)
        assert classes.unclassed == {"forgotten"}
        assert classes.in_both == {"step"}
        assert classes.unknown == {"nmae"}


class TestAboutPeople:
    def test_holds_people_and_what_hangs_on_them_but_no_places(self) -> None:
        labels = {model._meta.label for model in about_people()}
        assert {"cases.Person", "cases.Household", "cases.Arrival", "cases.SearchToken"} <= labels
        assert "places.City" not in labels
        assert Person in about_people()
