"""What a household's file still lacks, and that somebody has no phone."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="household",
            name="owed",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("names", "Name"),
                        ("birth", "Age or birth date"),
                        ("sex", "Sex"),
                        ("nationality", "Nationality"),
                        ("a_number", "A-number"),
                        ("phone", "Phone"),
                        ("consent", "Consent"),
                        ("hearing", "Hearing"),
                    ],
                    max_length=12,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="phone_owner",
            field=models.CharField(
                blank=True,
                choices=[
                    ("own", "Own phone"),
                    ("shared", "Shared phone"),
                    ("other", "Somebody else's"),
                    ("none", "Has none"),
                ],
                max_length=6,
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                condition=models.Q(
                    models.Q(("owed", []), _negated=True),
                    models.Q(
                        (
                            "step__in",
                            [
                                "deceased",
                                "disenrolled",
                                "in_absentia",
                                "left",
                                "lost_contact",
                                "moved",
                                "relief",
                                "removed",
                                "voluntary_return",
                            ],
                        ),
                        _negated=True,
                    ),
                ),
                fields=["arrived_at", "id"],
                name="cases_household_incomplete",
            ),
        ),
    ]
