"""A household that sleeps apart, until when, and why it ended."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_a_test_names_its_kit_and_may_be_corrected"),
    ]

    operations = [
        migrations.CreateModel(
            name="Isolation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("detected", "Positive test"),
                            ("symptoms", "Symptoms"),
                            ("contact", "Contact with somebody who was positive"),
                        ],
                        default="detected",
                        max_length=10,
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[("together", "Together"), ("split", "Apart, with their consent")],
                        max_length=10,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("retest_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("negative", "Negative retest"),
                            ("days_done", "The days are done"),
                            ("corrected", "The result was corrected"),
                            ("left", "They left"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="isolation",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="isolations", to="cases.household"
            ),
        ),
        migrations.AddIndex(
            model_name="isolation",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["retest_on", "id"],
                name="cases_isolation_retest",
            ),
        ),
        migrations.AddConstraint(
            model_name="isolation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("household",),
                name="cases_isolation_one_open_per_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="isolation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ending", "")),
                    models.Q(("ended_at__gte", models.F("begun_at")), models.Q(("ending", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_isolation_end_with_its_reason",
            ),
        ),
    ]
