"""The rules of a house, what its guests were counted as, and whom nobody has counted; one index for the past."""

import django.contrib.postgres.fields
import django.db.models.deletion
import privacy.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """House rules, counts and requests to count."""

    dependencies = [
        ("cases", "0017_access_ends_only_where_it_was_granted"),
        ("places", "0001_initial"),
        ("shelters", "0002_the_database_judges_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("confirmed", "Stays confirmed"),
                            ("roll_call", "Roll call"),
                            ("reported", "Headcount reported"),
                        ],
                        max_length=10,
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                ("stays", models.PositiveIntegerField()),
                ("away", models.PositiveIntegerField(default=0)),
                ("counted_at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agrees", "It agreed with the stays"),
                            ("corrected", "The stays were corrected"),
                            ("miscounted", "The count was wrong"),
                            ("unknown", "People sleep there who have no file with us"),
                            ("again", "Counted again"),
                        ],
                        max_length=10,
                    ),
                ),
                ("settled_by", models.CharField(blank=True, max_length=80)),
                ("note", privacy.fields.EncryptedTextField(default="")),
            ],
        ),
        migrations.CreateModel(
            name="CountRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="shelter",
            name="count_off",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name="shelter",
            name="counted_basis",
            field=models.CharField(
                blank=True,
                choices=[
                    ("confirmed", "Stays confirmed"),
                    ("roll_call", "Roll call"),
                    ("reported", "Headcount reported"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="shelter",
            name="gate_closes",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="gate_opens",
            field=models.TimeField(null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="shelter",
            name="max_stay_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="min_stay_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="services",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=12), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="shelter",
            name="takes_pets",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="shelter",
            name="test_within_days",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="unit",
            name="is_lgbtq_safe",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="unit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("family", "Families"),
                    ("women", "Women"),
                    ("men", "Men"),
                    ("mixed", "Everyone"),
                    ("minors", "Unaccompanied minors"),
                    ("isolation", "Isolation"),
                ],
                default="mixed",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="stay",
            index=models.Index(
                condition=models.Q(("ends_at__isnull", False)),
                fields=["unit", "ends_at"],
                name="shelters_stay_ended_in_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gate_closes__isnull", True), ("gate_opens__isnull", True)),
                    models.Q(
                        ("gate_closes__isnull", False),
                        ("gate_opens__isnull", False),
                        models.Q(("gate_opens", models.F("gate_closes")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="shelters_shelter_gate_opens_and_closes",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_stay_days__isnull", True),
                    ("max_stay_days__isnull", True),
                    ("max_stay_days__gte", models.F("min_stay_days")),
                    _connector="OR",
                ),
                name="shelters_shelter_longest_stay_after_shortest",
            ),
        ),
        migrations.AddField(
            model_name="count",
            name="shelter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="counts", to="shelters.shelter"
            ),
        ),
        migrations.AddField(
            model_name="countrequest",
            name="shelter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="count_requests", to="shelters.shelter"
            ),
        ),
        migrations.AddIndex(
            model_name="count",
            index=models.Index(fields=["shelter", "-counted_at"], name="shelters_count_newest"),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.UniqueConstraint(
                condition=models.Q(("settled_at__isnull", True)),
                fields=("shelter",),
                name="shelters_count_one_unsettled_per_shelter",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("settled_by", ""), ("settled_how", "")),
                    models.Q(
                        ("settled_at__isnull", False),
                        models.Q(("settled_how", ""), _negated=True),
                        models.Q(("settled_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="shelters_count_settled_with_how_and_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="count",
            constraint=models.CheckConstraint(
                condition=models.Q(("away__lte", models.F("stays"))), name="shelters_count_away_are_of_its_stays"
            ),
        ),
        migrations.AddConstraint(
            model_name="countrequest",
            constraint=models.UniqueConstraint(fields=("shelter", "asked_on"), name="shelters_countrequest_once_a_day"),
        ),
        # Counts that were noted before had one sense only.
        migrations.RunSQL(
            "UPDATE shelters_shelter SET counted_basis = 'confirmed' WHERE counted_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
