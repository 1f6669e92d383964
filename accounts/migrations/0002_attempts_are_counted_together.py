"""The table in which all web processes count attempts to sign in together (Django's database cache)."""

from django.db import migrations

FORWARDS = """
CREATE TABLE accounts_attempts (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_attempts_expires ON accounts_attempts (expires);
"""


class Migration(migrations.Migration):
    """A plain table: it is no model of ours."""

    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, "DROP TABLE accounts_attempts")]
