"""Replies are facts: added and never changed; the database takes the privilege away."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("goals", "0007_goal_reply")]

    operations = [
        AppendOnly("GoalReply"),
    ]
