"""Households that stood in isolation before there was a row for it."""

from datetime import timedelta

from django.db import migrations


def open_for_those_isolated(apps, schema_editor):
    """Whoever stands in isolation today is in one that is open, since then, with the 14 days of Hotel Filtro ahead."""
    households = apps.get_model("cases", "Household").objects.filter(step="isolated")
    isolation = apps.get_model("cases", "Isolation")
    isolation.objects.bulk_create(
        isolation(household=each, begun_at=each.step_at, retest_on=each.step_at.date() + timedelta(days=14))
        for each in households.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_taps_that_can_be_taken_back")]

    operations = [migrations.RunPython(open_for_those_isolated, migrations.RunPython.noop)]
