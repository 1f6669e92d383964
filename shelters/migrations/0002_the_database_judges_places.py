"""The last judge of places (docs/adr, "The database is the judge of places"): PostgreSQL core only, no clock of its own.

- A bed stands in the unit of the stay that names it.
- An open stay fits into its unit: capacity in force, less open stays, standing holds of others and blocks, or it names a reason.
- A hold fits too.

Both triggers lock the unit's row before they count, so that two desks count one after the other.
"""

from django.db import migrations

FORWARDS = """
ALTER TABLE shelters_bed ADD CONSTRAINT shelters_bed_in_its_unit UNIQUE (id, unit_id);
ALTER TABLE shelters_stay ADD CONSTRAINT shelters_stay_bed_is_in_its_unit
    FOREIGN KEY (bed_id, unit_id) REFERENCES shelters_bed (id, unit_id);

CREATE FUNCTION shelters_places_left(of_unit bigint, for_household bigint, moment timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT (SELECT places FROM shelters_capacity
             WHERE unit_id = of_unit AND valid_from <= moment ORDER BY valid_from DESC, id DESC LIMIT 1)
         - (SELECT count(*) FROM shelters_stay WHERE unit_id = of_unit AND ends_at IS NULL)
         - (SELECT coalesce(sum(places), 0) FROM shelters_hold
             WHERE unit_id = of_unit AND household_id IS DISTINCT FROM for_household AND released_at IS NULL
               AND begins_at <= moment AND expires_at > moment)
         - (SELECT coalesce(sum(places), 0) FROM shelters_block
             WHERE unit_id = of_unit AND begins_at <= moment AND (ends_at IS NULL OR ends_at > moment))
$$;

CREATE FUNCTION shelters_fits_its_unit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    places_left bigint;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'places are counted under READ COMMITTED or SERIALIZABLE: this snapshot may be stale';
    END IF;
    PERFORM 1 FROM shelters_unit WHERE id = NEW.unit_id FOR NO KEY UPDATE;
    places_left := shelters_places_left(
        NEW.unit_id, CASE TG_TABLE_NAME WHEN 'shelters_stay' THEN NEW.household_id END, NEW.begins_at
    );
    IF places_left IS NULL THEN
        RAISE EXCEPTION 'nobody has said how many places unit % has', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_capacity_is_known', TABLE = TG_TABLE_NAME;
    END IF;
    IF places_left < 0 THEN
        RAISE EXCEPTION 'unit % is full', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_fits_its_unit', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shelters_stay_fits_its_unit
    AFTER INSERT OR UPDATE OF unit_id, household_id, ends_at, over_capacity_reason ON shelters_stay
    FOR EACH ROW WHEN (NEW.ends_at IS NULL AND NEW.over_capacity_reason = '')
    EXECUTE FUNCTION shelters_fits_its_unit();
CREATE CONSTRAINT TRIGGER shelters_hold_fits_its_unit
    AFTER INSERT OR UPDATE OF unit_id, places, begins_at, expires_at, released_at ON shelters_hold
    FOR EACH ROW WHEN (NEW.released_at IS NULL)
    EXECUTE FUNCTION shelters_fits_its_unit();
"""

BACKWARDS = """
DROP TRIGGER shelters_hold_fits_its_unit ON shelters_hold;
DROP TRIGGER shelters_stay_fits_its_unit ON shelters_stay;
DROP FUNCTION shelters_fits_its_unit();
DROP FUNCTION shelters_places_left(bigint, bigint, timestamptz);
ALTER TABLE shelters_stay DROP CONSTRAINT shelters_stay_bed_is_in_its_unit;
ALTER TABLE shelters_bed DROP CONSTRAINT shelters_bed_in_its_unit;
"""


class Migration(migrations.Migration):
    """Constraint triggers on stays and holds, and the bed in its unit."""

    dependencies = [("shelters", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
