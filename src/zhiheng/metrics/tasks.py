"""Background work of metrics: kept values follow the records within a minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from zhiheng.metrics.services.live import refresh_live_values
from zhiheng.tenancy.context import tenant_context
from zhiheng.tenancy.models import Tenant


@app.periodic(cron="* * * * *")
@app.task(
    name="zhiheng.metrics.refresh", queue="default", queueing_lock="zhiheng.metrics.refresh",
    lock="zhiheng.metrics.refresh",
)  # fmt: skip
def refresh_all(timestamp: int) -> int:
    """Refresh kept values in all tenants, a transaction each; return how many changed."""
    changed = 0
    for tenant_id in Tenant.objects.values_list("id", flat=True):
        with tenant_context(tenant_id):
            changed += refresh_live_values().values
    return changed
