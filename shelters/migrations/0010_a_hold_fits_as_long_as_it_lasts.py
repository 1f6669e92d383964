"""A hold fits its unit from its beginning until it runs out, also where places are blocked or a capacity ends meanwhile.

The trigger counted at the beginning only: places were promised for hours at which works had begun. A hold that is renewed is judged by
what it adds: its earlier hours were promised before, by the capacity that was in force then.
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION shelters_fewest_places_left(of_unit bigint, since timestamptz, until timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT min(shelters_places_left(of_unit, NULL, moment)) FROM (
        SELECT since AS moment
        UNION SELECT valid_from FROM shelters_capacity
               WHERE unit_id = of_unit AND valid_from > since AND valid_from < until
        UNION SELECT begins_at FROM shelters_block
               WHERE unit_id = of_unit AND begins_at > since AND begins_at < until
    ) AS changes
$$;

CREATE FUNCTION shelters_hold_fits_while_it_lasts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz := NEW.begins_at;
BEGIN
    IF current_setting('transaction_isolation') = 'repeatable read' THEN
        RAISE EXCEPTION 'places are counted under READ COMMITTED or SERIALIZABLE: this snapshot may be stale';
    END IF;
    PERFORM 1 FROM shelters_unit WHERE id = NEW.unit_id FOR NO KEY UPDATE;
    IF TG_OP = 'UPDATE' AND OLD.released_at IS NULL
       AND (OLD.unit_id, OLD.places, OLD.begins_at) = (NEW.unit_id, NEW.places, NEW.begins_at) THEN
        since := OLD.expires_at;
    END IF;
    IF since >= NEW.expires_at THEN
        RETURN NULL;
    END IF;
    IF shelters_places_left(NEW.unit_id, NULL, since) IS NULL THEN
        RAISE EXCEPTION 'nobody has said how many places unit % has', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shelters_hold_capacity_is_known', TABLE = TG_TABLE_NAME;
    END IF;
    IF shelters_fewest_places_left(NEW.unit_id, since, NEW.expires_at) < 0 THEN
        RAISE EXCEPTION 'unit % is full', NEW.unit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shelters_hold_fits_its_unit', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER shelters_hold_fits_its_unit ON shelters_hold;
CREATE CONSTRAINT TRIGGER shelters_hold_fits_its_unit
    AFTER INSERT OR UPDATE OF unit_id, places, begins_at, expires_at, released_at ON shelters_hold
    FOR EACH ROW WHEN (NEW.released_at IS NULL)
    EXECUTE FUNCTION shelters_hold_fits_while_it_lasts();
"""

BACKWARDS = """
DROP TRIGGER shelters_hold_fits_its_unit ON shelters_hold;
CREATE CONSTRAINT TRIGGER shelters_hold_fits_its_unit
    AFTER INSERT OR UPDATE OF unit_id, places, begins_at, expires_at, released_at ON shelters_hold
    FOR EACH ROW WHEN (NEW.released_at IS NULL)
    EXECUTE FUNCTION shelters_fits_its_unit();
DROP FUNCTION shelters_hold_fits_while_it_lasts();
DROP FUNCTION shelters_fewest_places_left(bigint, timestamptz, timestamptz);
"""


class Migration(migrations.Migration):
    """Capacity and blocks are counted as long as the hold lasts."""

    dependencies = [("shelters", "0009_a_worker_applies_plans")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
