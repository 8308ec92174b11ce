"""The application adds entries and never changes them; of a payload it can only erase the content."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly, KeepRows

# Restrictive: holds beside the tenant's policy. The owner, who runs migrations and restores, is not bound by it.
ERASE_ONLY = """
CREATE POLICY erase_only ON audit_auditpayload AS RESTRICTIVE FOR UPDATE
USING (true) WITH CHECK (content IS NULL AND salt IS NULL AND actor_name = '' AND erased_at IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        AppendOnly("AuditEntry"),
        KeepRows("AuditPayload"),
        KeepRows("AuditHead"),
        migrations.RunSQL(ERASE_ONLY, "DROP POLICY erase_only ON audit_auditpayload"),
    ]
