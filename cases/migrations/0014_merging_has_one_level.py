"""The judge of merges: a pointer leads to a file that stands, never to one that was merged itself. PostgreSQL core only."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION cases_merged_into_one_that_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_chain boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM %I WHERE id = $1 AND merged_into_id IS NOT NULL)'
        ' OR EXISTS (SELECT FROM %I WHERE merged_into_id = $2)', TG_TABLE_NAME, TG_TABLE_NAME
    ) INTO is_chain USING NEW.merged_into_id, NEW.id;
    IF is_chain THEN
        RAISE EXCEPTION 'row % of % would be merged at second hand', NEW.id, TG_TABLE_NAME
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_merged_into_one_that_stands',
                  TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER cases_person_merged_into_one_that_stands
    AFTER INSERT OR UPDATE OF merged_into_id ON cases_person
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION cases_merged_into_one_that_stands();
CREATE CONSTRAINT TRIGGER cases_household_merged_into_one_that_stands
    AFTER INSERT OR UPDATE OF merged_into_id ON cases_household
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION cases_merged_into_one_that_stands();
"""

BACKWARDS = """
DROP TRIGGER cases_household_merged_into_one_that_stands ON cases_household;
DROP TRIGGER cases_person_merged_into_one_that_stands ON cases_person;
DROP FUNCTION cases_merged_into_one_that_stands();
"""


class Migration(migrations.Migration):
    """Constraint triggers on people and households."""

    dependencies = [("cases", "0013_access_on_request")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
