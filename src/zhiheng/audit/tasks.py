"""Periodic work of the audit log."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from zhiheng.audit.services.heads import append_heads

HEADS_FILE = "audit-heads.jsonl"


@app.periodic(cron="7 * * * *")
@app.task(name="zhiheng.audit.export_heads", queue="default", queueing_lock="zhiheng.audit.export_heads")
def export_heads(timestamp: int) -> int:
    """Write the signed heads of all tenants to a file beside the database, hourly."""
    return append_heads(settings.ENV.home / HEADS_FILE)
