"""Who is out for a hearing is asked for with every figure of a shelter: few of all households ever."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One partial index."""

    dependencies = [
        ("cases", "0019_needs_of_a_place"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                condition=models.Q(("step__in", ["presented", "transported"])),
                fields=["step"],
                name="cases_household_at_court",
            ),
        ),
    ]
