"""The floor's questions, in SQL by hand: the facts that the pages show, in as few queries as they need."""

_VISIBLE = "(household.site_id = ANY(%s) OR household.guest_site_id = ANY(%s))"
_HOUSEHOLD_COLUMNS = """
    SELECT household.id, household.uid, household.prefix, household.step, household.step_at, household.arrived_at,
           household.language, site.name, city.zone
    FROM cases_household household
    JOIN places_site site ON site.id = household.site_id
    JOIN places_city city ON city.id = site.city_id
"""
HOUSEHOLDS = f"""{_HOUSEHOLD_COLUMNS} WHERE {_VISIBLE}
    ORDER BY household.arrived_at DESC, household.id DESC LIMIT 51
"""
HOUSEHOLDS_AFTER = f"""{_HOUSEHOLD_COLUMNS} WHERE {_VISIBLE} AND household.arrived_at < %s
    ORDER BY household.arrived_at DESC, household.id DESC LIMIT 51
"""
HOUSEHOLD = f"{_HOUSEHOLD_COLUMNS} WHERE household.uid = %s AND {_VISIBLE}"

PEOPLE_OF_HOUSEHOLDS = """
    SELECT person.id, person.household_id, person.given_names, person.surnames, person.birth_date, person.phone, person.a_number,
           person.relation, person.sex, person.nationality,
           ARRAY(SELECT row(kind, issued_on, valid_until) FROM cases_document
                 WHERE person_id = person.id ORDER BY issued_on DESC, id DESC),
           ARRAY(SELECT row(id, kind, taken_at, result) FROM cases_covidtest
                 WHERE person_id = person.id ORDER BY taken_at DESC, id DESC),
           ARRAY(SELECT row(stay.unit_id, unit.name, shelter.id, shelter.name, shelter.uid, city.name, city.zone,
                            stay.begins_at, stay.ends_at)
                 FROM shelters_stay stay
                 JOIN shelters_unit unit ON unit.id = stay.unit_id
                 JOIN shelters_shelter shelter ON shelter.id = unit.shelter_id
                 JOIN places_site site ON site.id = shelter.site_id
                 JOIN places_city city ON city.id = site.city_id
                 WHERE stay.person_id = person.id ORDER BY stay.begins_at DESC, stay.id DESC)
    FROM cases_person person WHERE person.household_id = ANY(%s)
    ORDER BY person.household_id, person.position, person.id
"""

HEARINGS_OF_HOUSEHOLDS = """
    SELECT DISTINCT ON (hearing.household_id) hearing.*, court.name, crossing.name,
           ARRAY(SELECT row(claim.*) FROM hearings_claim claim WHERE claim.hearing_id = hearing.id)
    FROM hearings_hearing hearing
    JOIN places_court court ON court.id = hearing.court_id
    LEFT JOIN places_crossing crossing ON crossing.id = hearing.report_crossing_id
    WHERE hearing.household_id = ANY(%s) AND hearing.status = 'scheduled' AND hearing.present_at >= %s
    ORDER BY hearing.household_id, hearing.present_at, hearing.id
"""
HOUSEHOLD_EVENTS = "SELECT * FROM audit_event WHERE household = %s ORDER BY occurred_at DESC LIMIT 100"
HOUSEHOLD_MESSAGES = (
    "SELECT id, rung, due_at, status, sent_at FROM messaging_message WHERE subject = %s ORDER BY due_at"
)

CANDIDATES = """
    WITH asked(value, weight) AS (SELECT * FROM unnest(%s::bigint[], %s::real[]))
    SELECT token.person_id, sum(asked.weight)
    FROM asked JOIN cases_searchtoken token USING (value)
    GROUP BY token.person_id ORDER BY 2 DESC, 1 DESC LIMIT %s
"""
NAMES = f"""
    SELECT person.id, person.given_names, person.surnames
    FROM unnest(%s::bigint[]) WITH ORDINALITY asked(id, place)
    JOIN cases_person person USING (id)
    JOIN cases_household household ON household.id = person.household_id
    WHERE {_VISIBLE} ORDER BY asked.place LIMIT %s
"""  # nosec B608
WHO_OF_PEOPLE = """
    SELECT person.id, household.uid, household.prefix, household.step, site.name, person.sex, person.nationality
    FROM cases_person person
    JOIN cases_household household ON household.id = person.household_id
    JOIN places_site site ON site.id = household.site_id
    WHERE person.id = ANY(%s)
"""

SHELTERS = """
    SELECT shelter.id, shelter.uid, shelter.name, shelter.operator, shelter.counted_at, site.name, city.name,
           unit.id, unit.name, unit.kind,
           (SELECT places FROM shelters_capacity
            WHERE unit_id = unit.id AND valid_from <= %s ORDER BY valid_from DESC, id DESC LIMIT 1),
           (SELECT count(*) FROM shelters_stay WHERE unit_id = unit.id AND ends_at IS NULL),
           (SELECT coalesce(sum(places), 0) FROM shelters_hold
            WHERE unit_id = unit.id AND released_at IS NULL AND begins_at <= %s AND expires_at > %s),
           (SELECT coalesce(sum(places), 0) FROM shelters_block
            WHERE unit_id = unit.id AND begins_at <= %s AND (ends_at IS NULL OR ends_at > %s))
    FROM shelters_shelter shelter
    JOIN places_site site ON site.id = shelter.site_id
    JOIN places_city city ON city.id = site.city_id
    JOIN shelters_unit unit ON unit.shelter_id = shelter.id
    WHERE (shelter.closed_at IS NULL OR shelter.closed_at > %s) AND site.id = ANY(%s)
    ORDER BY site.parent_id, shelter.name, unit.id
"""

RACE_LOCK = "SELECT id FROM shelters_unit WHERE id = %s FOR NO KEY UPDATE"
RACE_LEFT = """
    SELECT (SELECT places FROM shelters_capacity WHERE unit_id = %s ORDER BY valid_from DESC LIMIT 1)
         - (SELECT count(*) FROM shelters_stay WHERE unit_id = %s AND ends_at IS NULL)
"""
RACE_INSERT = """
    INSERT INTO shelters_stay (uid, person_id, household_id, unit_id, begins_at, leaving_reason, over_capacity_reason,
                               over_capacity_by)
    SELECT gen_random_uuid(), id, household_id, %s, %s, '', '', '' FROM cases_person WHERE household_id = %s
"""
RACE_CLEAR = "UPDATE shelters_stay SET ends_at = %s, leaving_reason = 'mistake' WHERE unit_id = %s AND ends_at IS NULL"

# Households that sleep there; people and beds that stand there twice; whether more sleep there than it has places, without a reason.
DOORS_JUDGE = """
    SELECT count(DISTINCT stay.household_id),
           count(stay.id) - count(DISTINCT stay.person_id) + count(stay.bed_id) - count(DISTINCT stay.bed_id),
           count(*) FILTER (WHERE stay.over_capacity_reason = '')
               > (SELECT places FROM shelters_capacity WHERE unit_id = unit.id ORDER BY valid_from DESC LIMIT 1)
    FROM shelters_unit unit LEFT JOIN shelters_stay stay ON stay.unit_id = unit.id AND stay.ends_at IS NULL
    WHERE unit.id = %s GROUP BY unit.id
"""
DOORS_CLEAR = """
    UPDATE shelters_stay SET ends_at = clock_timestamp(), leaving_reason = 'mistake' WHERE unit_id = %s AND ends_at IS NULL
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
