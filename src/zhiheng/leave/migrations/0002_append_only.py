"""The ledger is added to and never changed."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("leave", "0001_initial")]

    operations = [AppendOnly("LeaveEntry")]
