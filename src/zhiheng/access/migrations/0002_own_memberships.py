"""Let a user see their own memberships before a tenant is chosen; make the table of the cache."""

from django.db import migrations

OWN_MEMBERSHIPS = """
CREATE POLICY own_user ON access_membership FOR SELECT
USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid)
"""
# The table of Django's database cache. Sign-in limits are counted in it: all processes share one count, and no
# other server is needed.
CACHE = """
CREATE TABLE access_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX access_cache_expires ON access_cache (expires)
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        migrations.RunSQL(OWN_MEMBERSHIPS, "DROP POLICY own_user ON access_membership"),
        migrations.RunSQL(CACHE, "DROP TABLE access_cache"),
    ]
