"""Checks of visits are added and never changed or deleted."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("worklog", "0001_initial")]
    operations = [AppendOnly("visitcheck")]
