"""A test names its kit, and a wrong result is corrected by a second row."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_documents_that_run_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="covidtest",
            name="correction_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("typed", "Written down wrong"),
                    ("mixed_up", "Mixed up with somebody else's"),
                    ("read_wrong", "The kit was read wrong"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="covidtest",
            name="corrects",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="correction", to="cases.covidtest"
            ),
        ),
        migrations.AddField(
            model_name="covidtest",
            name="device",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="covidtest",
            name="lot",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddConstraint(
            model_name="covidtest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("correction_reason", ""), ("corrects__isnull", True)),
                    models.Q(("corrects__isnull", False), models.Q(("correction_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_covidtest_correction_with_its_reason",
            ),
        ),
    ]
