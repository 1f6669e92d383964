"""Pairs that look alike, and what was merged."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_a_file_can_be_merged_into_another"),
    ]

    operations = [
        migrations.CreateModel(
            name="Likeness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("score", models.PositiveSmallIntegerField()),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("a_number", "The same A-number"),
                                ("name", "The same name"),
                                ("name_alike", "Names almost alike"),
                                ("birth", "The same birth date"),
                                ("birth_turned", "Birth dates with day and month swapped"),
                                ("age_alike", "About the same age"),
                                ("phone", "The same phone"),
                                ("nationality", "The same nationality"),
                                ("other_a_number", "Different A-numbers"),
                                ("other_name", "Different names"),
                                ("other_birth", "Different birth dates"),
                                ("other_sex", "Different sex"),
                                ("other_nationality", "Different nationalities"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("judged_at", models.DateTimeField(null=True)),
                ("judged_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "verbose_name_plural": "likenesses",
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("carried", models.JSONField(default=dict)),
                ("merged_at", models.DateTimeField()),
                ("merged_by", models.CharField(max_length=80)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["-merged_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MergedPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carried", models.JSONField(default=dict)),
                (
                    "pointers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "filled",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "merged people",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="likeness",
            name="one",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.person"),
        ),
        migrations.AddField(
            model_name="likeness",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.person"),
        ),
        migrations.AddField(
            model_name="merge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.household"
            ),
        ),
        migrations.AddField(
            model_name="merge",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.household"
            ),
        ),
        migrations.AddField(
            model_name="mergedperson",
            name="kept",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
        ),
        migrations.AddField(
            model_name="mergedperson",
            name="merge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="people", to="cases.merge"
            ),
        ),
        migrations.AddField(
            model_name="mergedperson",
            name="other",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
        ),
        migrations.AddIndex(
            model_name="likeness",
            index=models.Index(
                condition=models.Q(("judged_at__isnull", True)),
                fields=["-score", "-found_at", "-id"],
                name="cases_likeness_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.UniqueConstraint(fields=("one", "other"), name="cases_likeness_once_per_pair"),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(("one__lt", models.F("other"))), name="cases_likeness_lower_key_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="likeness",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("judged_at__isnull", True), ("judged_by", "")),
                    models.Q(("judged_at__isnull", False), models.Q(("judged_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_likeness_judged_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="merge",
            index=models.Index(fields=["kept", "-merged_at"], name="cases_merge_of_kept"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undone_at__isnull", True), ("undone_by", "")),
                    models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                    _connector="OR",
                ),
                name="cases_merge_undone_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="mergedperson",
            constraint=models.UniqueConstraint(fields=("merge", "other"), name="cases_mergedperson_once_per_merge"),
        ),
        migrations.AddConstraint(
            model_name="mergedperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", models.F("other")), _negated=True), name="cases_mergedperson_of_two"
            ),
        ),
    ]
