import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hearings", "0002_claims_are_only_added"),
    ]

    operations = [
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.PositiveIntegerField()),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "By phone"),
                            ("person", "In person"),
                            ("paper", "On paper"),
                            ("roster", "At the desk of the shelter"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "result",
                    models.CharField(choices=[("told", "Told"), ("not_found", "Could not be found")], max_length=10),
                ),
                ("told_at", models.DateTimeField()),
                ("noted_by", models.CharField(max_length=80)),
                ("noted_by_name", models.CharField(max_length=150)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_by", models.CharField(blank=True, default="", max_length=80)),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tellings", to="hearings.hearing"
                    ),
                ),
            ],
            options={
                "ordering": ["told_at", "pk"],
                "indexes": [models.Index(fields=["hearing", "version"], name="hearings_telling_of_version")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "not_found"), ("way", "")),
                            models.Q(("result", "told"), models.Q(("way", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="hearings_telling_told_some_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_back_at__isnull", True), ("taken_back_by", "")),
                            models.Q(
                                ("taken_back_at__gte", models.F("told_at")),
                                models.Q(("taken_back_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hearings_telling_taken_back_by_someone",
                    ),
                ],
            },
        ),
    ]
