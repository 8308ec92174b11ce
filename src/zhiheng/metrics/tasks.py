"""Background work of metrics: kept values follow the records within a minute."""

from __future__ import annotations

from procrastinate.contrib.django import app

from zhiheng.metrics.services.live import refresh_live_values
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="* * * * *")
@app.task(
    name="zhiheng.metrics.refresh", queue="default", queueing_lock="zhiheng.metrics.refresh",
    lock="zhiheng.metrics.refresh",
)  # fmt: skip
def refresh_all(timestamp: int) -> int:
    """Refresh kept values in all tenants, a transaction each; return how many changed."""
    return for_each_tenant(lambda _tenant: refresh_live_values().values)
