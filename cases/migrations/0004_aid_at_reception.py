"""What a household was given at reception."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_how_the_notice_was_given"), ("places", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Aid",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("language", models.CharField(blank=True, max_length=3)),
                ("people", models.PositiveSmallIntegerField()),
                ("given_at", models.DateTimeField()),
                ("noted_by", models.CharField(max_length=80)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "verbose_name_plural": "aid",
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="aid",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="aid", to="cases.household"
            ),
        ),
        migrations.AddField(
            model_name="aid",
            name="site",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="aid", to="places.site"),
        ),
        migrations.AddIndex(
            model_name="aid",
            index=models.Index(fields=["site", "given_at"], name="cases_aid_site"),
        ),
        migrations.AddConstraint(
            model_name="aid",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1)), name="cases_aid_given_to_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="aid",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_back_at__isnull", True), ("taken_back_at__gte", models.F("given_at")), _connector="OR"
                ),
                name="cases_aid_taken_back_after_given",
            ),
        ),
    ]
