"""How a household came to know the privacy notice, and before whom."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_what_a_file_owes")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="noted_by_name",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
        migrations.AddField(
            model_name="consent",
            name="notice_way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("aloud", "Read aloud to them"),
                    ("interpreter", "Through an interpreter"),
                    ("self", "They read it themselves"),
                ],
                db_default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness",
            field=models.CharField(blank=True, db_default="", max_length=80),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness_name",
            field=models.CharField(blank=True, db_default="", max_length=150),
        ),
    ]
