"""Background work of connectors."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.connectors.services.syncs import TASK, queue_due_syncs, run_sync
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="* * * * *")
@app.task(name="zhiheng.connectors.due", queue="sync", queueing_lock="zhiheng.connectors.due")
def queue_due(timestamp: int) -> int:
    """Queue the syncs that are due, in all tenants; return how many."""
    return for_each_tenant(lambda _tenant: queue_due_syncs(timezone.now()))


@app.task(name=TASK, queue="sync")
def sync_task(tenant_id: str, sync_id: str) -> str:
    """Run a sync; its transactions are its own."""
    return run_sync(tenant_id=UUID(tenant_id), sync_id=UUID(sync_id))
