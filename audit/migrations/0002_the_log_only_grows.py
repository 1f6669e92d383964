"""What happened stays written: the database itself refuses to change or delete an event or a read.

Only `dispatched_at` may change, once. TRUNCATE stays possible for the owner of the tables (test databases are emptied that way).
"""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_event' THEN
        IF OLD.dispatched_at IS NULL AND (to_jsonb(NEW) - 'dispatched_at') = (to_jsonb(OLD) - 'dispatched_at') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% only grows: rows are neither changed nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_only_grows';
END $$;
CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER audit_read_only_grows BEFORE UPDATE OR DELETE ON audit_read
    FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
"""

BACKWARDS = """
DROP TRIGGER audit_event_only_grows ON audit_event;
DROP TRIGGER audit_read_only_grows ON audit_read;
DROP FUNCTION audit_only_grows();
"""


class Migration(migrations.Migration):
    """Append-only triggers on both logs."""

    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
