"""Hearings noted before the court was a claim get one, in the words of whoever first stated their time."""

from django.db import migrations

FORWARD = """
INSERT INTO hearings_claim (hearing_id, fact, source, said_on, zone, court_id, location_id, recorded_at)
SELECT DISTINCT ON (hearing.id) hearing.id, 'court', claim.source, claim.said_on, '', hearing.court_id, hearing.location_id,
       claim.recorded_at
FROM hearings_hearing hearing JOIN hearings_claim claim ON claim.hearing_id = hearing.id AND claim.fact = 'court_time'
WHERE NOT EXISTS (SELECT FROM hearings_claim stated WHERE stated.hearing_id = hearing.id AND stated.fact = 'court')
ORDER BY hearing.id, claim.id;
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0007_facts_conflicts_and_zones")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
