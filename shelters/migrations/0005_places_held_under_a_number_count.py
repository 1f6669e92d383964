"""Places held for those who have no file yet count against everyone, also against another hold."""

from django.db import migrations

COUNT = """
CREATE OR REPLACE FUNCTION shelters_places_left(of_unit bigint, for_household bigint, moment timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT (SELECT places FROM shelters_capacity
             WHERE unit_id = of_unit AND valid_from <= moment ORDER BY valid_from DESC, id DESC LIMIT 1)
         - (SELECT count(*) FROM shelters_stay WHERE unit_id = of_unit AND ends_at IS NULL)
         - (SELECT coalesce(sum(places), 0) FROM shelters_hold
             WHERE unit_id = of_unit AND {others} AND released_at IS NULL
               AND begins_at <= moment AND expires_at > moment)
         - (SELECT coalesce(sum(places), 0) FROM shelters_block
             WHERE unit_id = of_unit AND begins_at <= moment AND (ends_at IS NULL OR ends_at > moment))
$$;
"""


class Migration(migrations.Migration):
    """NULL is not distinct from NULL: a hold without household would not have seen its like."""

    dependencies = [("shelters", "0004_transfers_and_holds_for_those_without_a_file")]

    operations = [
        migrations.RunSQL(
            COUNT.format(others="(household_id IS NULL OR household_id IS DISTINCT FROM for_household)"),
            COUNT.format(others="household_id IS DISTINCT FROM for_household"),
        )
    ]
