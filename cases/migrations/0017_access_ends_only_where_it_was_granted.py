"""Access that was not granted has no end, also while nobody has answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_cards"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accessrequest",
            name="cases_accessrequest_ends_if_granted",
        ),
        migrations.AddConstraint(
            model_name="accessrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    models.Q(("is_granted", True), ("is_granted__isnull", False)),
                    _connector="OR",
                ),
                name="cases_accessrequest_ends_if_granted",
            ),
        ),
    ]
