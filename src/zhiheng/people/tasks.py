"""Periodic work of people."""

from __future__ import annotations

from procrastinate.contrib.django import app

from zhiheng.people.services.snapshots import refresh_person_snapshots
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="3 * * * *")  # hourly, since midnight comes at another hour in each time zone
@app.task(
    name="zhiheng.people.refresh_snapshots", queue="default", queueing_lock="zhiheng.people.refresh_snapshots"
)
def refresh_snapshots(timestamp: int) -> int:
    """Let transfers, hires and leaves take effect on their day, in all tenants; returns how many changed."""
    return for_each_tenant(lambda tenant: refresh_person_snapshots(tenant_id=tenant.id))
