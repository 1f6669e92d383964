"""What a source said stays as it was said: a claim is never changed, only followed by another."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION hearings_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a claim is added, never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hearings_claim_stays';
END
$$;
CREATE TRIGGER hearings_claim_stays BEFORE UPDATE ON hearings_claim FOR EACH ROW EXECUTE FUNCTION hearings_claim_stays();
"""

BACKWARD = """
DROP TRIGGER hearings_claim_stays ON hearings_claim;
DROP FUNCTION hearings_claim_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
