import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models


class Migration(migrations.Migration):
    """A list of free legal help that is given by a form sent twice is given once."""

    dependencies = [
        ("cases", "0024_who_waits_longest"),
        ("hearings", "0013_what_was_held_is_found_by_day"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="legallistgiven",
            name="uid",
            field=models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
