"""Rows that are facts are added and never changed; the database takes the privilege away."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial")]

    operations = [
        AppendOnly("MetricVersion"),
        AppendOnly("Observation"),
    ]
