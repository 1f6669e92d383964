"""What one deed at reception wrote."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_isolation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("step", "Step marked"),
                            ("documents", "Document given"),
                            ("tests", "Test taken"),
                            ("results", "Result noted"),
                            ("isolation", "Isolation"),
                        ],
                        max_length=10,
                    ),
                ),
                ("people", models.PositiveSmallIntegerField()),
                ("done_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.CharField(max_length=80)),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "tests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "results",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                (
                    "stood_at",
                    models.CharField(
                        choices=[
                            ("announced", "Expected"),
                            ("received", "Received"),
                            ("documented", "Documented"),
                            ("tested", "Tested"),
                            ("isolated", "In isolation"),
                            ("placed", "Placed"),
                            ("summoned", "Summoned"),
                            ("transported", "On the way"),
                            ("presented", "Presented"),
                            ("relief", "Relief granted"),
                            ("removed", "Removal ordered"),
                            ("in_absentia", "Ordered removed in absentia"),
                            ("disenrolled", "Disenrolled"),
                            ("interview_pending", "Interview pending"),
                            ("no_show", "Did not appear"),
                            ("left", "Left"),
                            ("moved", "Moved to another city"),
                            ("voluntary_return", "Returned home"),
                            ("lost_contact", "Lost contact"),
                            ("deceased", "Deceased"),
                        ],
                        max_length=20,
                    ),
                ),
                ("stood_since", models.DateTimeField()),
                (
                    "stands_at",
                    models.CharField(
                        choices=[
                            ("announced", "Expected"),
                            ("received", "Received"),
                            ("documented", "Documented"),
                            ("tested", "Tested"),
                            ("isolated", "In isolation"),
                            ("placed", "Placed"),
                            ("summoned", "Summoned"),
                            ("transported", "On the way"),
                            ("presented", "Presented"),
                            ("relief", "Relief granted"),
                            ("removed", "Removal ordered"),
                            ("in_absentia", "Ordered removed in absentia"),
                            ("disenrolled", "Disenrolled"),
                            ("interview_pending", "Interview pending"),
                            ("no_show", "Did not appear"),
                            ("left", "Left"),
                            ("moved", "Moved to another city"),
                            ("voluntary_return", "Returned home"),
                            ("lost_contact", "Lost contact"),
                            ("deceased", "Deceased"),
                        ],
                        max_length=20,
                    ),
                ),
                ("stands_since", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="tap",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="taps", to="cases.household"
            ),
        ),
        migrations.AddField(
            model_name="tap",
            name="isolation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="cases.isolation"
            ),
        ),
        migrations.AddIndex(
            model_name="tap",
            index=models.Index(fields=["household", "-id"], name="cases_tap_newest_of_family"),
        ),
    ]
