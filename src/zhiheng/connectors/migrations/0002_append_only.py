"""Revisions of raw rows are never changed."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("connectors", "0001_initial")]

    operations = [AppendOnly("RawRevision")]
