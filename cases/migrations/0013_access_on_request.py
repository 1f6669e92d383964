"""Asking those who hold a record to let another site see it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import privacy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_likenesses_and_merges"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("is_here", "They are here with us"),
                            ("family_here", "Their family is here with us"),
                            ("health", "Urgent care"),
                            ("merged", "Their file was merged with one of ours"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", privacy.fields.EncryptedTextField(default="")),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("is_granted", models.BooleanField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="accessrequest",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="access_requests", to="cases.household"
            ),
        ),
        migrations.AddField(
            model_name="accessrequest",
            name="site",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.site"),
        ),
        migrations.AddIndex(
            model_name="accessrequest",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("is_granted", True)),
                fields=["site"],
                include=("household",),
                name="cases_accessrequest_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("decided_at__isnull", True), ("is_granted", True), _connector="OR"),
                ),
                fields=("household", "site"),
                name="cases_accessrequest_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("decided_by", ""), ("is_granted__isnull", True)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("is_granted__isnull", False),
                        models.Q(("decided_by", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cases_accessrequest_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("is_granted", True), _connector="OR"),
                name="cases_accessrequest_ends_if_granted",
            ),
        ),
    ]
