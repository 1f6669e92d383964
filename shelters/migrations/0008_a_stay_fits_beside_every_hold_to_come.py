"""An open stay has no end, so it must fit beside every hold that has not run out, also one that begins after it.

Two desks carry the moments of their own requests. The one that waited for the lock with the earlier moment did not count the hold that
the other had just made, and one place was given twice.
"""

from django.db import migrations

COUNT = """
CREATE OR REPLACE FUNCTION shelters_places_left(of_unit bigint, for_household bigint, moment timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT (SELECT places FROM shelters_capacity
             WHERE unit_id = of_unit AND valid_from <= moment ORDER BY valid_from DESC, id DESC LIMIT 1)
         - (SELECT count(*) FROM shelters_stay WHERE unit_id = of_unit AND ends_at IS NULL)
         - (SELECT coalesce(sum(places), 0) FROM shelters_hold
             WHERE unit_id = of_unit AND (household_id IS NULL OR household_id IS DISTINCT FROM for_household)
               AND released_at IS NULL AND {begun} expires_at > moment)
         - (SELECT coalesce(sum(places), 0) FROM shelters_block
             WHERE unit_id = of_unit AND begins_at <= moment AND (ends_at IS NULL OR ends_at > moment))
$$;
"""


class Migration(migrations.Migration):
    """What is promised from a later moment on counts too."""

    dependencies = [("shelters", "0007_plans_for_many")]

    operations = [migrations.RunSQL(COUNT.format(begun=""), COUNT.format(begun="begins_at <= moment AND"))]
