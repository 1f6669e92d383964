"""The one thing that may be written on a claim later is that it was retracted; what it says stays as it was said."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION hearings_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retracted_at IS NULL AND NEW.retracted_at IS NOT NULL
       AND to_jsonb(NEW) - 'retracted_at' = to_jsonb(OLD) - 'retracted_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a claim is added, never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hearings_claim_stays';
END
$$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION hearings_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a claim is added, never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hearings_claim_stays';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0009_postponements")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
