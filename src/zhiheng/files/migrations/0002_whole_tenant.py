"""A file without a legal entity is the whole tenant's: let those confined to subsidiaries see it too."""

from django.db import migrations

from zhiheng.tenancy.backend.schema import LEGAL_ENTITY_POLICY

RULE = LEGAL_ENTITY_POLICY.format(column="legal_entity_id")
NULLABLE = f"legal_entity_id IS NULL OR {RULE}"
ALTER = "ALTER POLICY legal_entity ON files_storedfile USING ({rule}) WITH CHECK ({rule})"


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [migrations.RunSQL(ALTER.format(rule=NULLABLE), ALTER.format(rule=RULE))]
