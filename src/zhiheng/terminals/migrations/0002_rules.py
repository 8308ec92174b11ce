"""What the database itself keeps to: claims of one tenant are hidden from others, uploads are only added.

Two functions run with the owner's rights. ``terminals_claims`` is how the gateway finds the tenant of a serial
number: it returns the claims of exactly that one. ``terminals_purge`` deletes uploads of the tenant in force, of one
terminal, that are older than a limit, and never younger ones than 30 days.
"""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly, KeepRows

CLAIMS = """
ALTER TABLE terminals_terminalclaim ENABLE ROW LEVEL SECURITY;
ALTER TABLE terminals_terminalclaim FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON terminals_terminalclaim
    USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE FUNCTION terminals_claims(wanted text)
    RETURNS TABLE (tenant_id uuid, until timestamptz, key_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        SELECT claim.tenant_id, claim.until, claim.key_hash FROM terminals_terminalclaim claim
        JOIN tenancy_tenant tenant ON tenant.id = claim.tenant_id AND tenant.status <> 'suspended'
        WHERE claim.serial_number = wanted
    $$;
"""
NO_CLAIMS = """
DROP FUNCTION terminals_claims(text);
DROP POLICY tenant ON terminals_terminalclaim;
ALTER TABLE terminals_terminalclaim NO FORCE ROW LEVEL SECURITY;
ALTER TABLE terminals_terminalclaim DISABLE ROW LEVEL SECURITY;
"""
PURGE = """
CREATE FUNCTION terminals_purge(of_terminal uuid, before timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH gone AS (
            DELETE FROM terminals_terminalupload
            WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
              AND terminal_id = of_terminal AND received_at < least(before, now() - interval '30 days')
            RETURNING 1
        )
        SELECT count(*) FROM gone
    $$;
"""


class Migration(migrations.Migration):
    dependencies = [("terminals", "0001_initial")]

    operations = [
        migrations.RunSQL(CLAIMS, NO_CLAIMS),
        migrations.RunSQL(PURGE, "DROP FUNCTION terminals_purge(uuid, timestamptz)"),
        AppendOnly("TerminalUpload"),
        KeepRows("UnknownPunch"),
    ]
