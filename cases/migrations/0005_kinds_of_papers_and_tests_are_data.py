"""Kinds of papers and of tests are lines of a data file; the codes stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_aid_at_reception"),
    ]

    operations = [
        migrations.AlterField(
            model_name="covidtest",
            name="kind",
            field=models.CharField(default="94558-4", max_length=8),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(max_length=16),
        ),
    ]
