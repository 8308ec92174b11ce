"""Background work of connectors."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.connectors.services.mappings import (
    MAP_TASK,
    RETRY_TASK,
    apply_mapping,
    queue_waiting,
    retry_rows,
)
from zhiheng.connectors.services.syncs import TASK, queue_due_syncs, run_sync
from zhiheng.connectors.services.webhooks import deliver, due_webhooks
from zhiheng.tenancy.context import current_tenant_id
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


@app.periodic(cron="*/10 * * * *")
@app.task(name="zhiheng.connectors.map_waiting", queue="sync", queueing_lock="zhiheng.connectors.map_waiting")
def map_waiting(timestamp: int) -> int:
    """Queue the mappings that rows wait for, in all tenants, as after a crash; return how many."""
    return for_each_tenant(lambda _tenant: queue_waiting())


@app.task(name=MAP_TASK, queue="sync")
def map_task(tenant_id: str, mapping_id: str) -> int:
    """Bring the records of a mapping up to its rows; its transactions are its own."""
    return apply_mapping(tenant_id=UUID(tenant_id), mapping_id=UUID(mapping_id))


@app.task(name=RETRY_TASK, queue="sync")
def retry_task(tenant_id: str, mapping_id: str, value: str | None) -> int:
    """Map the waiting rows of a mapping again, those with a value or all."""
    return retry_rows(tenant_id=UUID(tenant_id), mapping_id=UUID(mapping_id), value=value)


@app.periodic(cron="* * * * *")
@app.task(name="zhiheng.connectors.webhooks", queue="sync", queueing_lock="zhiheng.connectors.webhooks")
def webhooks(timestamp: int) -> int:
    """Queue the webhooks whose turn it is, in all tenants; return how many."""
    return for_each_tenant(lambda _tenant: _queue_due())


def _queue_due() -> int:
    due, tenant_id = due_webhooks(), str(current_tenant_id())
    for webhook_id in due:
        task = deliver_task.configure(lock=f"webhook {webhook_id}")
        task.defer(tenant_id=tenant_id, webhook_id=str(webhook_id))
    return len(due)


@app.task(name="zhiheng.connectors.deliver", queue="sync")
def deliver_task(tenant_id: str, webhook_id: str) -> int:
    """Send what a webhook was not told yet; its transactions are its own."""
    return deliver(tenant_id=UUID(tenant_id), webhook_id=UUID(webhook_id))
