"""Punches and what people decided about them are facts: added and never changed."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [
        AppendOnly("Punch"),
        AppendOnly("PunchReview"),
    ]
