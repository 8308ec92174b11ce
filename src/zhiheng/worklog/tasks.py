"""Periodic work of the work log."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone
from procrastinate.contrib.django import app

from zhiheng.tenancy.models import Tenant
from zhiheng.tenancy.tenants import for_each_tenant
from zhiheng.worklog.services.work_time import refresh_range

HOURLY_DAYS = 3
NIGHTLY_DAYS = 40


@app.periodic(cron="27 * * * *")
@app.task(
    name="zhiheng.worklog.refresh_recent", queue="default", queueing_lock="zhiheng.worklog.refresh_recent"
)
def refresh_recent(timestamp: int) -> int:
    """Take over what attendance has settled of the last days in all tenants; returns how many days changed."""
    return _refresh(timestamp, HOURLY_DAYS)


@app.periodic(cron="51 3 * * *")
@app.task(
    name="zhiheng.worklog.refresh_month", queue="default", queueing_lock="zhiheng.worklog.refresh_month"
)
def refresh_month(timestamp: int) -> int:
    """Take over what was corrected further back, nightly."""
    return _refresh(timestamp, NIGHTLY_DAYS)


def _refresh(timestamp: int, days: int) -> int:
    now = dt.datetime.fromtimestamp(timestamp, dt.UTC) if timestamp else timezone.now()

    def work(tenant: Tenant) -> int:
        today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
        return refresh_range(today - dt.timedelta(days=days), today)

    return for_each_tenant(work)
