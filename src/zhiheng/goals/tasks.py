"""Background work of goals."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.goals.services.outlooks import refresh_outlooks
from zhiheng.tenancy.tenants import for_each_tenant


@app.periodic(cron="20 5 * * *")
@app.task(name="zhiheng.goals.outlooks", queue="default", queueing_lock="zhiheng.goals.outlooks")
def outlooks(timestamp: int) -> int:
    """Look ahead in all tenants, every morning."""
    return for_each_tenant(lambda _tenant: refresh_outlooks(timezone.localdate()))
