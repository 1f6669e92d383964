"""A plan can be about one room that closes, not only about a whole shelter."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0012_gates_opened_at_night"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="shelters.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit__isnull", True), ("origin", "closing"), _connector="OR"),
                name="shelters_plan_only_closing_names_a_room",
            ),
        ),
    ]
