"""What somebody did to a request is a fact: added and never changed."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial")]

    operations = [
        AppendOnly("ApprovalDecision"),
    ]
