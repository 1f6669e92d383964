"""The first date that contends is kept beside what differs, and what was cancelled is found by day.

Papers speak before hearsay from now on: what rests on a lawyer's or a family's word, or is in conflict, is marked as not worked out
yet. The next recheck (when reference data is loaded, and by the beat) works each out by the rule of today, as a change of its own.
"""

from django.db import migrations, models

WEIGH_ANEW = """
UPDATE hearings_hearing hearing SET zone_data = ''
WHERE status = 'scheduled' AND (conflicts <> '{}' OR EXISTS (
    SELECT FROM hearings_claim claim WHERE claim.hearing_id = hearing.id AND claim.source IN ('lawyer', 'returnee')
));
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0014_lists_are_given_once")]

    operations = [
        migrations.AddField(
            model_name="hearing",
            name="contended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="hearing",
            index=models.Index(
                condition=models.Q(("status", "cancelled")),
                fields=["present_at", "id"],
                name="hearings_cancelled_by_day",
            ),
        ),
        migrations.RunSQL(WEIGH_ANEW, migrations.RunSQL.noop),
    ]
