"""Whoever asked reads that the other shelter closes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One reason more for which a transfer is declined."""

    dependencies = [("shelters", "0010_a_hold_fits_as_long_as_it_lasts")]

    operations = [
        migrations.AlterField(
            model_name="transfer",
            name="decline_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("full", "No places after all"),
                    ("rules", "The rules of the house do not allow it"),
                    ("staff", "Not enough staff"),
                    ("gate", "They would arrive after the gate closes"),
                    ("closing", "The shelter closes"),
                    ("other", "Another reason, told by phone"),
                ],
                max_length=8,
            ),
        ),
    ]
