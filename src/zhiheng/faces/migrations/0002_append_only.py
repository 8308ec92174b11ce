"""Consents and checks are facts: added and never changed."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("faces", "0001_initial")]

    operations = [
        AppendOnly("FaceConsent"),
        AppendOnly("FaceCheck"),
    ]
